#pragma once
// The consumer's side of a feed: snapshot first, then events in order by long poll; the cursor is
// stored in the transaction of the effect; a hole or another feed_id leads back to the snapshot.

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "shared/db/database.hpp"
#include "shared/events/event.hpp"
#include "shared/exec/ticker.hpp"
#include "shared/net/client.hpp"
#include "shared/observe/metrics.hpp"

namespace preau::events {

/// Thrown by a Sink whose cursor is not where the reader believed: another replica moved it. The
/// reader asks for the cursor again.
struct CursorMoved : std::runtime_error {
    CursorMoved() : std::runtime_error("another reader moved the cursor") {}
};

/// Where the facts of one feed land. Whatever else its functions throw is tried again later.
class Sink {
public:
    virtual ~Sink() = default;
    virtual std::optional<Cursor> cursor() = 0;
    /// Replaces everything known of this feed.
    virtual void replace(std::vector<Event> snapshot, Cursor as_of) = 0;
    /// Applies events (dense, at least one) in order and moves the cursor, all or nothing.
    virtual void apply(const std::vector<Event>& events, Cursor after) = 0;
};

/// A Sink that keeps cursor and rows in a database: `apply_one` runs inside the transaction and
/// must ignore versions that are not newer (db::upsert_if_newer); `forget_all` empties the
/// projection before a snapshot. The cursor moves by compare-and-set, so that two replicas of a
/// service that follow one feed into one database apply each event once.
class DatabaseSink final : public Sink {
public:
    using Forget = std::function<void(db::Session&)>;
    using Apply = std::function<void(db::Session&, const Event&)>;
    DatabaseSink(db::Database& database, std::string feed, Forget forget_all, Apply apply_one);
    std::optional<Cursor> cursor() override;
    void replace(std::vector<Event> snapshot, Cursor as_of) override;
    void apply(const std::vector<Event>& events, Cursor after) override;

private:
    db::Database& database_;
    std::string feed_;
    Forget forget_all_;
    Apply apply_one_;
};

struct ReaderOptions {
    std::string feed;                     // the producer's name, also the metric label
    std::string base_url;                 // "http://127.0.0.1:8102"
    std::function<std::string()> bearer;  // a fresh service token for each call
    /// How long an idle poll is held; also how long stop() may take, and the lag of an idle feed.
    std::uint32_t wait_ms = 2'000;
    std::uint32_t batch_max = 500;
    /// In place of net::Client, for tests without sockets.
    std::function<std::expected<net::ClientResponse, net::ClientError>(const net::ClientRequest&)>
        send;
};

class Reader {
public:
    Reader(ReaderOptions options, std::unique_ptr<Sink> sink, observe::Registry& metrics);
    ~Reader();
    void start();
    /// Tells the reader to stop, without waiting for the poll under way: to be called for all
    /// readers before the first stop().
    void begin_stop();
    void stop();
    /// Catches up until the owner has nothing newer; for commands that run without a server.
    base::Result<void> catch_up();

    /// True once a snapshot or the first poll was applied since the start.
    bool ready() const;
    Cursor position() const;
    /// Seconds (machine time) since the feed was last known to be read to its end.
    double lag_s() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace preau::events
