#pragma once
// A database of its own for each test, on the engine that the test program is linked for.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>

#include "shared/db/database.hpp"
#include "shared/observe/metrics.hpp"

namespace preau::db::test {

/// Which engine this program tests.
Engine engine();

/// Makes an empty database and removes it at the end.
class Place {
public:
    Place();
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    const std::string& url() const { return url_; }

private:
    std::string url_;
    std::string remove_;  // the folder, or the schema
};

/// MariaDB only: a session of the administrator, and one of the given database with extra
/// parameters of SOCI's back end.
std::unique_ptr<soci::session> administrator();
std::unique_ptr<soci::session> raw_session(const std::string& url, const std::string& extra);

#define PREAU_ONLY_ON(wanted)                                       \
    if (::preau::db::test::engine() != ::preau::db::Engine::wanted) \
    GTEST_SKIP() << "a property of the other engine"

class Scratch : public ::testing::Test {
protected:
    Scratch();

    /// Opens the test's database (again).
    std::unique_ptr<Database> open(DatabaseOptions options = {});
    /// Opens, and applies `sql` as the one step of component "test".
    std::unique_ptr<Database> open_with(std::string_view sql, DatabaseOptions options = {});

    static base::Result<std::int64_t> number(Database& database, const std::string& sql);
    /// Runs one statement in a transaction of its own.
    static void execute(Database& database, const std::string& sql);
    std::uint64_t counted(std::string name, observe::Labels labels);

    Place place_;
    observe::Registry metrics_;
};

/// Starts threads and joins them at its end.
class Crew {
public:
    ~Crew() { join(); }
    void add(std::function<void()> work) { threads_.emplace_back(std::move(work)); }
    void join() {
        for (auto& thread : threads_)
            if (thread.joinable()) thread.join();
    }

private:
    std::vector<std::thread> threads_;
};

/// Waits until `condition` holds; false after `patience`.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace preau::db::test
