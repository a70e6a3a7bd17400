#pragma once
// Instants and civil time in an IANA zone, by the system's tz database. A wall time that the clock
// skips is an error, one that it shows twice is taken the first time (cpp.md §7).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/time/civil.hpp"

namespace preau::time {

struct LocalTime {
    Date date;
    std::int32_t second_of_day = 0;
    std::int32_t offset_s = 0;  // east of Greenwich
    Minute minute() const { return second_of_day / 60; }
};

/// A zone of the tz database; cheap to copy.
class Zone {
public:
    static std::optional<Zone> find(std::string_view name);  // "Europe/Paris"
    static const Zone& paris();

    const std::string& name() const;
    /// `nonexistent_local_time` when the clock skips it. `minute` 0 to 2,880.
    base::Result<base::Instant> instant(Date date, Minute minute) const;
    /// As instant(), but a skipped time gives the moment at which the clock jumps over it: for
    /// opening hours and day bounds, which must never fail.
    base::Instant instant_or_jump(Date date, Minute minute) const;
    LocalTime local(base::Instant instant) const;
    std::string rfc3339(base::Instant instant) const;  // "2026-12-01T18:00:00+01:00"
    bool operator==(const Zone& other) const { return name() == other.name(); }

private:
    struct Impl;
    std::shared_ptr<const Impl> impl_;
};

}  // namespace preau::time
