#include "services/payment/reconciliation/references.hpp"

#include <algorithm>
#include <cstddef>

#include "shared/text/reference.hpp"

namespace preau::payment::reconciliation {

namespace {

constexpr std::size_t kPayloadMin = 4;  // letters of a reference between prefix and check letter
constexpr std::size_t kPayloadMax = 8;

/// At most one letter changed, missing or added, or two neighbours swapped.
bool one_off(std::string_view a, std::string_view b) {
    const auto common = std::ranges::mismatch(a, b);
    const auto from = static_cast<std::size_t>(common.in1 - a.begin());
    const auto rest_a = a.substr(from);
    const auto rest_b = b.substr(from);
    if (rest_a.empty() || rest_b.empty()) return rest_a.size() + rest_b.size() == 1;
    if (rest_a.size() == rest_b.size()) {
        if (rest_a.substr(1) == rest_b.substr(1)) return true;
        return rest_a.size() >= 2 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] &&
               rest_a.substr(2) == rest_b.substr(2);
    }
    if (rest_a.size() == rest_b.size() + 1) return rest_a.substr(1) == rest_b;
    return rest_a.size() + 1 == rest_b.size() && rest_a == rest_b.substr(1);
}

}  // namespace

std::string bare(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
    }
    return out;
}

std::string plain(std::string_view text) {
    auto out = bare(text);
    for (auto& c : out) {
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
    }
    return out;
}

bool nearly_names(std::string_view text, std::string_view reference) {
    // With one letter wrong, one of its halves is right: only where that stands it is worth
    // looking.
    const auto half = reference.size() / 2;
    if (text.find(reference.substr(0, half)) == text.npos &&
        text.find(reference.substr(half)) == text.npos) {
        return false;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (auto size = reference.size() - 1; size <= reference.size() + 1; ++size) {
            if (at + size > text.size()) break;
            if (one_off(text.substr(at, size), reference)) return true;
        }
    }
    return false;
}

bool looks_like_reference(std::string_view text) {
    for (auto at = text.find(text::payment_prefix); at != text.npos;
         at = text.find(text::payment_prefix, at + 1)) {
        for (auto payload = kPayloadMin; payload <= kPayloadMax; ++payload) {
            const auto size = text::payment_prefix.size() + payload + 1;
            if (at + size > text.size()) break;
            if (text::read_reference(text::payment_prefix, text.substr(at, size))) return true;
        }
    }
    return false;
}

}  // namespace preau::payment::reconciliation
