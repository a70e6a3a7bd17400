#pragma once
// What every answer of the gateway carries: security headers, caching, validators and compression.

#include <string>

#include "shared/net/message.hpp"

namespace preau::gateway {

enum class Caching {
    immutable,   // the address holds a hash of the content
    shared,      // the same for everyone, rarely changed: a minute
    revalidate,  // asked again each time, cheap when unchanged (ETag)
    none,        // personal: never stored
};

class Finisher {
public:
    /// `https`: adds Strict-Transport-Security.
    explicit Finisher(bool https) : https_(https) {}

    /// Adds the headers for `caching` (200 answers to GET; everything else is `none`), turns a
    /// matching If-None-Match into 304, and compresses text for those who accept it.
    void finish(const net::Request& request, net::Response& response, Caching caching) const;

    /// Once: an answer that has them is left alone.
    void add_security_headers(net::Response& response) const;

private:
    bool https_;
};

/// Whether the client is a browser that shows a page: Accept names text/html.
bool wants_html(const net::Request& request);

}  // namespace preau::gateway
