#include "services/inventory/jobs/files.hpp"

#include <fstream>
#include <sstream>
#include <system_error>

namespace preau::inventory {

base::Result<std::string> read_whole(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) return base::fail("not_found", path.string() + " cannot be read");
    if (size > import_file_bytes_max)
        return base::fail("payload_too_large", path.string() + " is too large");
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return base::fail("not_found", path.string() + " cannot be read");
    return std::move(text).str();
}

}  // namespace preau::inventory
