#pragma once
// The request target taken apart: path and query, percent-decoded once, here and nowhere else.

#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/net/message.hpp"

namespace preau::net {

struct Target {
    std::string path;
    Pairs query;
};

/// Takes an origin-form target apart. `bad_request` for: an invalid percent escape, a dot segment
/// (also an encoded one), an encoded slash, backslash or control character in the path, a NUL in
/// the query, and bytes that are not UTF-8.
base::Result<Target> parse_target(std::string_view target);

/// Decodes %XX, and "+" as a space when `plus_is_space`; nothing when an escape is malformed.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Encodes everything but RFC 3986's unreserved characters; for building queries and path segments.
std::string percent_encode(std::string_view text);

/// Reads "a=1&b=2" as in a query or an application/x-www-form-urlencoded body.
std::optional<Pairs> parse_form(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace preau::net
