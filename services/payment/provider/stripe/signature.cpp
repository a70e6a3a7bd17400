#include "services/payment/provider/stripe/signature.hpp"

#include <charconv>

#include "shared/security/digest.hpp"

namespace preau::payment::stripe {

namespace {
constexpr std::size_t kHeaderMax = 2'000;
constexpr std::size_t kSignaturesMax = 10;
}  // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::good:
            return "good";
        case Verdict::malformed:
            return "malformed";
        case Verdict::wrong:
            return "wrong";
        case Verdict::too_old:
            return "too_old";
        case Verdict::in_the_future:
            return "in_the_future";
    }
    return "wrong";
}

Verdict verify(std::string_view header, std::string_view body,
               const std::vector<std::string>& secrets, std::int64_t machine_now_s) {
    if (header.empty() || header.size() > kHeaderMax) return Verdict::malformed;
    std::string_view t;
    std::vector<std::string_view> signatures;
    while (!header.empty()) {
        const auto part = header.substr(0, header.find(','));
        header.remove_prefix(std::min(header.size(), part.size() + 1));
        if (part.starts_with("t=")) t = part.substr(2);
        if (part.starts_with("v1=") && signatures.size() < kSignaturesMax) {
            signatures.push_back(part.substr(3));
        }
    }
    std::int64_t at = 0;
    const auto [end, fault] = std::from_chars(t.data(), t.data() + t.size(), at);
    if (t.empty() || fault != std::errc{} || end != t.data() + t.size() || signatures.empty()) {
        return Verdict::malformed;
    }
    const std::string signed_text = std::string(t) + "." + std::string(body);
    bool good = false;
    for (const auto& secret : secrets) {
        const auto expected = security::hmac_sha256_hex(secret, signed_text);
        for (const auto signature : signatures)
            good = security::equal_constant_time(expected, signature) || good;
    }
    if (!good) return Verdict::wrong;
    if (machine_now_s - at > signature_tolerance_s) return Verdict::too_old;
    if (at - machine_now_s > signature_tolerance_s) return Verdict::in_the_future;
    return Verdict::good;
}

}  // namespace preau::payment::stripe
