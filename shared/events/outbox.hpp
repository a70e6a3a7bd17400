#pragma once
// The producer's side of a feed. Events are written in the business transaction and numbered without
// a hole: on SQLite inside that transaction (there is one writer), on MariaDB by one sequencer, with
// a fenced lease, after the commit. Served as GET /events and GET /snapshot to service tokens only.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "shared/db/database.hpp"
#include "shared/events/event.hpp"
#include "shared/exec/ticker.hpp"
#include "shared/net/router.hpp"
#include "shared/net/signal.hpp"
#include "shared/observe/metrics.hpp"

namespace preau::events {

/// Schema of outbox, feed state, cursors and idempotency keys: component "events".
std::span<const db::Migration> migrations();

/// Writes the event into the outbox of the running transaction. seq and event_id are filled here.
void append(db::Session& session, Event event);

/// All aggregates as events with seq 0, read in the given consistent read transaction.
using SnapshotSource = std::function<void(db::Session&, const std::function<void(Event)>& emit)>;

/// Whether the request carries a service token that may read feeds.
using FeedGuard = std::function<base::Result<void>(const net::Request&)>;

class Outbox {
public:
    Outbox(db::Database& database, observe::Registry& metrics);
    ~Outbox();

    /// GET /events?after=<seq>&limit=<1…1000>&wait_ms=<0…25000> ->
    ///   {"feed_id","events":[…],"last_seq"}; 410-like `feed_id` change is the reader's to notice.
    /// GET /snapshot -> NDJSON: {"feed_id","as_of_seq"} then one event a line.
    void add_routes(net::Router& router, SnapshotSource snapshot, FeedGuard guard);

    /// Starts numbering (MariaDB) and pruning (both; 30 days are kept).
    void start();
    void stop();
    /// To be called after a commit that appended, so that long polls wake at once.
    void notify();
    std::uint64_t last_seq() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace preau::events
