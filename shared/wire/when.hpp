#pragma once
// The JSON and query-string form of "when", shared by search, quote and request, and the JSON form
// of the slots in their answers.

#include <nlohmann/json.hpp>

#include "shared/base/result.hpp"
#include "shared/net/message.hpp"
#include "shared/rules/recurrence.hpp"

namespace preau::wire {

/// Faults carry pointers below `pointer` ("/when").
base::Result<rules::Recurrence> when_from_json(const nlohmann::json& value,
                                               const std::string& pointer = "/when");
/// From search's parameters: date, dates, or weekdays + from + until (+ interval_weeks,
/// school_holidays, public_holidays), or interval_months + from + until (+ week_of_month and one of
/// weekdays); start_time, end_time, end_next_day. Pointers are "/query/<name>".
base::Result<rules::Recurrence> when_from_query(const net::Pairs& query);
nlohmann::json to_json(const rules::Recurrence& when);

nlohmann::json to_json(const rules::Slot& slot, const time::Zone& zone);
nlohmann::json to_json(const rules::SkippedDate& skipped);

}  // namespace preau::wire
