#pragma once
// multipart/form-data (RFC 7578): what a browser sends for a form with a file in it. Parts are read
// exactly as they were sent; nothing is guessed from a file's name.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace preau::gateway {

inline constexpr std::size_t multipart_parts_max = 50;
inline constexpr std::size_t multipart_head_bytes_max = 2'048;  // of one part

struct Part {
    std::string name;      // of the field
    std::string filename;  // "" for a plain field, and for a file field left empty
    bool is_file = false;  // a filename was named, even an empty one
    std::string content_type;
    std::string body;
};

/// The boundary of a Content-Type header; empty when it is not a well-formed multipart/form-data.
std::string multipart_boundary(std::string_view content_type);

/// `bad_request` when the body is not exactly a list of parts with names and its end.
base::Result<std::vector<Part>> parse_multipart(std::string_view content_type,
                                                std::string_view body);

}  // namespace preau::gateway
