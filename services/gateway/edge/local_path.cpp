#include "services/gateway/edge/local_path.hpp"

#include <algorithm>

namespace preau::gateway {

bool is_local_path(std::string_view path) {
    constexpr std::size_t kBytesMax = 1'500;
    if (path.empty() || path.size() > kBytesMax || path.front() != '/') return false;
    // Browsers read "//host" and "/\host" as another host.
    if (path.size() > 1 && (path[1] == '/' || path[1] == '\\')) return false;
    return std::all_of(path.begin(), path.end(), [](char c) {
        // Printable ASCII only: browsers drop tabs and line breaks before they read the address.
        return c > ' ' && c < '\x7F' && c != '\\' && c != '<' && c != '>' && c != '"';
    });
}

std::string local_path_or(std::string_view path, std::string_view otherwise) {
    return std::string(is_local_path(path) ? path : otherwise);
}

}  // namespace preau::gateway
