#include "shared/words/home.hpp"

#include <cstdlib>

namespace preau::words {

namespace {

bool holds_frontend(const std::filesystem::path& folder) {
    std::error_code error;
    return std::filesystem::is_directory(folder / "frontend" / "templates", error);
}

}  // namespace

std::filesystem::path find_home() {
    if (const char* named = std::getenv("PREAU_HOME"); named != nullptr && *named != '\0') {
        return named;
    }
    std::error_code error;
    const auto here = std::filesystem::current_path(error);
    if (holds_frontend(here)) return here;
    for (auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
         folder.has_relative_path(); folder = folder.parent_path()) {
        if (holds_frontend(folder)) return folder;
    }
    return here;
}

}  // namespace preau::words
