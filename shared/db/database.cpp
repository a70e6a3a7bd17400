#include "shared/db/database.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <thread>

#include "shared/db/connections.hpp"
#include "shared/db/link.hpp"
#include "shared/db/state.hpp"
#include "shared/db/ticket_lock.hpp"
#include "shared/db/url.hpp"
#include "shared/observe/log.hpp"

namespace preau::db {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr double kBackOffMsMax = 32;  // reliability rule: random 0 to 0.5·2^n ms, at most this

bool may_retry(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::deadlock:
        case ErrorKind::lock_timeout:
        case ErrorKind::busy:
        case ErrorKind::lost:
            return true;
        default:
            return false;
    }
}

void back_off(int tries) {
    thread_local std::minstd_rand random(std::random_device{}());
    const double bound = std::min(kBackOffMsMax, 0.5 * static_cast<double>(1 << tries));
    const double pause = std::uniform_real_distribution<double>(0, bound)(random);
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(pause));
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Marks the thread's slot as inside a transaction while it lives.
class Inside {
public:
    explicit Inside(Connections::Slot& slot) : slot_(slot) {
        if (slot.in_use)
            throw std::logic_error("a transaction inside a transaction of the same thread");
        slot.in_use = true;
    }
    ~Inside() { slot_.in_use = false; }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

private:
    Connections::Slot& slot_;
};

/// The writer's place on SQLite; nothing on MariaDB or for reading.
class Place {
public:
    Place(TicketLock* lock, Clock::time_point deadline) : lock_(lock) {
        if (lock_ && !lock_->acquire(deadline)) {
            lock_ = nullptr;
            throw DbError(ErrorKind::busy, "the writers' queue did not reach this one in time");
        }
    }
    ~Place() {
        if (lock_) lock_->release();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

private:
    TicketLock* lock_;
};

}  // namespace

void Instruments::finished(bool write, std::string_view result, double seconds) const {
    if (!registry) return;
    const std::string mode = write ? "write" : "read";
    registry
        ->counter("preau_db_transactions_total", "Transactions by mode and result.",
                  {{"mode", mode}, {"result", std::string(result)}})
        .add();
    registry
        ->histogram("preau_db_transaction_seconds",
                    "Time of whole transactions, waiting and retries included.",
                    {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5},
                    {{"mode", mode}})
        .observe(seconds);
}

void Instruments::retried(ErrorKind kind) const {
    if (!registry) return;
    registry
        ->counter("preau_db_retries_total", "Transactions run again, by cause.",
                  {{"kind", std::string(to_string(kind))}})
        .add();
}

void Database::State::log_slow(bool write, const Link& link,
                               std::chrono::steady_clock::time_point start) const {
    const auto taken = std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
    if (taken < options.slow_query) return;
    observe::log(observe::Level::warn, "db.slow",
                 {{"mode", write ? "write" : "read"},
                  {"ms", static_cast<long long>(taken.count())},
                  {"statements", link.watch->statements()},
                  {"slowest", std::string_view(link.watch->slowest())}});
}

Session::Session() = default;
Session::~Session() = default;
soci::session& Session::sql() {
    return *link_->sql;
}
Engine Session::engine() const {
    return link_->engine;
}

void Session::announce(std::uint64_t value) {
    link_->announced = std::max(link_->announced.value_or(0), value);
}

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;

std::expected<std::unique_ptr<Database>, DbError> Database::open(DatabaseOptions options,
                                                                 observe::Registry* metrics) {
    auto address = parse_url(options.url);
    if (!address) return std::unexpected(DbError(ErrorKind::other, address.error()));
    std::unique_ptr<Database> database(
        new Database(std::make_unique<State>(std::move(options), std::move(*address), metrics)));
    try {
        const auto slot = database->state_->connections.mine();
        slot->session = database->state_->connections.connect(*slot);
    } catch (const DbError& error) {
        return std::unexpected(error);
    }
    return database;
}

