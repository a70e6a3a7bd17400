#include "services/booking/domain/guard.hpp"

#include <algorithm>
#include <cassert>

namespace preau::booking {

namespace {

// No occurrence is longer than a day and no buffer longer than half of one: what lies further from
// the wanted time cannot touch it.
constexpr std::int64_t kReach_s = 2 * 86'400;
constexpr int kFactsRounds = 3;

time::Interval hull(const std::vector<rules::Slot>& slots) {
    assert(!slots.empty());
    time::Interval out = slots.front().interval;
    for (const auto& slot : slots) {
        out.start = std::min(out.start, slot.interval.start);
        out.end = std::max(out.end, slot.interval.end);
    }
    return out.grown(kReach_s, kReach_s);
}

Conflict conflict_of(const rules::Slot& slot, const rules::Verdict& verdict, const Place& place) {
    Conflict out{slot, verdict.state, verdict.reason, std::nullopt, {}};
    if (verdict.clash == nullptr) return out;
    out.clash = verdict.clash->interval;
    out.with = verdict.clash->booking;
    if (verdict.clash->offer != place.offer->id) {
        const auto* other = place.space->offer(verdict.clash->offer);
        if (other != nullptr) out.via = other->name;
    }
    return out;
}

std::string_view code_of(rules::SlotState state) {
    switch (state) {
        case rules::SlotState::taken:
        case rules::SlotState::pending:
            return "overlap";
        case rules::SlotState::buffer:
            return "buffer";
        case rules::SlotState::closed:
            return "closed";
        case rules::SlotState::past:
            return "past_start";
        case rules::SlotState::notice:
            return "notice_too_short";
        case rules::SlotState::horizon:
            return "beyond_horizon";
        case rules::SlotState::unknown:
            return "calendar_unknown";
        case rules::SlotState::free:
            break;
    }
    return "overlap";
}

/// Bumps the parts of the offer until the facts read after the bump are those that named the parts:
/// inventory's projector bumps the parts of a space that it changes, so this ends at once.
Outcome<Place> lock_place(Tx& tx, const Taking& taking) {
    auto place = taking.place ? Outcome<Place>(*taking.place) : place_of(tx, taking.offer);
    for (int round = 0; place && round < kFactsRounds; ++round) {
        const auto parts = place->offer->parts;
        if (!taking.unsafe.no_bump) {
            tx.bump(together(parts, taking.also), &taking.organisation, place->space->body);
        }
        auto again = place_of(tx, taking.offer);
        if (!again) return again;
        const bool same = again->offer->parts == parts;
        place = std::move(again);
        if (same) return place;
    }
    if (!place) return place;
    return refuse("overloaded", "the space changes all the time");
}

}  // namespace

std::vector<base::PartId> together(std::vector<base::PartId> parts,
                                   const std::vector<base::PartId>& also) {
    parts.insert(parts.end(), also.begin(), also.end());
    std::ranges::sort(parts);
    const auto [first, last] = std::ranges::unique(parts);
    parts.erase(first, last);
    return parts;
}

base::Result<UnsafeGuard> unsafe_guard_from(std::string_view list) {
    UnsafeGuard out;
    while (!list.empty()) {
        const auto comma = list.find(',');
        const auto word = list.substr(0, comma);
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
        if (word == "no_bump") {
            out.no_bump = true;
        } else if (word == "no_key") {
            out.no_key = true;
        } else if (word == "no_check") {
            out.no_check = true;
        } else {
            return base::fail("invalid", "unknown switch: " + std::string(word));
        }
    }
    return out;
}

Outcome<Place> place_of(Tx& tx, const base::OfferId& offer) {
    Place out;
    out.space = tx.space_of_offer(offer);
    if (!out.space) return refuse("not_found", "offer");
    out.offer = out.space->offer(offer);
    if (out.offer == nullptr) return refuse("not_found", "offer");
    out.calendar = tx.calendar_of(*out.space);
    return out;
}

std::vector<JudgedSlot> judge_slots(Tx& tx, const Place& place,
                                    const std::vector<rules::Slot>& slots, const Question& question,
                                    bool ignore_occupations) {
    std::vector<rules::Occupation> occupations;
    if (!ignore_occupations) {
        occupations = tx.occupations(place.offer->parts, hull(slots));
        if (!question.booking.empty()) {
            std::erase_if(occupations,
                          [&](const auto& o) { return o.booking == question.booking; });
        }
    }
    const rules::SpaceFacts facts{&place.space->opening, &place.calendar.calendar,
                                  &place.space->zone,
                                  place.space->pending_holds || question.pending_counts};
    const rules::Asker asker{question.organisation, question.staff, question.days.first,
                             question.days.last};
    rules::Offer offer = *place.offer;
    if (question.buffers) {
        offer.buffer_before_min = static_cast<int>(question.buffers->before_s / 60);
        offer.buffer_after_min = static_cast<int>(question.buffers->after_s / 60);
    }
    std::vector<JudgedSlot> out;
    out.reserve(slots.size());
    for (const auto& slot : slots) {
        const bool went_by = question.past_too && slot.interval.start < question.now;
        const auto at =
            went_by ? place.space->zone.instant_or_jump(slot.local_date, 0) : question.now;
        const auto verdict = rules::judge(slot, offer, facts, asker, occupations, at);
        JudgedSlot judged{slot, verdict.state, {}};
        if (verdict.state != rules::SlotState::free || !verdict.reason.empty()) {
            judged.conflict = conflict_of(slot, verdict, place);  // or what is only asked for
        }
        out.push_back(std::move(judged));
    }
    return out;
}

std::vector<rules::Slot> free_slots(const std::vector<JudgedSlot>& judged) {
    std::vector<rules::Slot> out;
    for (const auto& one : judged) {
        if (one.state == rules::SlotState::free) out.push_back(one.slot);
    }
    return out;
}

Refusal refusal_of(const std::vector<JudgedSlot>& judged, const time::Zone& zone) {
    std::string_view code;
    std::vector<Conflict> conflicts;
    for (const auto& one : judged) {
        if (one.state == rules::SlotState::free) continue;
        conflicts.push_back(one.conflict);
        const auto its = code_of(one.state);
        if (code.empty() || its == "overlap" || (its == "buffer" && code != "overlap")) code = its;
    }
    Refusal out(base::Error{std::string(code.empty() ? "overlap" : code), {}, {}});
    if (out.error.code != "overlap" && out.error.code != "buffer") {
        out.error.fields.push_back(
            {"/when", out.error.code, conflicts.front().slot.local_date.iso()});
    }
    out.conflicts = std::move(conflicts);
    out.zone = zone;
    return out;
}

Outcome<Booking> take_time(Tx& tx, const Taking& taking) {
    const auto place = lock_place(tx, taking);
    if (!place) return std::unexpected(place.error());

    const auto plan = taking.plan(*place);
    if (!plan) return std::unexpected(plan.error());
    assert(!plan->slots.empty());

    const Question question{taking.organisation, taking.booking, taking.staff,   taking.now, false,
                            taking.buffers,      taking.days,    taking.past_too};
    const auto judged = judge_slots(tx, *place, plan->slots, question, taking.unsafe.no_check);
    const auto is_free = [](const JudgedSlot& one) { return one.state == rules::SlotState::free; };
    const bool any_free = std::ranges::any_of(judged, is_free);
    const bool all_free = std::ranges::all_of(judged, is_free);
    if (!any_free || (!all_free && !plan->skip_conflicts)) {
        return std::unexpected(refusal_of(judged, place->space->zone));
    }

    auto booking = taking.write(*place, judged);
    if (!booking) return booking;
    if (booking->hold == Hold::none) return booking;
    if (!taking.booking.empty()) tx.free_all(booking->id);  // what it had only asked for
    if (!tx.take(*booking, !taking.unsafe.no_key)) {
        // The key spoke where the check did not see: say which dates, and leave no trace.
        Question again = question;
        again.booking = booking->id;
        again.pending_counts = true;
        return std::unexpected(
            refusal_of(judge_slots(tx, *place, plan->slots, again), place->space->zone));
    }
    return booking;
}

}  // namespace preau::booking
