#include "shared/time/zone.hpp"

#include <array>
#include <cassert>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <date/tz.h>

namespace preau::time {

struct Zone::Impl {
    const date::time_zone* zone;
    std::string name;
};

namespace {

date::local_seconds wall(Date date, Minute minute) {
    return date::local_seconds(date::local_days(date::days(date.days)).time_since_epoch()) +
           std::chrono::minutes(minute);
}

base::Instant at(date::sys_seconds when) {
    return {when.time_since_epoch().count()};
}

}  // namespace

std::optional<Zone> Zone::find(std::string_view name) {
    try {
        Zone zone;
        zone.impl_ = std::make_shared<Impl>(Impl{date::locate_zone(name), std::string(name)});
        return zone;
    } catch (const std::runtime_error&) {  // what the library throws for an unknown name
        return std::nullopt;
    }
}

const Zone& Zone::paris() {
    static const Zone zone = *find("Europe/Paris");
    return zone;
}

const std::string& Zone::name() const {
    return impl_->name;
}

base::Result<base::Instant> Zone::instant(Date date, Minute minute) const {
    const auto info = impl_->zone->get_info(wall(date, minute));
    if (info.result == date::local_info::nonexistent) {
        const Date day = date + minute / minutes_per_day;
        return base::fail("nonexistent_local_time",
                          day.iso() + " " + format_minute(minute % minutes_per_day));
    }
    // Shown twice: `first` is the earlier of the two.
    return at(date::sys_seconds(wall(date, minute).time_since_epoch()) - info.first.offset);
}

base::Instant Zone::instant_or_jump(Date date, Minute minute) const {
    const auto info = impl_->zone->get_info(wall(date, minute));
    if (info.result == date::local_info::nonexistent) return at(info.first.end);
    return at(date::sys_seconds(wall(date, minute).time_since_epoch()) - info.first.offset);
}

LocalTime Zone::local(base::Instant instant) const {
    const date::sys_seconds when{std::chrono::seconds(instant.seconds)};
    const auto info = impl_->zone->get_info(when);
    const std::int64_t local = instant.seconds + info.offset.count();
    const std::int64_t day = local >= 0 ? local / 86'400 : -((86'399 - local) / 86'400);
    return {{static_cast<std::int32_t>(day)},
            static_cast<std::int32_t>(local - day * 86'400),
            static_cast<std::int32_t>(info.offset.count())};
}

std::string Zone::rfc3339(base::Instant instant) const {
    const LocalTime local_time = local(instant);
    const int s = local_time.second_of_day;
    const int offset_min = std::abs(local_time.offset_s) / 60;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%sT%02d:%02d:%02d%c%02d:%02d",
                  local_time.date.iso().c_str(), s / 3600, s / 60 % 60, s % 60,
                  local_time.offset_s < 0 ? '-' : '+', offset_min / 60, offset_min % 60);
    return text.data();
}

}  // namespace preau::time