Engine Database::engine() const {
    return state_->connections.address.engine;
}
std::size_t Database::writers_waiting() const {
    return state_->writer.waiting();
}

void Database::on_announcement(std::function<void(std::uint64_t)> listener) {
    state_->listener = std::move(listener);
}

bool Database::ping() {
    int one = 0;
    const auto failed = run(Mode::read, [&](Session& session) {
        session.sql() << "SELECT 1", soci::into(one);
        return true;
    });
    return !failed && one == 1;
}

std::optional<base::Error> Database::run(Mode mode, const Step& step) {
    const auto start = Clock::now();
    const auto& options = state_->options;
    const bool write = mode == Mode::write;
    for (int tries = 1;; ++tries) {
        try {
            attempt(mode, step, start + options.retry_budget);
            state_->instruments.finished(write, "done", seconds_since(start));
            return std::nullopt;
        } catch (const DbError& error) {
            const bool again = may_retry(error.kind) && tries < options.tries_max &&
                               Clock::now() - start < options.retry_budget;
            if (!again) {
                state_->instruments.finished(write, to_string(error.kind), seconds_since(start));
                return give_up(mode, error, tries);
            }
            state_->instruments.retried(error.kind);
        } catch (...) {
            state_->instruments.finished(write, "exception", seconds_since(start));
            throw;
        }
        back_off(tries);
    }
}

void Database::attempt(Mode mode, const Step& step, Clock::time_point deadline) {
    const auto mine = state_->connections.mine();
    const Inside inside(*mine);
    const bool write = mode == Mode::write;
    const bool in_line = write && state_->sqlite();
    const Place place(in_line ? &state_->writer : nullptr, deadline);
    const auto slot = in_line ? state_->connections.writer() : mine;
    const std::lock_guard lock(slot->mutex);
    if (slot->session && Connections::link(*slot->session).broken) slot->session.reset();
    if (!slot->session) slot->session = state_->connections.connect(*slot);
    Session& session = *slot->session;
    Link& link = Connections::link(session);

    const auto start = Clock::now();
    bool keep = false;
    try {
        write ? link.begin_write() : link.begin_read();
        keep = step(session) && write;
        if (keep) link.watch->before_commit();
        if (!write && link.watch->has_written())
            throw DbError(ErrorKind::other, "a read-only transaction wrote");
    } catch (const soci::soci_error& thrown) {
        link.roll_back();
        throw classify(thrown, link.engine);
    } catch (...) {
        link.roll_back();
        throw;
    }
    if (keep)
        commit(session);
    else
        link.roll_back();  // ends a read-only transaction too
    state_->log_slow(write, link, start);
    if (keep && link.announced && state_->listener) state_->listener(*link.announced);
}

void Database::commit(Session& session) {
    Link& link = Connections::link(session);
    try {
        link.sql->commit();
    } catch (const std::exception& thrown) {
        DbError error = classify(thrown, link.engine);
        link.roll_back();
        if (error.kind == ErrorKind::lost) {
            link.broken = true;
            error.kind = ErrorKind::unknown_outcome;
        }
        throw error;
    }
}

base::Error Database::give_up(Mode mode, const DbError& error, int tries) const {
    const bool later = may_retry(error.kind) || error.kind == ErrorKind::unknown_outcome;
    observe::log(later ? observe::Level::warn : observe::Level::error, "db.failed",
                 {{"mode", mode == Mode::write ? "write" : "read"},
                  {"kind", to_string(error.kind)},
                  {"constraint", std::string_view(error.constraint)},
                  {"detail", std::string_view(error.detail)},
                  {"tries", tries}});
    if (later) return {"overloaded", std::string(to_string(error.kind)), {}};
    if (error.kind == ErrorKind::full) return {"storage_full", {}, {}};
    return {"internal", std::string(to_string(error.kind)), {}};
}

}  // namespace preau::db
