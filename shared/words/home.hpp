#pragma once
// Where the folder frontend/ stands: templates and sentences are read from it at start.

#include <filesystem>

namespace preau::words {

/// The folder that holds frontend/: PREAU_HOME, else the working directory, else the nearest one
/// above the program; the working directory when there is none.
std::filesystem::path find_home();

}  // namespace preau::words
