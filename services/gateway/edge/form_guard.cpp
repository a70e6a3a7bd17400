#include "services/gateway/edge/form_guard.hpp"

#include <algorithm>
#include <utility>

#include "shared/security/digest.hpp"

namespace preau::gateway {

namespace {

constexpr std::size_t kNonceBytes = 12;

}  // namespace

std::string origin_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    return std::string(url.substr(0, url.find_first_of("/?#", scheme + 3)));
}

FormGuard::FormGuard(std::string key, std::string public_url)
    : key_(std::move(key)), origin_(origin_of(public_url)) {}

std::string FormGuard::token(std::string_view secret) const {
    return sealed(security::random_token(kNonceBytes), secret);
}

std::string FormGuard::sealed(const std::string& nonce, std::string_view secret) const {
    const auto seal = "form:" + nonce + ":" + std::string(secret);
    return nonce + "." + security::hmac_sha256_hex(key_, seal);
}

bool FormGuard::same_origin(const net::Request& request) const {
    if (const auto site = request.headers.find("sec-fetch-site")) {
        // "none": the person typed the address or reloaded; no other site is involved.
        if (*site != "same-origin" && *site != "none") return false;
    }
    const auto origin = request.headers.find("origin");
    if (!origin) return true;  // old browsers and programs; the token decides
    if (!origin_.empty() && *origin == origin_) return true;
    const auto scheme = origin->find("://");
    if (scheme == std::string_view::npos) return false;  // "null": a sandboxed page
    // The server accepts only hosts of its allow-list, so the Host header can be trusted here.
    return origin->substr(scheme + 3) == request.headers.get("host", "?");
}

base::Result<void> FormGuard::check(const net::Request& request, std::string_view field,
                                    std::string_view secret) const {
    if (!same_origin(request)) return base::fail("csrf", "the form was sent from another site");
    const std::string nonce(field.substr(0, std::min(field.find('.'), field.size())));
    if (secret.empty() || !security::equal_constant_time(field, sealed(nonce, secret))) {
        return base::fail("csrf", "the form's token does not fit the session");
    }
    return {};
}

}  // namespace preau::gateway
