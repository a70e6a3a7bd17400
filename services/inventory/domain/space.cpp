#include "services/inventory/domain/space.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "shared/rules/vocabulary.hpp"
#include "shared/text/french.hpp"

namespace preau::inventory {
namespace {

constexpr time::Minute kGrid = 15;

void refuse(base::Error& error, std::string pointer, std::string code, std::string detail = {}) {
    error.fields.push_back({std::move(pointer), std::move(code), std::move(detail)});
}

void check_range(base::Error& error, const std::string& pointer, time::Minute start,
                 time::Minute end, time::Minute end_max) {
    if (start < 0 || start >= time::minutes_per_day || start % kGrid != 0) {
        refuse(error, pointer + "/start_time", "range", "00:00 to 23:45, on the quarter");
    }
    if (end % kGrid != 0 || end > end_max) {
        refuse(error, pointer + "/end_time", "range", "on the quarter, at most a day long");
    } else if (end <= start) {
        refuse(error, pointer + "/end_time", "invalid_interval");
    }
}

void check_frame(base::Error& error, const rules::Frame& frame, const std::string& pointer) {
    if (frame.periods.empty()) refuse(error, pointer + "/periods", "required");
    if (frame.weekdays.empty()) refuse(error, pointer + "/weekdays", "required");
    check_range(error, pointer, frame.start_minute, frame.end_minute,
                frame.start_minute + time::minutes_per_day);
    if (frame.valid_from && frame.valid_until && *frame.valid_until < *frame.valid_from) {
        refuse(error, pointer + "/valid_until", "invalid_interval");
    }
}

void check_exception(base::Error& error, const rules::DayException& day,
                     const std::string& pointer) {
    if (day.reason.size() > 200) refuse(error, pointer + "/reason", "length", "at most 200 bytes");
    for (std::size_t i = 0; i < day.ranges.size(); ++i) {
        const std::string at = pointer + "/ranges/" + std::to_string(i);
        check_range(error, at, day.ranges[i].start_minute, day.ranges[i].end_minute,
                    2 * time::minutes_per_day);
        if (i > 0 && day.ranges[i].start_minute < day.ranges[i - 1].end_minute) {
            refuse(error, at + "/start_time", "overlap");
        }
    }
}

/// What keeps a space from being shown to the public; empty when nothing does.
std::string unpublishable(const Space& space) {
    const bool offered = std::ranges::any_of(space.offers, &rules::Offer::active);
    if (!offered) return "no active offer";
    if (space.opening.frames.empty() && space.opening.exceptions.empty()) return "no opening hours";
    return space.capacity() > 0 ? "" : "no capacity";
}

}  // namespace

std::string_view to_string(SpaceKind kind) {
    return rules::kind_words()[static_cast<std::size_t>(kind)];
}

std::optional<SpaceKind> space_kind_from(std::string_view text) {
    const auto number = rules::word_number(rules::kind_words(), text);
    return number ? std::optional(static_cast<SpaceKind>(*number)) : std::nullopt;
}

base::Result<Space> edited(Space space, const SpaceEdit& edit, bool deliberated) {
    base::Error error{"invalid", {}, {}};
    const bool publishes = edit.published.value_or(false) && !space.published;
    if (edit.name) {
        space.name = text::collapsed(*edit.name);
        if (text::folded(space.name).empty()) refuse(error, "/name", "required");
    }
    const int capacity_before = space.capacity();
    for (const auto& [value, field, pointer] :
         {std::tuple{edit.capacity_seated, &space.capacity_seated, "/capacity_seated"},
          std::tuple{edit.capacity_standing, &space.capacity_standing, "/capacity_standing"}}) {
        if (!value) continue;
        if (*value < 0 || *value > capacity_max) refuse(error, pointer, "range", "0 to 5000");
        *field = *value;
    }
    const int capacity_after = space.capacity();
    for (rules::Offer& offer : space.offers) {
        const bool follows = offer.capacity == capacity_before;
        offer.capacity = follows ? capacity_after : std::min(offer.capacity, capacity_after);
    }
    if (edit.published) space.published = *edit.published;
    if (edit.pending_holds) space.pending_holds = *edit.pending_holds;
    if (edit.two_levels) space.two_levels = *edit.two_levels;
    if (edit.auto_accept) space.auto_accept = *edit.auto_accept;
    if (space.published) {
        const std::string why = unpublishable(space);
        if (!why.empty()) refuse(error, "/published", "not_bookable", why);
    }
    if (!error.fields.empty()) return std::unexpected(std::move(error));
    if (publishes && !deliberated) return base::fail_field("deliberation_required", "/published");
    return space;
}

base::Result<rules::Opening> checked(rules::Opening opening, const std::string& pointer) {
    base::Error error{"invalid", {}, {}};
    if (opening.frames.size() > frames_max) {
        refuse(error, pointer + "/frames", "range", "at most " + std::to_string(frames_max));
    }
    if (opening.exceptions.size() > exceptions_max) {
        refuse(error, pointer + "/exceptions", "range",
               "at most " + std::to_string(exceptions_max));
    }
    for (std::size_t i = 0; i < opening.frames.size(); ++i) {
        check_frame(error, opening.frames[i], pointer + "/frames/" + std::to_string(i));
    }
    for (rules::DayException& day : opening.exceptions) {
        std::ranges::sort(day.ranges, {}, &rules::MinuteRange::start_minute);
    }
    std::set<time::Date> days;
    for (std::size_t i = 0; i < opening.exceptions.size(); ++i) {
        const std::string at = pointer + "/exceptions/" + std::to_string(i);
        check_exception(error, opening.exceptions[i], at);
        if (!days.insert(opening.exceptions[i].date).second) {
            refuse(error, at + "/date", "duplicate");
        }
    }
    std::ranges::sort(opening.exceptions, {}, &rules::DayException::date);
    if (!error.fields.empty()) return std::unexpected(std::move(error));
    return opening;
}

}  // namespace preau::inventory
