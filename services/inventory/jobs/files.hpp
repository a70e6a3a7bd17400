#pragma once
// Files that commands read: whole, and not larger than a spreadsheet is.

#include <cstdint>
#include <filesystem>
#include <string>

#include "shared/base/result.hpp"

namespace preau::inventory {

inline constexpr std::uintmax_t import_file_bytes_max = 64U * 1024 * 1024;

/// `not_found` where it cannot be read, `payload_too_large` beyond import_file_bytes_max.
base::Result<std::string> read_whole(const std::filesystem::path& path);

}  // namespace preau::inventory
