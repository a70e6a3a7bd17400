#include "services/gateway/edge/language.hpp"

#include <algorithm>
#include <charconv>

namespace preau::gateway {

namespace {

/// The q of "en-GB;q=0.8" in thousandths; 1,000 when absent, 0 when unreadable.
int quality(std::string_view range) {
    const auto at = range.find("q=");
    if (at == std::string_view::npos) return 1'000;
    const auto text = range.substr(at + 2);
    int whole = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error != std::errc{}) return 0;
    int thousandths = whole * 1'000;
    const auto used = static_cast<std::size_t>(rest - text.data());
    if (used < text.size() && text[used] == '.') {
        int weight = 100;
        for (const char c : text.substr(used + 1, 3)) {
            if (c < '0' || c > '9') break;
            thousandths += (c - '0') * weight;
            weight /= 10;
        }
    }
    return std::min(thousandths, 1'000);
}

}  // namespace

Language choose_language(std::string_view cookie, std::string_view accept_language) {
    if (cookie == "fr") return Language::fr;
    if (cookie == "en") return Language::en;
    int french = 0;
    int english = 0;
    while (!accept_language.empty()) {
        const auto end = std::min(accept_language.find(','), accept_language.size());
        auto range = accept_language.substr(0, end);
        accept_language.remove_prefix(std::min(end + 1, accept_language.size()));
        while (!range.empty() && range.front() == ' ')
            range.remove_prefix(1);
        if (range.starts_with("fr")) french = std::max(french, quality(range));
        if (range.starts_with("en")) english = std::max(english, quality(range));
    }
    return english > french ? Language::en : Language::fr;
}

}  // namespace preau::gateway
