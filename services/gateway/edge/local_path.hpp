#pragma once
// Where to go after an act ("suite"): only a path of this site, never another host (scenario S134).

#include <string>
#include <string_view>

namespace preau::gateway {

/// Whether a browser that is redirected to `path` certainly stays on this host: one leading slash,
/// no second slash or backslash after it, no backslash, control character or space anywhere, ≤
/// 1,500 bytes.
bool is_local_path(std::string_view path);

/// `path` when it is local, else `otherwise`.
std::string local_path_or(std::string_view path, std::string_view otherwise);

}  // namespace preau::gateway
