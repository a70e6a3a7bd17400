#pragma once
// application/x-www-form-urlencoded, both ways: the bodies of the pages' forms and the query
// strings of the links that pages hold.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/net/message.hpp"

namespace preau::gateway {

/// More fields than any form of ours has.
inline constexpr std::size_t form_fields_max = 200;

/// The fields of a form's body in their order; `bad_request` for a broken escape, text that is not
/// UTF-8, a NUL, or more than form_fields_max fields. CR LF pairs become LF, as people typed them.
base::Result<net::Pairs> parse_form(std::string_view body);

/// Percent-encodes all but RFC 3986's unreserved characters.
std::string percent_encode(std::string_view text);

/// "a=1&b=x%20y"; empty for no pairs.
std::string query_string(const std::vector<std::pair<std::string, std::string>>& pairs);

/// Whether `text` is well-formed UTF-8 (no overlong form, no surrogate).
bool is_utf8(std::string_view text);

}  // namespace preau::gateway
