// Holding out something else: other dates or hours, another offer of the same site. Until its
// deadline the proposal's time is held besides that of the request; the hirer's acceptance turns
// the one into the other in one guarded transaction.

#include <algorithm>

#include "services/booking/domain/dates.hpp"
#include "services/booking/domain/deadlines.hpp"
#include "services/booking/domain/desk.hpp"

namespace preau::booking {

namespace {

constexpr std::int64_t kDeadlineMax_s = 30 * 86'400;
constexpr time::Minute kEndOfOfficeDay = 18 * 60;

/// The dates as a rule, for pages: hours that are the same on all of them can be said in one
/// sentence; else the rule of the request stays.
rules::Recurrence rule_of(const std::vector<rules::Slot>& slots, const rules::Recurrence& asked) {
    const auto& first = slots.front();
    const bool same = std::ranges::all_of(slots, [&](const rules::Slot& one) {
        return one.start_minute == first.start_minute && one.end_minute == first.end_minute;
    });
    if (!same) return asked;
    auto out = on_one_date(first.local_date, first.start_minute, first.end_minute);
    if (slots.size() == 1) return out;
    out.kind = rules::RecurrenceKind::dates;
    for (const auto& one : slots)
        out.dates.push_back(one.local_date);
    return out;
}

/// The dates that are left of the request, with the replacements in their places.
Outcome<std::vector<rules::Slot>> replaced(const Place& place, const Booking& booking,
                                           const std::vector<Replacement>& replacements,
                                           const DatesLimits& limits, base::Instant now) {
    for (const auto& one : replacements) {
        const auto found = std::ranges::find(booking.occurrences, one.occurrence, &Occurrence::id);
        if (found == booking.occurrences.end() || !keeps_time(found->state)) {
            return refuse_input("/replace", "unknown", one.occurrence.str());
        }
    }
    std::vector<rules::Slot> out;
    for (const auto* kept : booking.kept()) {
        const auto found = std::ranges::find(replacements, kept->id, &Replacement::occurrence);
        if (found == replacements.end()) {
            // What went by while nobody answered cannot be had any more.
            if (kept->slot.interval.start > now) out.push_back(kept->slot);
            continue;
        }
        const auto rule = on_one_date(found->date, found->start_minute, found->end_minute);
        auto dated = expand(place, rule, limits);
        if (!dated) return std::unexpected(dated.error());
        out.push_back(dated->slots.front());
    }
    if (out.empty()) return refuse_field("past_start", "/replace");
    std::ranges::sort(out, {}, [](const rules::Slot& one) { return one.interval.start; });
    const auto meets = [](const rules::Slot& one, const rules::Slot& next) {
        return one.interval.overlaps(next.interval);
    };
    if (std::ranges::adjacent_find(out, meets) != out.end()) {
        return refuse_field("self_overlap", "/replace");
    }
    if (cells_of(out, place.offer->parts.size()) > limits.cells_max) {
        return refuse_field("series_too_long", "/replace", std::to_string(limits.cells_max));
    }
    return out;
}

bool is_what_was_asked(const Booking& booking, const base::OfferId& offer,
                       const std::vector<rules::Slot>& slots) {
    const auto kept = booking.kept();
    return offer == booking.offer &&
           std::ranges::equal(slots, kept, [](const rules::Slot& one, const Occurrence* other) {
               return one.interval == other->slot.interval;
           });
}

std::vector<Occurrence> occurrences_of(const std::vector<rules::Slot>& slots,
                                       const rules::Offer& offer) {
    std::vector<Occurrence> out;
    for (const auto& slot : slots) {
        Occurrence one;
        one.id = base::OccurrenceId::make();
        one.slot = slot;
        one.buffer_before_s = offer.buffer_before_min * 60;
        one.buffer_after_s = offer.buffer_after_min * 60;
        out.push_back(std::move(one));
    }
    return out;
}

/// Turns the booking into its proposal. Dates that stay keep their identity (people have them in
/// their calendars); the others are left out and stay on record.
void become(Booking& booking, const Proposal& proposal, std::string request_hash) {
    std::vector<Occurrence> added;
    for (const auto& wanted : proposal.occurrences) {
        if (keeps_time(wanted.state)) added.push_back(wanted);
    }
    for (auto& own : booking.occurrences) {
        if (!keeps_time(own.state)) continue;
        const auto same = std::ranges::find_if(
            added, [&](const Occurrence& one) { return one.slot.interval == own.slot.interval; });
        if (same == added.end()) {
            own.state = OccurrenceState::left_out;
            own.reason = "replaced";
            continue;
        }
        own.buffer_before_s = same->buffer_before_s;
        own.buffer_after_s = same->buffer_after_s;
        added.erase(same);
    }
    booking.occurrences.insert(booking.occurrences.end(), added.begin(), added.end());
    std::ranges::sort(booking.occurrences, {},
                      [](const Occurrence& one) { return one.slot.interval.start; });
    booking.space = proposal.space;
    booking.offer = proposal.offer;
    booking.space_name = proposal.space_name;
    booking.offer_name = proposal.offer_name;
    booking.parts = proposal.parts;
    booking.when = proposal.when;
    booking.price = proposal.price;
    booking.payment = proposal.payment;
    booking.quote.clear();
    booking.free_ground = proposal.ground;
    booking.request_hash = std::move(request_hash);
    booking.summarise();
}

}  // namespace

Outcome<std::vector<rules::Slot>> Desk::slots_proposed(const Place& place, const Booking& booking,
                                                       const ProposalRequest& request) const {
    const DatesLimits limits{settings_.limits, settings_.cells_max};
    std::vector<rules::Slot> slots;
    if (request.when) {
        auto expansion = expand(place, *request.when, limits);
        if (!expansion) return std::unexpected(expansion.error());
        slots = std::move(expansion->slots);
    } else {
        auto some = replaced(place, booking, request.replace, limits, now());
        if (!some) return some;
        slots = *std::move(some);
    }
    for (const auto& slot : slots) {
        const auto rule = on_one_date(slot.local_date, slot.start_minute, slot.end_minute);
        if (auto shape = rules::check_shape(rule, *place.offer, booking.headcount); !shape) {
            return std::unexpected(Refusal(shape.error()));
        }
    }
    if (is_what_was_asked(booking, place.offer->id, slots)) {
        return refuse_input("/when", "required", "this is what was asked for");
    }
    return slots;
}

Outcome<base::Instant> Desk::proposal_deadline(const Place& place, const ProposalRequest& request,
                                               base::Instant first_start) const {
    const auto& zone = place.space->zone;
    if (!request.deadline) {
        const auto usual =
            answer_deadline(now(), settings_.answer_working_days, place.calendar.calendar, zone);
        return std::min(usual, first_start);
    }
    const auto wanted = zone.instant_or_jump(*request.deadline, kEndOfOfficeDay);
    if (wanted <= now() || wanted > first_start || wanted > now() + kDeadlineMax_s) {
        return refuse_input("/deadline", "range", request.deadline->iso());
    }
    return wanted;
}

Outcome<Proposal> Desk::compose_proposal(Tx& tx, const Place& place, const Booking& booking,
                                         const ProposalRequest& request) const {
    auto slots = slots_proposed(place, booking, request);
    if (!slots) return std::unexpected(slots.error());
    Proposal out;
    out.id = ProposalId::make();
    out.space = place.space->id;
    out.offer = place.offer->id;
    out.space_name = place.space->name;
    out.offer_name = place.offer->name;
    out.parts = place.offer->parts;
    std::ranges::sort(out.parts);
    out.when = request.when ? *request.when : rule_of(*slots, booking.when);
    out.occurrences = occurrences_of(*slots, *place.offer);
    out.message = request.message;
    out.made_at = now();
    const rules::PriceQuestion question{*slots, place.offer->tariff_kind, booking.category,
                                        place.space->zone.local(now()).date, booking.extras};
    auto priced = price_free(tx, place, question, booking.organisation, booking.id);
    if (!priced.price) return refuse_field(priced.problem, "/offer_id");
    out.price = std::move(priced.price);
    out.payment = payment_kind(*out.price, booking.category);
    if (out.price->total == base::Cents{}) {
        Booking as_proposed = booking;
        as_proposed.price = out.price;
        out.ground = ground_of(tx, as_proposed, request.ground);
        if (out.ground.empty()) return refuse_field("ground_required", "/ground");
    }
    const auto deadline = proposal_deadline(place, request, out.first_start());
    if (!deadline) return std::unexpected(deadline.error());
    out.deadline = *deadline;
    return out;
}

Outcome<Booking> Desk::propose(Tx& tx, const Actor& actor, const base::BookingId& id,
                               std::int64_t version, const ProposalRequest& request) const {
    auto acting = for_decision(tx, actor, id, Act::propose, version);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);

