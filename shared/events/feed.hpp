#pragma once
// The stored feed: its one state row, its events, and the answers of GET /events and GET /snapshot
// as plain functions. Internal to shared/events.

#include <cstdint>
#include <string>

#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"
#include "shared/events/outbox.hpp"
#include "shared/net/message.hpp"

namespace preau::events {

inline constexpr std::uint32_t wait_ms_max = 25'000;

struct FeedState {
    std::string feed_id;  // empty until the feed was first opened
    std::uint64_t last_seq = 0;
};

FeedState read_feed(db::Session& session);

/// The state, with a feed_id made at the first call of a new schema.
base::Result<FeedState> open_feed(db::Database& database);

/// Query parameters of GET /events; wrong ones count as absent here and are refused by the handler.
std::uint64_t after_of(const net::Request& request);
std::uint32_t wait_ms_of(const net::Request& request);

net::Response serve_events(db::Database& database, const net::Request& request);
net::Response serve_snapshot(db::Database& database, const SnapshotSource& source);

/// Deletes events that were written 30 days before `machine_now`, at most 1,000 a call.
int prune_events(db::Session& session, base::Instant machine_now);

}  // namespace preau::events
