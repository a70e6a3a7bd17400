#pragma once
// Cookies. On https every cookie has the __Host- prefix, so that no other host of the domain can
// set it; plain http on loopback cannot use that prefix and takes another name.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace preau::gateway {

struct CookieNames {
    std::string session;   // the opaque session of a signed-in browser
    std::string visitor;   // a random value that anonymous forms (sign-in) are bound to
    std::string language;  // "fr" or "en"
    bool secure = false;
};

/// `public_url` is PREAU_PUBLIC_URL; https gives secure names and attributes.
CookieNames cookie_names(std::string_view public_url);

/// The value of `name` in a Cookie header; nothing when it is absent, or there twice with different
/// values (somebody plays with it), or holds other characters than tokens have.
std::optional<std::string> cookie_value(std::string_view header, std::string_view name);

/// A Set-Cookie value: HttpOnly, SameSite=Lax, Path=/, Secure on https. `max_age_s` absent: until
/// the browser closes; 0 deletes.
std::string set_cookie(const CookieNames& names, std::string_view name, std::string_view value,
                       std::optional<std::int64_t> max_age_s = std::nullopt);

}  // namespace preau::gateway
