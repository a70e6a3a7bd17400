#pragma once
// What letters say about a booking: readers of the two JSON forms (the fact, the booking's answer)
// and their sentences.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/clock.hpp"
#include "shared/time/zone.hpp"
#include "shared/words/format.hpp"

namespace preau::notification::email {

/// The text at a path of members ("decision", "reason_code"); empty where it is absent or no text.
std::string text_at(const nlohmann::json& object, std::initializer_list<const char*> path);
std::optional<std::int64_t> integer_at(const nlohmann::json& object,
                                       std::initializer_list<const char*> path);

struct Slot {
    std::string occurrence_id;
    std::string state;
    std::string reason;
    base::Instant start;
    base::Instant end;
    std::string date, start_time, end_time;  // local, as booking gives them
};

std::vector<Slot> slots_of(const nlohmann::json& booking);
time::Zone zone_of(const nlohmann::json& booking);

/// "mardi 1ᵉʳ décembre 2026, 18 h–20 h"
std::string slot_text(const words::Format& format, const Slot& slot);

/// The frozen price in cents; nothing for bookings without one.
std::optional<std::int64_t> price_of(const nlohmann::json& facts, const nlohmann::json& booking);

/// Until when it must be paid: the booking's answer is newer than the fact.
std::optional<base::Instant> pay_by_of(const nlohmann::json& facts, const nlohmann::json& booking);

}  // namespace preau::notification::email