    const State from = booking.state;
    Taking taking;
    taking.offer = request.offer.value_or(booking.offer);
    taking.organisation = booking.organisation;
    taking.booking = booking.id;
    taking.also = booking.parts;
    taking.staff = true;
    taking.now = now();
    taking.unsafe = settings_.unsafe;
    taking.plan = [&](const Place& place) -> Outcome<Plan> {
        if (place.space->site != booking.site) return refuse_field("not_found", "/offer_id");
        if (!place.space->published || !place.offer->active) {
            return refuse_field("not_bookable", "/offer_id");
        }
        if (place.space->two_levels && !booking.two_levels) {
            return refuse("forbidden", "the body decides on that room");
        }
        auto proposal = compose_proposal(tx, place, booking, request);
        if (!proposal) return std::unexpected(proposal.error());
        Plan plan;
        for (const auto& one : proposal->occurrences)
            plan.slots.push_back(one.slot);
        booking.proposal = *std::move(proposal);
        return plan;
    };
    taking.write = [&](const Place&, const std::vector<JudgedSlot>&) -> Outcome<Booking> {
        booking.state = acting->to;
        booking.decision = Decision{acting->role, actor.id, now(), {}, {}};
        booking.proposal->by_role = acting->role;
        booking.proposal->by = actor.id;
        if (const auto saved = save(tx, booking, Act::propose); !saved) {
            return std::unexpected(saved.error());
        }
        tx.insert_proposal(booking);
        return booking;
    };
    auto held = take_time(tx, taking);
    if (!held) return held;
    note(tx, *held, from, "propose", acting->role, actor.id, {}, request.message);
    if (const auto done = defer_or_do(tx, *held, Act::propose, from, held->hold); !done) {
        return std::unexpected(done.error());
    }
    return held;
}

