// preau-bench-limit: how many bookings a second the engine itself allows. One transaction locks the
// part, looks for an overlap, inserts one booking and its eight cells, and commits: the least that
// any correct guard has to do. Prints {"clients":n,"per_second":x,"refused":y}.
//
//   preau-bench-limit DATABASE_URL CLIENTS SECONDS

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "shared/base/id.hpp"
#include "shared/db/database.hpp"
#include "shared/db/insert_many.hpp"

namespace {

using namespace preau;

constexpr int kParts = 500;
constexpr int kCells = 8;  // two hours
constexpr std::int64_t kSlots = 40'000;

constexpr db::Migration kSchema[] = {
    {"bench_limit", 1, "limit",
     "CREATE TABLE limit_part (part_id {id} NOT NULL, version BIGINT NOT NULL, PRIMARY KEY "
     "(part_id)) "
     "{table};\n"
     "CREATE TABLE limit_booking (id {id} NOT NULL, part_id {id} NOT NULL, first_cell BIGINT NOT "
     "NULL, "
     "end_cell BIGINT NOT NULL, PRIMARY KEY (id)) {table};\n"
     "CREATE INDEX limit_booking_part ON limit_booking (part_id, first_cell);\n"
     "CREATE TABLE limit_cell (part_id {id} NOT NULL, cell BIGINT NOT NULL, booking_id {id} NOT "
     "NULL, "
     "PRIMARY KEY (part_id, cell)) {clustered};\n"}};

std::string part_id(int n) {
    return base::seeded_ulid(1, "bench part " + std::to_string(n));
}

base::Result<bool> book(db::Session& session, const std::string& part, std::int64_t first) {
    const std::int64_t end = first + kCells;
    session.sql() << "UPDATE limit_part SET version = version + 1 WHERE part_id = :p",
        soci::use(part);
    int overlaps = 0;
    session.sql()
        << "SELECT COUNT(*) FROM limit_booking WHERE part_id = :p AND first_cell < :e AND "
           "end_cell > :f",
        soci::use(part), soci::use(end), soci::use(first), soci::into(overlaps);
    if (overlaps > 0) return base::fail("overlap");
    const std::string id = base::new_ulid();
    session.sql()
        << "INSERT INTO limit_booking (id, part_id, first_cell, end_cell) VALUES (:i, :p, "
           ":f, :e)",
        soci::use(id), soci::use(part), soci::use(first), soci::use(end);
    std::vector<std::vector<db::Cell>> rows;
    for (std::int64_t cell = first; cell < end; ++cell) {
        rows.push_back({std::string_view(part), cell, std::string_view(id)});
    }
    db::insert_many(session, "limit_cell", {"part_id", "cell", "booking_id"}, rows);
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const int clients = std::atoi(argv[2]);
    const int seconds = std::atoi(argv[3]);
    observe::Registry metrics;
    auto opened = db::Database::open({.url = argv[1], .durable = true}, &metrics);
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
        return 1;
    }
    db::Database& database = **opened;
    if (const auto done = database.migrate(kSchema); !done) {
        std::fprintf(stderr, "%s\n", done.error().detail.c_str());
        return 1;
    }
    std::vector<std::string> parts;
    for (int n = 0; n < kParts; ++n)
        parts.push_back(part_id(n));
    const auto filled = database.transact([&](db::Session& session) -> base::Result<bool> {
        session.sql() << "DELETE FROM limit_part";
        session.sql() << "DELETE FROM limit_booking";
        session.sql() << "DELETE FROM limit_cell";
        std::vector<std::vector<db::Cell>> rows;
        for (const auto& part : parts)
            rows.push_back({std::string_view(part), std::int64_t{0}});
        db::insert_many(session, "limit_part", {"part_id", "version"}, rows);
        return true;
    });
    if (!filled) return 1;

    std::atomic<long> done{0};
    std::atomic<long> refused{0};
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    const auto start = std::chrono::steady_clock::now();
    for (int client = 0; client < clients; ++client) {
        threads.emplace_back([&, client] {
            std::mt19937_64 random(static_cast<std::uint64_t>(client) + 1);
            while (!stop) {
                const auto& part = parts[random() % kParts];
                const auto slot = static_cast<std::int64_t>(random() % kSlots) * kCells;
                const auto booked = database.transact(
                    [&](db::Session& session) { return book(session, part, slot); });
                ++(booked ? done : refused);
            }
        });
    }
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    stop = true;
    for (auto& thread : threads)
        thread.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("{\"clients\":%d,\"per_second\":%.1f,\"refused\":%ld}\n", clients,
                static_cast<double>(done) / took.count(), refused.load());
    return 0;
}
