#include "shared/events/outbox.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

#include "preau_migrations_events.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/id.hpp"
#include "shared/db/idempotency.hpp"
#include "shared/events/feed.hpp"
#include "shared/events/sequencer.hpp"

namespace preau::events {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// What another process appends is found by looking. On MariaDB that is the normal case: several
// replicas write, one of them numbers.
constexpr milliseconds kLookSqlite{500};
constexpr milliseconds kLookMariadb{200};
constexpr std::chrono::hours kPrunePause{1};
constexpr milliseconds kPauseAfterFailure{1'000};

/// The next number, inside the transaction: SQLite has one writer, so numbers follow commits.
std::uint64_t stamp(db::Session& session) {
    std::uint64_t seq = 0;
    session.sql() << "UPDATE outbox_feed SET last_seq = last_seq + 1 WHERE id = 1 "
                     "RETURNING last_seq",
        soci::into(seq);
    return seq;
}

}  // namespace

std::span<const db::Migration> migrations() {
    return migrations_events;
}

void append(db::Session& session, Event event) {
    event.event_id = base::new_ulid();
    const auto written_at = base::MachineClock().now().seconds;
    const std::string data = event.data.dump();
    const bool sqlite = session.engine() == db::Engine::sqlite;
    if (sqlite) event.seq = stamp(session);
    soci::indicator numbered = sqlite ? soci::i_ok : soci::i_null;
    session.sql() << "INSERT INTO outbox (event_id, type, aggregate_id, version, occurred_at,"
                     " written_at, data, seq) VALUES (:event_id, :type, :aggregate_id, :version,"
                     " :occurred_at, :written_at, :data, :seq)",
        soci::use(event.event_id), soci::use(event.type), soci::use(event.aggregate_id),
        soci::use(event.version), soci::use(event.occurred_at.seconds), soci::use(written_at),
        soci::use(data), soci::use(event.seq, numbered);
    session.announce(sqlite ? event.seq : 0);
}

struct Outbox::State {
    db::Database& database;
    std::shared_ptr<net::Signal> signal = std::make_shared<net::Signal>();
    std::optional<Sequencer> sequencer;
    Clock::time_point prune_at{};
    std::unique_ptr<exec::Ticker> ticker;
    std::atomic<bool> running{false};  // commits of other threads look at this, not at `ticker`

    explicit State(db::Database& database_of) : database(database_of) {
        if (database.engine() == db::Engine::mariadb) sequencer.emplace(database);
    }

    void wake() {
        if (running) ticker->wake();
    }

    milliseconds step() {
        prune();
        if (sequencer) {
            const auto progress = sequencer->step();
            if (!progress) return kPauseAfterFailure;
            signal->raise(progress->last_seq);
            return progress->more ? milliseconds{0} : kLookMariadb;
        }
        const auto feed = open_feed(database);
        if (!feed) return kPauseAfterFailure;
        signal->raise(feed->last_seq);
        return kLookSqlite;
    }

    void prune() {
        if (Clock::now() < prune_at) return;
        const base::Instant now = base::MachineClock().now();
        const auto pruned = database.transact([&](db::Session& session) -> base::Result<int> {
            return prune_events(session, now) + db::prune_keys(session, now);
        });
        // A full batch means that there may be more.
        if (pruned && *pruned == 0) prune_at = Clock::now() + kPrunePause;
    }
};

Outbox::Outbox(db::Database& database, observe::Registry& metrics)
    : state_(std::make_shared<State>(database)) {
    // Database and registry may outlive this object, so they hold it weakly.
    const std::weak_ptr<State> weak = state_;
    database.on_announcement([weak](std::uint64_t seq) {
        const auto state = weak.lock();
        if (!state) return;
        if (seq > 0)
            state->signal->raise(seq);
        else
            state->wake();
    });
    metrics.gauge("preau_outbox_last_seq", "Number of the last event of this service's feed.",
                  [weak] {
                      const auto state = weak.lock();
                      return state ? static_cast<double>(state->signal->value()) : 0.0;
                  });
}

Outbox::~Outbox() {
    stop();
}

void Outbox::add_routes(net::Router& router, SnapshotSource snapshot, FeedGuard guard) {
    net::RouteOptions events;
    events.never_shed = true;
    events.signal = state_->signal;
    events.after = after_of;
    events.wait_ms = wait_ms_of;
    db::Database& database = state_->database;
    router.add(
        net::Method::get, "/events", "readEvents",
        [&database, guard](const net::Request& request) {
            if (const auto allowed = guard(request); !allowed)
                return net::Response::problem(allowed.error());
            return serve_events(database, request);
        },
        events);
    router.add(net::Method::get, "/snapshot", "readSnapshot",
               [&database, guard, source = std::move(snapshot)](const net::Request& request) {
                   if (const auto allowed = guard(request); !allowed)
                       return net::Response::problem(allowed.error());
                   return serve_snapshot(database, source);
               },
               {.never_shed = true, .signal = {}, .after = {}, .wait_ms = {}});
}

void Outbox::start() {
    if (state_->ticker) return;
    State* const state = state_.get();
    state->ticker = std::make_unique<exec::Ticker>("outbox", [state] { return state->step(); });
    state->running = true;
}

void Outbox::stop() {
    if (!state_->running) return;
    state_->running = false;
    state_->ticker->stop();
    if (state_->sequencer) state_->sequencer->release();
}

void Outbox::notify() {
    state_->wake();
}

std::uint64_t Outbox::last_seq() const {
    return state_->signal->value();
}

}  // namespace preau::events
