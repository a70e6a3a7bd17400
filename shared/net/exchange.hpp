#pragma once
// One call of net::Client, by either road: plain HTTP over our own sockets (services on one
// network, the usual case), or HTTPS through libcurl. Private to shared/net.

#include <chrono>
#include <expected>
#include <string>
#include <vector>

#include "shared/net/client.hpp"

namespace preau::net {

inline constexpr std::size_t answer_head_bytes_max = 64 * 1024;

/// What Client::send has worked out before any socket opens.
struct Exchange {
    const ClientRequest& request;
    std::vector<std::string> header_lines;  // "Name: value", without Host and Content-Length
    std::chrono::milliseconds connect_timeout;
    std::chrono::milliseconds timeout;  // of the whole call, > 0
    std::size_t response_bytes_max;
    bool sends_body;
    bool may_repeat;  // the peer may get the request twice without harm
};

using Answered = std::expected<ClientResponse, ClientError>;

inline constexpr const char* too_large_detail = "the answer is too large";

/// For http:// URLs. Each thread keeps a few connections alive.
Answered exchange_plainly(const Exchange& exchange);
/// For https:// URLs, and for http:// ones where the client wants it.
Answered exchange_through_curl(const Exchange& exchange);

/// `text` in lower case, as header names are stored.
std::string lower_case(std::string_view text);

}  // namespace preau::net
