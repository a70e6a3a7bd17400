#pragma once
// Database URLs: "sqlite:/path/file.db", "mysql://user:password@host:port/schema?socket=/path".

#include <expected>
#include <string>
#include <string_view>

#include "shared/db/database.hpp"

namespace preau::db {

struct Address {
    Engine engine = Engine::sqlite;
    std::string file;  // SQLite
    std::string user;  // MariaDB, all below
    std::string password;
    std::string host;
    int port = 0;
    std::string schema;
    std::string socket;
    std::string ssl_ca;
};

/// The parts of `url`, percent-decoded, or what is wrong with it (without repeating its password).
std::expected<Address, std::string> parse_url(std::string_view url);

/// How long a server may be silent, seconds; 0 waits for ever (a migration may take long).
struct Patience {
    int connect_s = 5;
    int answer_s = 30;
};

/// The connect string of SOCI's MySQL back end.
std::string mysql_parameters(const Address& address, Patience patience);

}  // namespace preau::db
