#pragma once
// Protection of the pages' forms against requests forged by other sites: the browser's own
// statement of where the request comes from (Sec-Fetch-Site, Origin), and a token in each form that
// only a page rendered for this very session can hold.

#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/net/message.hpp"

namespace preau::gateway {

class FormGuard {
public:
    /// `key`: secret of this installation, the same for every replica. `public_url`:
    /// PREAU_PUBLIC_URL or empty.
    FormGuard(std::string key, std::string public_url);

    /// A value for the hidden field `csrf` of a form shown to the browser that holds `secret` (its
    /// session cookie, or its visitor cookie before sign-in). It differs at each call, so that
    /// compressing a page that also repeats what a visitor typed tells nothing about it (BREACH).
    std::string token(std::string_view secret) const;

    /// `csrf` unless the request comes from a page of this site and `field` is the token of
    /// `secret`. An empty secret never passes.
    base::Result<void> check(const net::Request& request, std::string_view field,
                             std::string_view secret) const;

private:
    std::string sealed(const std::string& nonce, std::string_view secret) const;
    bool same_origin(const net::Request& request) const;

    std::string key_;
    std::string origin_;  // "https://reservations.example.fr", or empty
};

/// "scheme://authority" of an absolute URL, without path.
std::string origin_of(std::string_view url);

}  // namespace preau::gateway
