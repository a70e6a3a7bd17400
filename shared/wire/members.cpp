#include "shared/wire/members.hpp"

namespace preau::wire {
namespace {

constexpr json::TextBounds kShort{.length_min = 1, .length_max = 40};

time::Minute minute_of(json::Fields& in, std::string_view name) {
    const std::string text = in.text(name, kShort);
    const auto minute = time::parse_minute(text);
    if (!minute && !text.empty()) in.refuse(name, "format", "HH:MM");
    return minute.value_or(0);
}

}  // namespace

std::optional<time::Date> optional_date_of(json::Fields& in, std::string_view name) {
    const auto text = in.optional_text(name, kShort);
    if (!text) return std::nullopt;
    const auto date = time::Date::parse(*text);
    if (!date) in.refuse(name, "format", "YYYY-MM-DD");
    return date;
}

time::Date date_of(json::Fields& in, std::string_view name) {
    const auto date = optional_date_of(in, name);
    if (!date) in.refuse(name, "required");  // where no other fault was found
    return date.value_or(time::Date{});
}

MinuteSpan span_of(json::Fields& in) {
    MinuteSpan out{minute_of(in, "start_time"), minute_of(in, "end_time")};
    if (out.start >= time::minutes_per_day) in.refuse("start_time", "range", "00:00..23:59");
    if (in.boolean_or("end_next_day", false)) out.end += time::minutes_per_day;
    return out;
}

void put_span(nlohmann::json& out, time::Minute start, time::Minute end) {
    const bool next_day = end > time::minutes_per_day;
    out["start_time"] = time::format_minute(start);
    out["end_time"] = time::format_minute(next_day ? end - time::minutes_per_day : end);
    out["end_next_day"] = next_day;
}

std::vector<std::string> texts_of(json::Fields& in, const nlohmann::json& object,
                                  std::string_view name) {
    std::vector<std::string> out;
    const auto at = object.find(name);
    if (at == object.end() || at->is_null()) return out;
    if (!at->is_array() || at->size() > list_length_max) {
        in.refuse(name, "format", "list");
        return out;
    }
    for (const auto& item : *at) {
        if (item.is_string()) {
            out.push_back(item.get<std::string>());
        } else {
            in.refuse(name, "format", "list of texts");
        }
    }
    return out;
}

void each(json::Fields& in, const nlohmann::json& object, const std::string& pointer,
          std::string_view name,
          const std::function<void(json::Fields& item, const nlohmann::json& value)>& read) {
    const auto at = object.find(name);
    if (at == object.end() || !at->is_array() || at->size() > list_length_max) {
        in.refuse(name, at == object.end() ? "required" : "format", "list");
        return;
    }
    std::size_t index = 0;
    for (const auto& value : *at) {
        json::Fields item(value, pointer + "/" + std::string(name) + "/" + std::to_string(index++));
        if (value.is_object()) read(item, value);
        in.absorb(item);
    }
}

}  // namespace preau::wire
