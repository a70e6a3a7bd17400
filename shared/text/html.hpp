#pragma once
// Text inside HTML.

#include <string>
#include <string_view>

namespace preau::text {

/// For text and for attributes between quotes of either kind: & < > " and the apostrophe.
std::string escape_html(std::string_view text);

}  // namespace preau::text
