#include "shared/rules/availability.hpp"

#include <algorithm>
#include <utility>

namespace preau::rules {
namespace {

using base::Instant;
using time::Date;
using time::Interval;
using time::minutes_per_day;

constexpr std::int64_t kSecondsPerMinute = 60;
constexpr time::Minute kYesterdayUntil = 60;  // staff may still enter yesterday's in the first hour

/// The first instant that the asker may take: now, for staff the start of the local day (S09).
Instant earliest_start(const Asker& asker, const time::Zone& zone, Instant now) {
    if (!asker.staff) return now;
    const auto local = zone.local(now);
    const Date day = local.minute() < kYesterdayUntil ? local.date - 1 : local.date;
    return zone.instant_or_jump(day, 0);
}

/// Whether the frames hold the slot: those of its day, of the evening before (open past midnight,
/// S39) and of the next day (a slot over midnight).
Verdict opening_verdict(const Slot& slot, const SpaceFacts& facts) {
    std::vector<Interval> open;
    bool unknown = false;
    const bool over_midnight = slot.end_minute > minutes_per_day;
    for (const std::int32_t day : {-1, 0, 1}) {
        if (day == 1 && !over_midnight) continue;
        auto of_day =
            open_intervals(*facts.opening, *facts.calendar, *facts.zone, slot.local_date + day);
        if (of_day) {
            open.insert(open.end(), of_day->begin(), of_day->end());
        } else if (day >= 0) {
            unknown = true;
        }
    }
    open = time::merged(std::move(open));
    const bool held =
        std::ranges::any_of(open, [&](const Interval& i) { return i.contains(slot.interval); });
    if (held) return {};
    if (unknown) return {SlotState::unknown, "calendar_unknown", nullptr};
    return {SlotState::closed,
            std::string(closed_reason(*facts.opening, *facts.calendar, slot.local_date)), nullptr};
}

/// What the occupation does to the slot. A buffer must be free of the other's event, but buffers
/// may overlap one another (S44); none between bookings of the same hirer and offer.
SlotState clash_of(const Slot& slot, const Offer& offer, const SpaceFacts& facts,
                   const Asker& asker, const Occupation& other) {
    if (!std::ranges::binary_search(offer.parts, other.part)) return SlotState::free;
    const bool meets = slot.interval.overlaps(other.interval);
    if (other.kind == OccupationKind::closure) {
        return meets ? SlotState::closed : SlotState::free;
    }
    if (other.kind == OccupationKind::pending && !facts.pending_holds) return SlotState::free;
    if (meets) {
        return other.kind == OccupationKind::taken ? SlotState::taken : SlotState::pending;
    }
    const bool same_hirer = !asker.organisation.empty() &&
                            asker.organisation == other.organisation && offer.id == other.offer;
    if (same_hirer) return SlotState::free;
    const Interval ours = slot.interval.grown(offer.buffer_before_min * kSecondsPerMinute,
                                              offer.buffer_after_min * kSecondsPerMinute);
    const Interval theirs = other.interval.grown(other.buffer_before_s, other.buffer_after_s);
    const bool too_close = ours.overlaps(other.interval) || theirs.overlaps(slot.interval);
    return too_close ? SlotState::buffer : SlotState::free;
}

/// The order in which clashes are told: closure, taken, pending, buffer.
int rank(SlotState state) {
    switch (state) {
        case SlotState::closed:
            return 0;
        case SlotState::taken:
            return 1;
        case SlotState::pending:
            return 2;
        case SlotState::buffer:
            return 3;
        default:
            return 4;
    }
}

/// A pending request of a space that does not hold: no clash, but worth telling (S83).
bool only_requested(const Slot& slot, const Offer& offer, const Occupation& other) {
    return other.kind == OccupationKind::pending && slot.interval.overlaps(other.interval) &&
           std::ranges::binary_search(offer.parts, other.part);
}

Verdict occupation_verdict(const Slot& slot, const Offer& offer, const SpaceFacts& facts,
                           const Asker& asker, std::span<const Occupation> occupations) {
    Verdict worst;
    for (const Occupation& other : occupations) {
        const SlotState state = clash_of(slot, offer, facts, asker, other);
        if (state == SlotState::free) {
            if (worst.clash == nullptr && only_requested(slot, offer, other)) {
                worst = {SlotState::free, "requested", &other};
            }
            continue;
        }
        const bool worse = rank(state) < rank(worst.state);
        const bool earlier = worst.state == state && other.interval < worst.clash->interval;
        if (!worse && !earlier) continue;
        worst.state = state;
        worst.clash = &other;
        worst.reason = state == SlotState::closed ? to_string(other.closure) : to_string(state);
    }
    return worst;
}

}  // namespace

std::string_view to_string(SlotState state) {
    switch (state) {
        case SlotState::free:
            return "free";
        case SlotState::taken:
            return "taken";
        case SlotState::pending:
            return "pending";
        case SlotState::closed:
            return "closed";
        case SlotState::buffer:
            return "buffer";
        case SlotState::past:
            return "past";
        case SlotState::notice:
            return "notice";
        case SlotState::horizon:
            return "horizon";
        case SlotState::unknown:
            return "unknown";
    }
    return "unknown";
}

std::string_view to_string(ClosureKind kind) {
    switch (kind) {
        case ClosureKind::closure:
            return "closure";
        case ClosureKind::school_need:
            return "school_need";
        case ClosureKind::works:
            return "works";
    }
    return "closure";
}

std::optional<ClosureKind> closure_kind_from(std::string_view text) {
    for (const auto kind : {ClosureKind::closure, ClosureKind::school_need, ClosureKind::works}) {
        if (to_string(kind) == text) return kind;
    }
    return std::nullopt;
}

char strip_letter(SlotState state) {
    switch (state) {
        case SlotState::free:
            return 'f';
        case SlotState::taken:
            return 't';
        case SlotState::pending:
            return 'p';
        case SlotState::closed:
            return 'c';
        case SlotState::buffer:
            return 'b';
        default:
            return 'x';
    }
}

std::string_view closed_reason(const Opening& opening, const Calendar& calendar, Date date) {
    if (exception_on(opening, date) != nullptr) return "exception";
    if (!opening.open_on_public_holidays && calendar.public_holiday(date) != nullptr) {
        return "public_holiday";
    }
    return "frames";
}

SlotState BookableWindow::state_of(const Slot& slot) const {
    if (slot.interval.start < earliest) return SlotState::past;
    if (slot.local_date < first) return SlotState::notice;
    if (slot.local_date > last) return SlotState::horizon;
    return SlotState::free;
}

AskedAt asked_at(const time::Zone& zone, const Asker& asker, Instant now) {
    AskedAt out{earliest_start(asker, zone, now), zone.local(now).date, std::nullopt,
                asker.first_day, asker.last_day};
    if (asker.staff) out.entry_day = zone.local(out.earliest).date;
    return out;
}

// Notice and horizon in local calendar days, not in times 24 hours (R-01, R-02, S48).
BookableWindow bookable_window(const Offer& offer, const AskedAt& asked) {
    const Date noticed = asked.today + offer.notice_days;
    const Date horizon = asked.today + offer.horizon_days;
    const Date first =
        asked.entry_day.value_or(std::max(noticed, asked.first_day.value_or(noticed)));
    return {asked.earliest, first, std::min(horizon, asked.last_day.value_or(horizon))};
}

BookableWindow bookable_window(const Offer& offer, const time::Zone& zone, const Asker& asker,
                               Instant now) {
    return bookable_window(offer, asked_at(zone, asker, now));
}

Verdict judge(const Slot& slot, const Offer& offer, const SpaceFacts& facts, const Asker& asker,
              std::span<const Occupation> occupations, Instant now) {
    const SlotState window = bookable_window(offer, *facts.zone, asker, now).state_of(slot);
    if (window != SlotState::free) {
        const bool own = window == SlotState::notice &&
                         slot.local_date >= facts.zone->local(now).date + offer.notice_days;
        return {window, std::string(own ? "first_use" : to_string(window)), nullptr};
    }
    Verdict closed = opening_verdict(slot, facts);
    if (closed.state != SlotState::free) return closed;
    return occupation_verdict(slot, offer, facts, asker, occupations);
}

base::Result<void> check_shape(const Recurrence& rule, const Offer& offer, int headcount) {
    const time::Minute off = rule.start_minute % offer.grid_min;
    if (off != 0) {
        const time::Minute before = rule.start_minute - off;
        std::string nearest = time::format_minute(before);
        if (before + offer.grid_min < minutes_per_day) {
            nearest += " " + time::format_minute(before + offer.grid_min);
        }
        return base::fail_field("invalid_start", "/when/start_time", std::move(nearest));
    }
    const time::Minute duration = rule.end_minute - rule.start_minute;
    if (duration % offer.grid_min != 0) {
        return base::fail_field("invalid_duration", "/when/end_time",
                                "a multiple of " + std::to_string(offer.grid_min) + " min");
    }
    if (duration < offer.duration_min_min || duration > offer.duration_max_min) {
        return base::fail_field("invalid_duration", "/when/end_time",
                                std::to_string(offer.duration_min_min) + ".." +
                                    std::to_string(offer.duration_max_min) + " min");
    }
    if (headcount > offer.capacity) {
        return base::fail_field("capacity", "/headcount", std::to_string(offer.capacity));
    }
    return {};
}

}  // namespace preau::rules
