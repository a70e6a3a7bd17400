#pragma once
// gzip, for pages and style sheets on slow lines.

#include <string>
#include <string_view>

namespace preau::gateway {

/// `data` as a gzip member; `level` 1 (fast) to 9 (small).
std::string gzip(std::string_view data, int level);

/// Whether an Accept-Encoding header takes gzip (not with q=0).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace preau::gateway
