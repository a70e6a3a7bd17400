#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "tests/unit/shared/db/scratch.hpp"

namespace preau::db::test {

Engine engine() {
    return Engine::sqlite;
}

Place::Place() {
    std::string folder = std::filesystem::temp_directory_path() / "preau-test-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    remove_ = folder;
    url_ = "sqlite:" + folder + "/test.db";
}

Place::~Place() {
    std::error_code ignored;
    std::filesystem::remove_all(remove_, ignored);
}

std::unique_ptr<soci::session> administrator() {
    throw std::logic_error("SQLite has none");
}

std::unique_ptr<soci::session> raw_session(const std::string&, const std::string&) {
    throw std::logic_error("for MariaDB only");
}

}  // namespace preau::db::test
