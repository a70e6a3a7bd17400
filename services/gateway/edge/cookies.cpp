#include "services/gateway/edge/cookies.hpp"

#include <algorithm>

namespace preau::gateway {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool token_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

}  // namespace

CookieNames cookie_names(std::string_view public_url) {
    if (public_url.starts_with("https://")) {
        return {"__Host-preau", "__Host-preau-visiteur", "__Host-langue", true};
    }
    return {"preau_session", "preau_visiteur", "langue", false};
}

std::optional<std::string> cookie_value(std::string_view header, std::string_view name) {
    std::optional<std::string> found;
    while (!header.empty()) {
        const auto end = std::min(header.find(';'), header.size());
        const auto pair = trimmed(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != name) continue;
        const auto value = trimmed(pair.substr(equals + 1));
        if (found && *found != value) return std::nullopt;
        found = std::string(value);
    }
    if (!found || found->empty() || found->size() > 512) return std::nullopt;
    if (!std::all_of(found->begin(), found->end(), token_character)) return std::nullopt;
    return found;
}

std::string set_cookie(const CookieNames& names, std::string_view name, std::string_view value,
                       std::optional<std::int64_t> max_age_s) {
    std::string out(name);
    out += '=';
    out += value;
    out += "; Path=/; HttpOnly; SameSite=Lax";
    if (names.secure) out += "; Secure";
    if (max_age_s) out += "; Max-Age=" + std::to_string(std::max<std::int64_t>(0, *max_age_s));
    return out;
}

}  // namespace preau::gateway
