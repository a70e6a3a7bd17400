#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <stdexcept>

#include "shared/base/id.hpp"
#include "shared/db/mariadb.hpp"
#include "shared/db/url.hpp"
#include "tests/unit/shared/db/scratch.hpp"

namespace preau::db::test {
namespace {

/// A missing server is a failure, never a skipped test: this program exists only to test on it.
std::string admin_url() {
    const char* const url = std::getenv("PREAU_TEST_MARIADB");
    if (url == nullptr)
        throw std::runtime_error(
            "PREAU_TEST_MARIADB must name a MariaDB administrator's URL: scripts/lib/mariadb.sh");
    return url;
}

std::string with_schema(const std::string& url, const std::string& schema) {
    const auto query = url.find('?');
    const auto slash = url.find('/', std::string_view("mysql://").size());
    return url.substr(0, std::min(slash, query)) + "/" + schema +
           (query == url.npos ? "" : url.substr(query));
}

}  // namespace

Engine engine() {
    return Engine::mariadb;
}

Place::Place() {
    remove_ = "preau_test_" + base::new_ulid();
    std::ranges::transform(remove_, remove_.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    // Another collation than ours, so that a table without {table} would be noticed.
    *administrator() << "CREATE DATABASE " << remove_ << " CHARACTER SET latin1";
    url_ = with_schema(admin_url(), remove_);
}

Place::~Place() {
    try {
        *administrator() << "DROP DATABASE " << remove_;
    } catch (const std::exception&) {
        // The server ends after the tests anyway.
    }
}

std::unique_ptr<soci::session> administrator() {
    return raw_session(admin_url(), "");
}

std::unique_ptr<soci::session> raw_session(const std::string& url, const std::string& extra) {
    const auto address = parse_url(url);
    if (!address) throw std::runtime_error(address.error());
    return std::make_unique<soci::session>(*Mariadb::loaded().factory(),
                                           mysql_parameters(*address, {}) + extra);
}

}  // namespace preau::db::test
