// Other hours, another day or another offer of the same space: every date that is meant, or none.

#include <algorithm>

#include "services/booking/domain/acting.hpp"
#include "services/booking/domain/dates.hpp"
#include "services/booking/domain/deadlines.hpp"
#include "services/booking/domain/desk.hpp"

namespace preau::booking {

namespace {

struct Moved {
    base::OccurrenceId id;
    rules::Slot before;
    rules::Slot after;
};

/// The dates that the scope takes along: they keep time and have not begun.
Outcome<std::vector<Moved>> chosen(const Booking& booking, const MoveRequest& request,
                                   base::Instant now) {
    const auto named = std::ranges::find(booking.occurrences, request.occurrence, &Occurrence::id);
    if (named == booking.occurrences.end()) return refuse("not_found", "occurrence");
    std::vector<Moved> out;
    for (const auto* one : booking.kept()) {
        if (one->slot.interval.start <= now) continue;
        const bool meant = request.scope == MoveScope::future || one->id == named->id ||
                           (request.scope == MoveScope::following &&
                            one->slot.interval.start >= named->slot.interval.start);
        if (meant) out.push_back({one->id, one->slot, one->slot});
    }
    const bool itself = std::ranges::any_of(out, [&](const Moved& m) { return m.id == named->id; });
    if (out.empty() || (request.scope != MoveScope::future && !itself)) {
        Refusal refusal(base::Error{"invalid_transition", named->slot.local_date.iso(), {}});
        refusal.state = booking.state;
        return std::unexpected(std::move(refusal));
    }
    return out;
}

/// Where each goes: a wall time of the site's zone, so that both clock changes are right.
Outcome<void> aim(std::vector<Moved>& moves, const MoveRequest& request, const Place& place,
                  int headcount) {
    for (auto& move : moves) {
        rules::Recurrence there;
        const auto date = move.before.local_date;
        there.from = request.date      ? *request.date
                     : request.weekday ? date.monday() + static_cast<std::int32_t>(*request.weekday)
                                       : date;
        there.until = there.from;
        there.start_minute = request.start_minute.value_or(move.before.start_minute);
        there.end_minute = request.end_minute.value_or(move.before.end_minute);
        if (auto shape = rules::check_shape(there, *place.offer, headcount); !shape) {
            return std::unexpected(Refusal(shape.error()));
        }
        auto slot = rules::expand(there, place.space->zone, place.calendar.calendar);
        if (!slot) {
            auto error = slot.error();
            if (error.fields.empty()) error.fields.push_back({"/when", error.code, error.detail});
            return std::unexpected(Refusal(std::move(error)));
        }
        move.after = slot->slots.front();
    }
    return {};
}

/// Puts the dates where they go; they keep their ids. A day on which the booking has (or had)
/// another date is refused: its price goes by the day.
Outcome<void> put(Booking& booking, const std::vector<Moved>& moves, const rules::Offer& offer) {
    for (auto& one : booking.occurrences) {
        const auto move = std::ranges::find(moves, one.id, &Moved::id);
        if (move != moves.end()) one.slot = move->after;
    }
    std::ranges::sort(booking.occurrences, {}, [](const Occurrence& one) {
        return std::pair(one.slot.interval.start, one.id.str());
    });
    for (std::size_t i = 1; i < booking.occurrences.size(); ++i) {
        const auto& one = booking.occurrences[i - 1].slot;
        const auto& next = booking.occurrences[i].slot;
        if (one.local_date == next.local_date || one.interval.overlaps(next.interval)) {
            return refuse_field("self_overlap", "/date", next.local_date.iso());
        }
    }
    if (booking.offer != offer.id) {
        booking.offer = offer.id;
        booking.offer_name = offer.name;
        booking.parts = offer.parts;
        std::ranges::sort(booking.parts);
        for (auto& one : booking.occurrences) {
            one.buffer_before_s = offer.buffer_before_min * 60;
            one.buffer_after_s = offer.buffer_after_min * 60;
        }
    }
    booking.summarise();
    return {};
}

/// The lines of an agreed price go with the dates that they pay for; what is owed stays.
void follow(rules::Price& price, const std::vector<Moved>& moves) {
    for (auto& line : price.lines) {
        for (auto& date : line.dates) {
            const auto move = std::ranges::find(
                moves, date, [](const Moved& one) { return one.before.local_date; });
            if (move != moves.end()) date = move->after.local_date;
        }
    }
}

bool same_length(const std::vector<Moved>& moves) {
    return std::ranges::all_of(moves, [](const Moved& one) {
        return one.before.end_minute - one.before.start_minute ==
               one.after.end_minute - one.after.start_minute;
    });
}

/// The rule follows where all of the booking moved; else its dates alone tell what was agreed.
void follow(rules::Recurrence& when, const Booking& booking, const std::vector<Moved>& moves,
            const MoveRequest& request) {
    if (moves.size() != booking.kept().size()) return;
    when.start_minute = moves.front().after.start_minute;
    when.end_minute = moves.front().after.end_minute;
    const auto date = moves.front().after.local_date;
    if (when.kind == rules::RecurrenceKind::single) {
        when.from = when.until = date;
    } else if (when.kind == rules::RecurrenceKind::dates) {
        when.dates.clear();
        for (const auto* one : booking.kept())
            when.dates.push_back(one->slot.local_date);
    } else if (request.weekday && when.kind == rules::RecurrenceKind::weekly &&
               when.weekdays.size() == 1) {
        when.weekdays = {*request.weekday};
        when.from = std::min(when.from, date);
        when.until = std::max(when.until, moves.back().after.local_date);
    }
}

/// What is wanted of the guard, with `booking` as it would then be.
Outcome<Plan> plan_of_move(Booking& booking, std::vector<Moved>& moves, const MoveRequest& request,
                           const Place& place, std::size_t cells_max) {
    if (place.space->id != booking.space) return refuse_field("not_found", "/offer_id");
    if (!place.offer->active) return refuse_field("not_bookable", "/offer_id", "not active");
    if (const auto aimed = aim(moves, request, place, booking.headcount); !aimed) {
        return std::unexpected(aimed.error());
    }
    if (const auto done = put(booking, moves, *place.offer); !done) {
        return std::unexpected(done.error());
    }
    Plan plan;
    for (const auto& one : moves)
        plan.slots.push_back(one.after);
    std::vector<rules::Slot> all;
    for (const auto* one : booking.kept())
        all.push_back(one->slot);
    if (cells_of(all, booking.parts.size()) > cells_max) {
        return refuse_field("series_too_long", "/end_time", std::to_string(cells_max));
    }
    return plan;
}

std::string hash_of(const Booking& booking) {
    std::vector<rules::Slot> slots;
    for (const auto& one : booking.occurrences)
        slots.push_back(one.slot);
    return request_hash(booking.organisation, booking.offer, slots);
}

/// A granted booking whose hirer wants other times is a request again (S89).
void ask_college_again(Booking& booking, const Place& place, base::Instant now, int working_days) {
    booking.state = *next_state(booking.state, Act::ask_other_dates, Party::hirer);
    booking.decision.reset();
    booking.free_ground.clear();
    booking.endorsed_by.clear();
    booking.hold = place.space->pending_holds ? Hold::pending : Hold::requested;
    booking.answer_by =
        answer_deadline(now, working_days, place.calendar.calendar, place.space->zone);
}

}  // namespace

/// Before the decision its hirer moves a request; after it the college, and the hirer only of what
/// costs nothing.
Outcome<Desk::Acting> Desk::for_move(Tx& tx, const Actor& actor, const base::BookingId& id,
                                     std::int64_t version) const {
    auto as_hirer = for_dates(tx, actor, id, version);
    if (!as_hirer && as_hirer.error().error.code != "forbidden") return as_hirer;
    if (as_hirer) {
        // Who asked at the counter may decide too.
        as_hirer->by_body =
            granted(as_hirer->booking.state) && decides_for_body(actor, as_hirer->booking);
        return as_hirer;
    }
    auto acting = for_body(tx, actor, id);
    if (!acting) return acting;
    acting->by_body = true;
    if (version != acting->booking.version) {
        return refuse("stale_version", std::to_string(acting->booking.version));
    }
    if (!granted(acting->booking.state)) {
        Refusal refusal(base::Error{"invalid_transition", {}, {}});
        refusal.state = acting->booking.state;
        return std::unexpected(std::move(refusal));
    }
    if (acting->booking.deferred) {
        if (const auto done = settle_booking(tx, acting->booking); !done) {
            return std::unexpected(done.error());
        }
    }
    return acting;
}

Outcome<Booking> Desk::move(Tx& tx, const Actor& actor, const base::BookingId& id,
                            std::int64_t version, const MoveRequest& request) const {
    auto acting = for_move(tx, actor, id, version);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = acting->booking;
    const bool by_body = acting->by_body;
    const bool ask_again = granted(booking.state) && !by_body;
    if (ask_again && !booking.free_of_charge()) return refuse("price_settled");
    auto moves = chosen(booking, request, now());
    if (!moves) return std::unexpected(moves.error());
    const auto offer = request.offer.value_or(booking.offer);
    if (offer != booking.offer && moves->size() != booking.kept().size()) {
        return refuse_input("/offer_id", "range", "a series that has begun keeps its offer");
    }

    const State from = booking.state;
    const auto agreed_space = tx.space_of_offer(booking.offer);
    Taking taking;
    taking.offer = offer;
    taking.organisation = booking.organisation;
    taking.booking = booking.id;
    taking.staff = acting->role != "hirer";
    taking.now = now();
    if (offer == booking.offer) taking.buffers = booking.buffers();
    if (const auto asked = place_of(tx, offer)) {
        taking.days = days_for(tx, *asked, booking.organisation, taking.staff, booking.when);
    }
    taking.unsafe = settings_.unsafe;
    taking.plan = [&](const Place& place) -> Outcome<Plan> {
        const auto* old = agreed_space ? agreed_space->offer(booking.offer) : nullptr;
        const bool same_kind = old != nullptr && old->tariff_kind == place.offer->tariff_kind;
        auto plan = plan_of_move(booking, *moves, request, place, settings_.cells_max);
        const bool agreed = by_body && !booking.free_of_charge();
        if (plan && agreed && !(same_length(*moves) && same_kind)) return refuse("price_settled");
        return plan;
    };
    taking.write = [&](const Place& place, const std::vector<JudgedSlot>&) -> Outcome<Booking> {
        if (by_body && booking.price && !booking.free_of_charge()) {
            follow(*booking.price, *moves);
        } else if (const auto done = price_dates(tx, place, booking); !done) {
            return std::unexpected(done.error());
        }
        follow(booking.when, booking, *moves, request);
        booking.request_hash = hash_of(booking);
        if (granted(booking.state) && !ask_again) cover_dates(tx, booking);
        if (ask_again) ask_college_again(booking, place, now(), settings_.answer_working_days);
        if (const auto saved = save(tx, booking, Act::reopen); !saved) {
            return std::unexpected(saved.error());
        }
        tx.rewrite(booking);
        return booking;
    };
    auto taken = take_time(tx, taking);
    if (!taken) return taken;
    std::vector<DateChange> changes;
    for (const auto& one : *moves)
        changes.push_back({one.id, one.before, one.after});
    note_changes(tx, *taken, from, ask_again ? "ask_other_dates" : "move", acting->role, actor.id,
                 std::move(changes), {});
    tx.publish_occupancy(*taken, now());
    if (ask_again) tx.publish_booking(*taken, "submitted", now());
    tx.publish_change(*taken, ask_again ? "ask_other_dates" : "move", now());
    return taken;
}

}  // namespace preau::booking
