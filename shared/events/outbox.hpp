#pragma once
// The producer's side of a feed. Events are written in the business transaction and numbered
// without a hole: on SQLite inside that transaction (there is one writer), on MariaDB by one
// sequencer, with a fenced lease, after the commit. Served as GET /events and GET /snapshot to
// service tokens only.
//
// No event is lost between a snapshot and the events after it: state and as_of_seq are read in one
// consistent transaction, and every event up to as_of_seq was committed before it was numbered. On
// MariaDB the state may also hold facts that are committed but not numbered yet; they come again as
// events, and readers ignore versions that are not newer.
//
// A restored database has lost facts that readers have seen, and would number others with the same
// seq. So whoever restores one calls renew_feed_id before the service starts; readers then read the
// snapshot again.

#include <cstdint>
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

/// Schema of outbox, feed state and cursors: component "events".
std::span<const db::Migration> migrations();

/// Writes the event into the outbox of the running transaction; seq and event_id are filled here.
/// Long polls wake by themselves once the transaction is committed.
void append(db::Session& session, Event event);

/// To be called once after a restore, before anything else: gives the feed another identity.
base::Result<std::string> renew_feed_id(db::Database& database);

/// All aggregates as events with seq 0, read in the given consistent read transaction.
using SnapshotSource = std::function<void(db::Session&, const std::function<void(Event)>& emit)>;

/// Whether the request carries a service token that may read feeds.
using FeedGuard = std::function<base::Result<void>(const net::Request&)>;

class Outbox {
public:
    Outbox(db::Database& database, observe::Registry& metrics);
    ~Outbox();

    /// GET /events?after=<seq>&limit=<1…1000>&wait_ms=<0…25000> ->
    ///   {"feed_id","events":[…],"last_seq"}; a change of `feed_id` is the reader's to notice.
    /// GET /snapshot -> NDJSON: {"feed_id","as_of_seq"} then one event a line.
    void add_routes(net::Router& router, SnapshotSource snapshot, FeedGuard guard);

    /// Starts numbering (MariaDB) and pruning (events after 30 days, idempotency keys after 7).
    void start();
    void stop();
    /// Looks for new events at once. A commit on this database object does so by itself; commits of
    /// other processes are seen within half a second.
    void notify();
    /// Of the last event known to be numbered.
    std::uint64_t last_seq() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace preau::events
