#pragma once
// Small readers of JSON members that the forms of this folder share: dates, times of the day, words
// of an enumeration, lists. Faults are collected by json::Fields.

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/json/fields.hpp"
#include "shared/time/civil.hpp"

namespace preau::wire {

inline constexpr std::size_t list_length_max = 1'000;

/// A required date, "2026-12-01".
time::Date date_of(json::Fields& in, std::string_view name);
std::optional<time::Date> optional_date_of(json::Fields& in, std::string_view name);

struct MinuteSpan {
    time::Minute start = 0;
    time::Minute end = 0;
};
/// start_time, end_time and end_next_day (false when absent). Whether the end comes after the start
/// is the caller's to say.
MinuteSpan span_of(json::Fields& in);
/// Adds start_time, end_time and end_next_day. An end at midnight is "24:00" of the same day.
void put_span(nlohmann::json& out, time::Minute start, time::Minute end);

/// A required word of an enumeration.
template <class Value>
Value choice_of(json::Fields& in, std::string_view name,
                std::optional<Value> (*from)(std::string_view), Value otherwise) {
    const std::string text = in.text(name, {.length_min = 1, .length_max = 40});
    const auto value = from(text);
    if (!value && !text.empty()) in.refuse(name, "unknown", text);
    return value.value_or(otherwise);
}

/// A required list of words of an enumeration; sorted and distinct.
template <class Value>
std::vector<Value> choices_of(json::Fields& in, const nlohmann::json& object, std::string_view name,
                              std::optional<Value> (*from)(std::string_view)) {
    std::vector<Value> out;
    const auto at = object.find(name);
    if (at == object.end() || !at->is_array() || at->empty() || at->size() > list_length_max) {
        in.refuse(name, at == object.end() ? "required" : "format", "list");
        return out;
    }
    for (const auto& item : *at) {
        const auto value = item.is_string() ? from(item.template get<std::string>()) : std::nullopt;
        if (value) {
            out.push_back(*value);
        } else {
            in.refuse(name, "unknown");
        }
    }
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

/// A list of texts; empty when absent.
std::vector<std::string> texts_of(json::Fields& in, const nlohmann::json& object,
                                  std::string_view name);

/// Calls `read` with a reader for each object of a required list.
void each(json::Fields& in, const nlohmann::json& object, const std::string& pointer,
          std::string_view name,
          const std::function<void(json::Fields& item, const nlohmann::json& value)>& read);

}  // namespace preau::wire
