#include "services/search/jobs/sinks.hpp"

#include <utility>
#include <variant>

#include <malloc.h>

#include "shared/observe/log.hpp"

namespace preau::search {
namespace {

using events::Cursor;
using events::Event;
using nlohmann::json;

/// Turns events into facts and keeps the cursor beside them.
class IndexSink final : public events::Sink {
public:
    using Read = void (*)(const Event&, Facts&);
    IndexSink(Index& index, Read read, bool Facts::* replaces)
        : index_(index), read_(read), replaces_(replaces) {}

    std::optional<Cursor> cursor() override { return cursor_; }

    void replace(std::vector<Event> snapshot, Cursor as_of) override {
        Facts facts;
        facts.*replaces_ = true;
        for (const Event& event : snapshot)
            read(event, facts);
        index_.apply(std::move(facts));
        cursor_ = std::move(as_of);
        // A snapshot as JSON is many times the index; without this the process keeps its pages.
        facts = {};
        snapshot = {};
        malloc_trim(0);
    }

    void apply(const std::vector<Event>& events, Cursor after) override {
        Facts facts;
        for (const Event& event : events)
            read(event, facts);
        index_.apply(std::move(facts));
        cursor_ = std::move(after);
    }

private:
    /// A fact that cannot be read would stop the feed for ever; it is told and left out.
    void read(const Event& event, Facts& facts) {
        try {
            read_(event, facts);
        } catch (const json::exception& fault) {
            observe::log(observe::Level::error, "search.event_unreadable",
                         {{"type", event.type}, {"aggregate_id", event.aggregate_id}});
        }
    }

    Index& index_;
    Read read_;
    bool Facts::* replaces_;
    std::optional<Cursor> cursor_;
};

void read_inventory(const Event& event, Facts& facts) {
    if (event.type == "space_changed.v1") {
        if (auto space = wire::space_from_json(event.data)) {
            facts.spaces.push_back(std::move(*space));
        } else {
            observe::log(observe::Level::error, "search.space_unreadable",
                         {{"aggregate_id", event.aggregate_id}});
        }
    } else if (event.type == "tariff_changed.v1") {
        if (auto tariff = wire::tariff_from_json(event.data)) {
            facts.tariffs.push_back(std::move(*tariff));
        } else {
            observe::log(observe::Level::error, "search.tariff_unreadable",
                         {{"aggregate_id", event.aggregate_id}});
        }
    } else if (event.type == "calendar_changed.v1") {
        auto calendar = wire::calendar_from_json(event.data);
        if (!calendar) return;
        if (auto* school = std::get_if<rules::SchoolCalendar>(&*calendar)) {
            facts.schools.push_back(std::move(*school));
        } else {
            facts.holidays.push_back(std::get<rules::PublicHolidays>(std::move(*calendar)));
        }
    }
}

time::Interval interval_of(const json& value) {
    return {{value.at("start").get<std::int64_t>()}, {value.at("end").get<std::int64_t>()}};
}

rules::Occupation booked(const json& value, rules::OccupationKind kind) {
    rules::Occupation out;
    out.part = base::PartId::trusted(value.at("part_id").get<std::string>());
    out.interval = interval_of(value);
    // What a booking holds for good while its request may keep nobody away.
    out.kind = value.value("hold", "") == "taken" ? rules::OccupationKind::taken : kind;
    out.buffer_before_s = value.value("buffer_before_s", std::int64_t{0});
    out.buffer_after_s = value.value("buffer_after_s", std::int64_t{0});
    return out;
}

void read_booking(const Event& event, Facts& facts) {
    const json& data = event.data;
    Occupancy occupancy{event.aggregate_id, event.version, {}};
    if (event.type == "occupancy_changed.v1") {
        const auto hold = data.at("hold").get<std::string>();
        const auto kind =
            hold == "pending" ? rules::OccupationKind::pending : rules::OccupationKind::taken;
        if (hold != "none") {
            for (const json& value : data.at("intervals"))
                occupancy.occupations.push_back(booked(value, kind));
        }
    } else if (event.type == "closure_changed.v1") {
        const auto kind = rules::closure_kind_from(data.at("kind").get<std::string>());
        if (data.at("active").get<bool>()) {
            for (const json& value : data.at("intervals")) {
                auto closed = booked(value, rules::OccupationKind::closure);
                closed.closure = kind.value_or(rules::ClosureKind::closure);
                occupancy.occupations.push_back(std::move(closed));
            }
        }
    } else {
        return;
    }
    facts.occupancies.push_back(std::move(occupancy));
}

}  // namespace

std::unique_ptr<events::Sink> inventory_sink(Index& index) {
    return std::make_unique<IndexSink>(index, read_inventory, &Facts::replaces_inventory);
}

std::unique_ptr<events::Sink> booking_sink(Index& index) {
    return std::make_unique<IndexSink>(index, read_booking, &Facts::replaces_booking);
}

}  // namespace preau::search