Outcome<Booking> Desk::accept_proposal(Tx& tx, const Actor& actor, const base::BookingId& id,
                                       std::int64_t version) const {
    auto acting = for_hirer(tx, actor, id);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);
    const auto to = check_act(booking, Act::accept, Party::hirer, version);
    if (!to) return std::unexpected(to.error());
    if (!booking.proposal || booking.proposal->deadline <= now()) {
        Refusal late(base::Error{"invalid_transition", "the proposal is over", {}});
        late.state = booking.state;
        return std::unexpected(std::move(late));
    }
    // He accepts what he has read: the proposal stands from now on.
    if (const auto done = settle_booking(tx, booking); !done) return std::unexpected(done.error());

    const State from = booking.state;
    Taking taking;
    taking.offer = booking.proposal->offer;
    taking.organisation = booking.organisation;
    taking.booking = booking.id;
    taking.also = together(booking.parts, booking.proposal->parts);
    taking.staff = true;
    taking.now = now();
    taking.unsafe = settings_.unsafe;
    taking.plan = [&](const Place&) -> Outcome<Plan> {
        Plan plan;
        for (const auto* one : booking.proposal->kept())
            plan.slots.push_back(one->slot);
        return plan;
    };
    taking.write = [&](const Place&, const std::vector<JudgedSlot>& judged) -> Outcome<Booking> {
        std::vector<rules::Slot> slots;
        for (const auto& one : judged)
            slots.push_back(one.slot);
        const Proposal proposal = *booking.proposal;
        become(booking, proposal, request_hash(booking.organisation, proposal.offer, slots));
        if (!free_use_number(tx, booking)) return refuse("price_changed", "free use");
        if (const auto papers = check_papers(tx, booking); !papers) {
            return std::unexpected(papers.error());
        }
        booking.state = *to;
        booking.hold = Hold::taken;
        booking.decision = Decision{"hirer", actor.id, now(), {}, {}};
        if (const auto saved = save(tx, booking, Act::accept); !saved) {
            return std::unexpected(saved.error());
        }
        tx.end_proposal(booking, "accepted");
        booking.proposal.reset();
        tx.rewrite(booking);
        return booking;
    };
    auto taken = take_time(tx, taking);
    if (!taken) return taken;
    note(tx, *taken, from, "accept_proposal", acting->role, actor.id);
    tx.publish_occupancy(*taken, now());
    if (const auto stands = acceptance_stands(tx, *taken); !stands) {
        return std::unexpected(stands.error());
    }
    return taken;
}

Outcome<Booking> Desk::decline_proposal(Tx& tx, const Actor& actor, const base::BookingId& id,
                                        std::int64_t version, const std::string& text) const {
    auto acting = for_hirer(tx, actor, id);
    if (!acting) return std::unexpected(acting.error());
    Booking* booking = &acting->booking;
    const auto to = check_act(*booking, Act::refuse, Party::hirer, version);
    if (!to) return std::unexpected(to.error());
    if (const auto dropped = drop_deferred(tx, *booking); !dropped) {
        return std::unexpected(dropped.error());
    }
    const State from = booking->state;
    booking->state = *to;
    booking->decision = Decision{"hirer", actor.id, now(), "declined", text};
    if (const auto done = release_stands(tx, *booking, "proposal_declined"); !done) {
        return std::unexpected(done.error());
    }
    note(tx, *booking, from, "decline_proposal", acting->role, actor.id, {}, text);
    return std::move(*booking);
}

}  // namespace preau::booking
