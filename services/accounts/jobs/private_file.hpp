#pragma once
// A file that only its owner may read (mode 0600), replaced as a whole.

#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace preau::accounts {

/// Nothing when the file does not exist or cannot be read.
std::optional<std::string> read_file(const std::string& path);
/// Written beside it, flushed, then renamed; `internal` with the system's reason when that fails.
base::Result<void> write_private_file(const std::string& path, std::string_view content);

}  // namespace preau::accounts
