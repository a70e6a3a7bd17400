#pragma once
// What every answer of the gateway carries: security headers, caching, validators and compression.

#include <string>
#include <utility>
#include <vector>

#include "shared/net/message.hpp"

namespace preau::gateway {

enum class Caching {
    immutable,   // the address holds a hash of the content
    shared,      // the same for everyone, rarely changed: a minute
    revalidate,  // asked again each time, cheap when unchanged (ETag)
    none,        // personal: never stored
};

/// Headers that every answer carries, in their order.
using HeaderList = std::vector<std::pair<std::string, std::string>>;

class Finisher {
public:
    /// `https`: adds Strict-Transport-Security. `checkout_origins`: where a form of ours may lead,
    /// besides to us: browsers hold the redirection after a form to `form-action` too.
    explicit Finisher(bool https, const std::vector<std::string>& checkout_origins = {});

    const HeaderList& security_headers() const { return security_headers_; }

    /// Adds the headers for `caching` (200 answers to GET; everything else is `none`), turns a
    /// matching If-None-Match into 304, and compresses text for those who accept it.
    void finish(const net::Request& request, net::Response& response, Caching caching) const;

    /// Once: an answer that has them is left alone.
    void add_security_headers(net::Response& response) const;

private:
    HeaderList security_headers_;
};

/// Whether the client is a browser that shows a page: Accept names text/html.
bool wants_html(const net::Request& request);

}  // namespace preau::gateway
