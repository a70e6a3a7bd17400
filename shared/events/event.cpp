#include "shared/events/event.hpp"

namespace preau::events {

nlohmann::json to_json(const Event& event) {
    return {{"seq", event.seq},         {"event_id", event.event_id},
            {"type", event.type},       {"aggregate_id", event.aggregate_id},
            {"version", event.version}, {"occurred_at", event.occurred_at.seconds},
            {"data", event.data}};
}

Event event_from_json(const nlohmann::json& value) {
    Event event;
    value.at("seq").get_to(event.seq);
    value.at("event_id").get_to(event.event_id);
    value.at("type").get_to(event.type);
    value.at("aggregate_id").get_to(event.aggregate_id);
    value.at("version").get_to(event.version);
    value.at("occurred_at").get_to(event.occurred_at.seconds);
    event.data = value.at("data");
    return event;
}

}  // namespace preau::events
