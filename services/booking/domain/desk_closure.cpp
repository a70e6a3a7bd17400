// Closures and school needs: they occupy parts as intervals, may overlap one another, list the
// bookings that they touch, and push them aside only with force.

#include <algorithm>

#include "services/booking/domain/acting.hpp"
#include "services/booking/domain/desk.hpp"
#include "services/booking/domain/papers.hpp"
#include "services/booking/domain/refund.hpp"

namespace preau::booking {

namespace {

constexpr std::int32_t kClosureDaysMax = 550;
constexpr std::size_t kClosureIntervalsMax = 6'000;
constexpr std::string_view kReasonClosure = "closure";

struct Where {
    std::vector<SpaceRef> spaces;  // all of one site
    std::vector<base::PartId> parts;
};

Outcome<Where> where_of(Tx& tx, const ClosureRequest& request) {
    Where out;
    if (request.site) {
        out.spaces = tx.spaces_of_site(*request.site);
        if (out.spaces.empty()) return refuse_field("not_found", "/site_id");
    } else if (request.space) {
        if (auto space = tx.space(*request.space)) out.spaces.push_back(std::move(space));
        if (out.spaces.empty()) return refuse_field("not_found", "/space_id");
    } else {
        for (const auto& part : request.parts) {
            auto space = tx.space_of_part(part);
            if (!space) return refuse_field("not_found", "/part_ids");
            out.spaces.push_back(std::move(space));
            out.parts.push_back(part);
        }
        if (out.spaces.empty()) return refuse_input("/part_ids", "required");
    }
    if (request.site || request.space) {
        for (const auto& space : out.spaces) {
            out.parts.insert(out.parts.end(), space->parts.begin(), space->parts.end());
        }
    }
    std::ranges::sort(out.parts);
    const auto [first, last] = std::ranges::unique(out.parts);
    out.parts.erase(first, last);
    const auto& site = out.spaces.front()->site;
    if (std::ranges::any_of(out.spaces, [&](const auto& s) { return s->site != site; })) {
        return refuse_field("invalid", "/part_ids", "parts of several sites");
    }
    return out;
}

Outcome<std::vector<time::Interval>> hours_of(const ClosureRequest& request,
                                              const time::Zone& zone) {
    if (request.until < request.from) return refuse_field("invalid_interval", "/until");
    if (request.until - request.from > kClosureDaysMax) {
        return refuse_input("/until", "range", std::to_string(kClosureDaysMax));
    }
    std::vector<time::Interval> out;
    if (!request.start_minute || !request.end_minute) {
        out.push_back(
            {zone.instant_or_jump(request.from, 0), zone.instant_or_jump(request.until + 1, 0)});
        return out;
    }
    if (*request.end_minute <= *request.start_minute) {
        return refuse_field("invalid_interval", "/end_time");
    }
    for (auto day = request.from; day <= request.until; day = day + 1) {
        const time::Interval hours{zone.instant_or_jump(day, *request.start_minute),
                                   zone.instant_or_jump(day, *request.end_minute)};
        if (!hours.empty()) out.push_back(hours);
    }
    if (out.empty()) return refuse_field("invalid_interval", "/start_time");
    return out;
}

/// The part of each interval that is still to come: nobody is pushed out of time that is past.
std::vector<PartInterval> to_come(const std::vector<PartInterval>& intervals, base::Instant now) {
    std::vector<PartInterval> out;
    for (auto one : intervals) {
        one.interval.start = std::max(one.interval.start, now);
        if (!one.interval.empty()) out.push_back(one);
    }
    return out;
}

bool touches(const Closure& closure, const std::vector<base::PartId>& parts,
             const Occurrence& occurrence, base::Instant now) {
    if (occurrence.slot.interval.end <= now) return false;
    return std::ranges::any_of(closure.intervals, [&](const PartInterval& one) {
        return one.interval.overlaps(occurrence.slot.interval) &&
               std::ranges::find(parts, one.part) != parts.end();
    });
}

/// What a closure takes of some dates, and whether any other is still to come.
struct Swept {
    std::vector<time::Interval> gone;
    std::vector<time::Date> gone_dates;
    bool some_left = false;
};

Swept sweep(const Closure& closure, const std::vector<base::PartId>& parts,
            std::vector<Occurrence>& occurrences, base::Instant now) {
    Swept out;
    for (auto& occurrence : occurrences) {
        if (!keeps_time(occurrence.state)) continue;
        if (touches(closure, parts, occurrence, now)) {
            occurrence.state = OccurrenceState::cancelled;
            occurrence.reason = kReasonClosure;
            out.gone.push_back(occurrence.slot.interval);
            out.gone_dates.push_back(occurrence.slot.local_date);
        } else if (occurrence.slot.interval.start > now) {
            out.some_left = true;
        }
    }
    return out;
}

/// Takes the dates out of a proposal; what is left costs no more than before.
void sweep_proposal(const Closure& closure, Proposal& proposal, base::Instant now, Swept& out) {
    out = sweep(closure, proposal.parts, proposal.occurrences, now);
    if (out.gone.empty() || !proposal.price) return;
    std::vector<rules::Slot> slots;
    for (const auto* one : proposal.kept())
        slots.push_back(one->slot);
    proposal.price = price_part(*std::move(proposal.price), slots);
}

}  // namespace

Outcome<Closure> Desk::lay_closure(Tx& tx, const Actor& actor,
                                   const ClosureRequest& request) const {
    const auto where = where_of(tx, request);
    if (!where) return std::unexpected(where.error());
    for (const auto& space : where->spaces) {
        if (!actor.works_at(space->body, space->establishment)) return refuse("not_found", "site");
        if (!actor.holds(PostRole::manager, space->body, space->establishment)) {
            return refuse("forbidden", "role");
        }
    }
    const Space& first = *where->spaces.front();
    const auto hours = hours_of(request, first.zone);
    if (!hours) return std::unexpected(hours.error());
    if (hours->back().end <= now()) return refuse_field("past_start", "/until");
    if (hours->size() * where->parts.size() > kClosureIntervalsMax) {
        return refuse_input("/until", "range", std::to_string(kClosureIntervalsMax));
    }

    Closure closure;
    closure.id = base::ClosureId::make();
    closure.body = first.body;
    closure.establishment = first.establishment;
    closure.site = first.site;
    closure.kind = request.kind;
    closure.reason = request.reason;
    closure.from = request.from;
    closure.until = request.until;
    closure.start_minute = request.start_minute;
    closure.end_minute = request.end_minute;
    closure.created_by = actor.id;
    closure.created_at = now();
    closure.zone = first.zone;
    for (const auto& part : where->parts) {
        for (const auto& interval : *hours)
            closure.intervals.push_back({part, interval});
    }

    if (!settings_.unsafe.no_bump) tx.bump(where->parts, nullptr, first.body);
    const auto touched = tx.touched(to_come(closure.intervals, now()));
    if (!touched.empty() && !request.force) {
        Refusal refusal(base::Error{"closure_touches_bookings", {}, {}});
        refusal.touched = touched;
        refusal.zone = first.zone;
        return std::unexpected(std::move(refusal));
    }
    for (const auto& one : touched) {
        if (const auto done = push_aside(tx, actor, closure, one); !done) {
            return std::unexpected(done.error());
        }
    }
    tx.insert_closure(closure);
    tx.publish_closure(closure, now());
    return closure;
}

Outcome<void> Desk::push_aside(Tx& tx, const Actor& actor, const Closure& closure,
                               const TouchedBooking& touched) const {
    auto found = tx.find(touched.id);
    if (!found) return {};
    Booking booking = *std::move(found);
    if (const auto done = settle_booking(tx, booking); !done) return done;
    if (booking.hold == Hold::none) return {};  // its cancellation stood with that

    const State from = booking.state;
    const std::string role(actor.role_at(closure.body, closure.establishment));
    const auto own = sweep(closure, booking.parts, booking.occurrences, now());
    Swept offered;
    if (booking.proposal) sweep_proposal(closure, *booking.proposal, now(), offered);
    if (own.gone.empty() && offered.gone.empty()) return {};
    const auto refund_dates = [&] {
        if (!booking.price) return;
        order_refund(tx, booking, refund_in_full(*booking.price, own.gone_dates), kReasonClosure);
    };
    tx.update_occurrences(booking);
    booking.summarise();
    // Where a proposal stands it is what can still be had.
    if (booking.proposal ? offered.some_left : own.some_left) {
        if (const auto saved = save(tx, booking, Act::cancel); !saved) return saved;
        if (booking.proposal) {
            tx.update_proposal(booking);
            tx.free_all(booking.id);  // they may lie over one another
            tx.take(booking, true);
        } else {
            for (const auto& interval : own.gone)
                tx.free_one(booking, interval);
        }
        note(tx, booking, from, "cancel_dates", role, actor.id, std::string(kReasonClosure),
             closure.reason);
        tx.publish_occupancy(booking, now());
        refund_dates();
        return {};
    }
    // A request that was never answered is refused; what was granted is cancelled.
    const Act act = unanswered(booking.state) ? Act::refuse : Act::cancel;
    auto to = next_state(booking.state, act, Party::body);
    // Where it is the hirer's turn nothing is left that he could answer.
    if (!to) to = next_state(booking.state, act, Party::rules);
    if (!to) return refuse("invalid_transition");
    booking.state = *to;
    booking.decision = Decision{role, actor.id, now(), std::string(kReasonClosure), closure.reason};
    if (const auto done = release_stands(tx, booking, act == Act::refuse ? "refused" : "cancelled");
        !done) {
        return done;
    }
    note(tx, booking, from, to_string(act), role, actor.id, std::string(kReasonClosure),
         closure.reason);
    refund_dates();
    return {};
}

Outcome<Closure> Desk::lift_closure(Tx& tx, const Actor& actor, const base::ClosureId& id) const {
    auto closure = tx.find_closure(id);
    if (!closure || !actor.works_at(closure->body, closure->establishment)) {
        return refuse("not_found", "closure");
    }
    if (!actor.holds(PostRole::manager, closure->body, closure->establishment)) {
        return refuse("forbidden", "role");
    }
    if (!closure->active) return *std::move(closure);
    if (!tx.lift_closure(*closure)) return refuse("stale_version");
    tx.publish_closure(*closure, now());
    return *std::move(closure);
}

Outcome<Checks> Desk::checks(Tx& tx, const Actor& actor, const base::BookingId& id) const {
    const auto booking = look(tx, actor, id);
    if (!booking) return std::unexpected(booking.error());
    if (!actor.works_at(booking->body, booking->establishment)) return refuse("forbidden", "role");
    Checks out;
    for (const auto act :
         {Act::accept, Act::endorse, Act::ask_documents, Act::propose, Act::refuse}) {
        if (!decides_for_body(actor, *booking)) break;
        const bool may = next_state(booking->state, act, decider_of(actor, *booking)).has_value();
        if (may && !(act == Act::accept && endorsed_himself(actor, *booking))) {
            out.acts.push_back(act);
        }
    }
    out.affiliation = tx.affiliation(booking->organisation, booking->body);
    out.competing = tx.competing(*booking);
    out.debt = debt_of(tx, booking->organisation, booking->establishment, booking->zone);
    out.past = tx.past(booking->organisation, booking->establishment, booking->id);
    out.ground_needed = booking->free_of_charge() && ground_of(tx, *booking, {}).empty();
    out.insurance_covers_all = std::ranges::all_of(booking->kept(), [&](const Occurrence* one) {
        return insured_on(one->slot, out.affiliation.insurance_valid_until);
    });
    out.contract_needed = contract_missing(tx, *booking);
    const auto place = place_of(tx, booking->offer);
    if (!place) return out;  // withdrawn from inventory: nothing to judge it by
    out.capacity = place->offer->capacity;
    out.auto_accept = place->space->auto_accept;
    if (out.auto_accept) out.auto_obstacles = obstacles_of(tx, *place->space, *booking);
    std::vector<rules::Slot> slots;
    for (const auto* occurrence : booking->kept())
        slots.push_back(occurrence->slot);
    if (slots.empty()) return out;
    const Question question{booking->organisation, booking->id, true, now(), false,
                            booking->buffers()};
    out.dates = judge_slots(tx, *place, slots, question);
    return out;
}

}  // namespace preau::booking
