#include "tests/unit/shared/db/scratch.hpp"

#include "shared/observe/log.hpp"

namespace preau::db::test {

Scratch::Scratch() {
    observe::configure_log("test", observe::Level::error);
}

std::unique_ptr<Database> Scratch::open(DatabaseOptions options) {
    options.url = place_.url();
    auto database = Database::open(std::move(options), &metrics_);
    if (!database) throw std::runtime_error("open: " + database.error().detail);
    return std::move(*database);
}

std::unique_ptr<Database> Scratch::open_with(std::string_view sql, DatabaseOptions options) {
    auto database = open(std::move(options));
    const Migration step{"test", 1, "tables", sql};
    const auto migrated = database->migrate({&step, 1});
    if (!migrated) throw std::runtime_error("migrate: " + migrated.error().detail);
    return database;
}

base::Result<std::int64_t> Scratch::number(Database& database, const std::string& sql) {
    return database.read([&](Session& session) -> base::Result<std::int64_t> {
        long long value = -1;
        session.sql() << sql, soci::into(value);
        return value;
    });
}

void Scratch::execute(Database& database, const std::string& sql) {
    const auto done = database.transact([&](Session& session) -> base::Result<bool> {
        session.sql() << sql;
        return true;
    });
    ASSERT_TRUE(done) << done.error().code << " " << done.error().detail << ": " << sql;
}

std::uint64_t Scratch::counted(std::string name, observe::Labels labels) {
    return metrics_.counter(std::move(name), "", std::move(labels)).value();
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

}  // namespace preau::db::test
