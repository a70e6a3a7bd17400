#pragma once
// A fact that left a service: the full state of one aggregate after a change.

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "shared/base/clock.hpp"

namespace preau::events {

struct Event {
    std::uint64_t seq = 0;  // dense within the feed, from 1; 0 in a snapshot
    std::string event_id;   // ULID
    std::string type;       // "space_changed.v1": api/events/space_changed.v1.schema.json
    std::string aggregate_id;
    std::int64_t version = 0;   // of the aggregate; readers ignore what is not newer
    base::Instant occurred_at;  // business time
    nlohmann::json data;
};

nlohmann::json to_json(const Event& event);
Event event_from_json(const nlohmann::json& value);

/// Where a reader stands in a feed. Another feed_id means that the owner's database was restored.
struct Cursor {
    std::string feed_id;
    std::uint64_t seq = 0;
    bool operator==(const Cursor&) const = default;
};

}  // namespace preau::events
