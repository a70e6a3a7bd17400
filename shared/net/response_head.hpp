#pragma once
// The head of a response as bytes, written by hand into one reused buffer: the fields that every
// answer carries, then those of the handler.

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/net/message.hpp"

namespace preau::net {

struct ResponseFrame {
    bool keep_alive = true;
    bool http_1_0 = false;  // a keep-alive must then be said, not assumed
    std::string_view request_id{};
};

/// Appends status line and fields with the final empty line. Fields of the handler that would break
/// the framing (a name that is no token, a value with a control character, Content-Length,
/// Transfer-Encoding, Connection) are left out and logged.
void append_response_head(std::string& out, const Response& response, const ResponseFrame& frame);

/// Whether answers of this status carry a body at all.
bool status_has_body(int status);

}  // namespace preau::net
