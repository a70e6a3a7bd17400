#pragma once
// The dates of a rule in every zone and calendar that is met: worked out once for each, since the
// sites of a département share theirs.

#include <memory>
#include <optional>
#include <vector>

#include "services/search/index/index.hpp"

namespace preau::search {

/// Holds pointers into the calendars of a view.
class DatesByCalendar {
public:
    explicit DatesByCalendar(rules::Recurrence when) : when_(std::move(when)) {}

    /// Null where the rule cannot be expanded in the room's calendar.
    const AskedDates* of(const RoomEntry& room, const Horizon& horizon);
    /// Those that were met first, or null.
    const AskedDates* first() const;
    /// The first reason why the rule could not be expanded somewhere.
    const std::optional<base::Error>& error() const { return error_; }

private:
    struct Known {
        bool tried = false;
        std::unique_ptr<AskedDates> dates;
    };
    rules::Recurrence when_;
    std::vector<Known> known_;  // by number of the calendar
    std::optional<base::Error> error_;
};

}  // namespace preau::search
