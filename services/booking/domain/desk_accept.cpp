// Granting a request: all of it, or some of its dates. What is not granted is left out with its
// reason, and keeps its time until the decision can no longer be taken back.

#include <algorithm>

#include "services/booking/domain/desk.hpp"

namespace preau::booking {

namespace {

bool names(const std::vector<base::OccurrenceId>& ids, const base::OccurrenceId& id) {
    return std::ranges::find(ids, id) != ids.end();
}

/// Every date named is one of those that the request still asks for.
Outcome<void> check_dates(const Booking& booking, const std::vector<base::OccurrenceId>& dates) {
    if (dates.empty()) return refuse_input("/occurrence_ids", "required");
    for (const auto& id : dates) {
        const auto found = std::ranges::find(booking.occurrences, id, &Occurrence::id);
        if (found == booking.occurrences.end() || !keeps_time(found->state)) {
            return refuse_input("/occurrence_ids", "unknown", id.str());
        }
    }
    return {};
}

/// Leaves out the dates that went by without an answer, and those that are not granted.
std::vector<base::OccurrenceId> leave_out(Booking& booking, const PartialGrant* part,
                                          base::Instant now) {
    std::vector<base::OccurrenceId> out;
    for (auto& occurrence : booking.occurrences) {
        if (!keeps_time(occurrence.state)) continue;
        const bool granted = part == nullptr || names(part->dates, occurrence.id);
        const bool past = occurrence.slot.interval.start <= now;
        if (granted && !past) continue;
        occurrence.state = OccurrenceState::left_out;
        occurrence.reason = granted ? "past" : part->reason_code;
        out.push_back(occurrence.id);
    }
    return out;
}

}  // namespace

Outcome<Booking> Desk::accept(Tx& tx, const Actor& actor, const base::BookingId& id,
                              std::int64_t version, std::optional<std::string> ground,
                              std::optional<base::Cents> total) const {
    return grant(tx, actor, id, version, ground.value_or(""), total, nullptr);
}

Outcome<Booking> Desk::accept_in_part(Tx& tx, const Actor& actor, const base::BookingId& id,
                                      std::int64_t version, const PartialGrant& part) const {
    return grant(tx, actor, id, version, part.ground, part.total, &part);
}

Outcome<Booking> Desk::grant(Tx& tx, const Actor& actor, const base::BookingId& id,
                             std::int64_t version, const std::string& ground,
                             const std::optional<base::Cents>& total,
                             const PartialGrant* part) const {
    auto acting = for_decision(tx, actor, id, Act::accept, version);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = std::move(acting->booking);
    if (part != nullptr) {
        if (auto known = check_dates(booking, part->dates); !known) {
            return std::unexpected(known.error());
        }
    }
    tx.bump(booking.parts, &booking.organisation, booking.body);

    Before before{booking.price, booking.payment, leave_out(booking, part, now())};
    if (booking.kept().empty()) {
        Refusal late(base::Error{"invalid_transition", "the last date has started", {}});
        late.state = booking.state;
        return std::unexpected(std::move(late));
    }
    booking.summarise();
    if (!before.left_out.empty()) reprice(tx, booking);
    if (total) {
        if (const auto done = lower_price(booking, *total, ground); !done) {
            return std::unexpected(done.error());
        }
        before.lowered = true;
    }
    if (const auto named = name_ground(tx, booking, ground); !named) {
        return std::unexpected(named.error());
    }
    if (const auto papers = check_papers(tx, booking); !papers) {
        return std::unexpected(papers.error());
    }
    const State from = booking.state;
    const Hold hold_before = booking.hold;
    booking.state = acting->to;
    booking.decision = Decision{acting->role, actor.id, now(), {}, {}};
    const bool some = part != nullptr && std::ranges::any_of(booking.occurrences, [&](auto& one) {
                          return names(before.left_out, one.id) && one.reason == part->reason_code;
                      });
    if (some) {
        booking.decision->reason_code = part->reason_code;
        booking.decision->reason_text = part->reason_text;
    }
    auto granted = hold_before == Hold::pending
                       ? accept_in_place(tx, std::move(booking))
                       : take_again(tx, std::move(booking), Hold::taken, Act::accept);
    if (!granted) return granted;
    booking = *std::move(granted);
    if (!before.left_out.empty()) tx.update_occurrences(booking);
    if (!before.left_out.empty() || before.lowered) tx.update_price(booking);
    HistoryLine line{now(),
                     acting->role,
                     actor.id,
                     some ? "accept_in_part" : "accept",
                     from,
                     booking.state,
                     booking.version,
                     booking.decision->reason_code,
                     booking.decision->reason_text};
    if (before.lowered) {
        const auto& lowered = *booking.price->lowered;
        line.fields.push_back({"price", std::to_string(lowered.before.value),
                               std::to_string(booking.price->total.value)});
        if (line.reason_text.empty()) line.reason_text = lowered.ground;
    }
    tx.add_history(booking.id, line);
    if (const auto done =
            defer_or_do(tx, booking, Act::accept, from, hold_before, std::move(before));
        !done) {
        return std::unexpected(done.error());
    }
    return booking;
}

Outcome<void> Desk::lower_price(Booking& booking, base::Cents total,
                                const std::string& ground) const {
    if (!booking.price || total < base::Cents{} || total >= booking.price->total) {
        const auto now = booking.price ? booking.price->total.value : 0;
        return refuse_input("/total", "range", "0.." + std::to_string(now - 1));
    }
    if (ground.empty()) return refuse_field("ground_required", "/ground");
    if (total != base::Cents{} && total < amount_min) {
        return refuse_field("amount_out_of_range", "/total");
    }
    booking.price = rules::lowered(*std::move(booking.price), total, ground);
    booking.payment = payment_kind(*booking.price, booking.category);
    return {};
}

Outcome<void> Desk::name_ground(Tx& tx, Booking& booking, const std::string& ground) const {
    if (!booking.free_of_charge()) return {};
    booking.free_ground = ground_of(tx, booking, ground);
    if (booking.free_ground.empty()) return refuse_field("ground_required", "/ground");
    return {};
}

Outcome<Booking> Desk::accept_in_place(Tx& tx, Booking booking) const {
    tx.set_pending(booking.id, false);
    booking.hold = Hold::taken;
    if (const auto saved = save(tx, booking, Act::accept); !saved) {
        return std::unexpected(saved.error());
    }
    return booking;
}

Outcome<Booking> Desk::take_again(Tx& tx, Booking booking, Hold hold, Act act) const {
    Taking taking;
    taking.offer = booking.offer;
    taking.organisation = booking.organisation;
    taking.booking = booking.id;
    taking.staff = true;
    taking.now = now();
    taking.buffers = booking.buffers();
    taking.unsafe = settings_.unsafe;
    taking.plan = [&](const Place&) -> Outcome<Plan> {
        if (!free_use_number(tx, booking)) return refuse("price_changed", "free use");
        Plan plan;
        for (const auto* occurrence : booking.kept())
            plan.slots.push_back(occurrence->slot);
        if (plan.slots.empty()) {  // a closure took them all
            Refusal refusal(base::Error{"invalid_transition", "no date is left", {}});
            refusal.state = booking.state;
            return std::unexpected(std::move(refusal));
        }
        return plan;
    };
    taking.write = [&](const Place& place, const std::vector<JudgedSlot>&) -> Outcome<Booking> {
        booking.hold =
            hold == Hold::pending && !place.space->pending_holds ? Hold::requested : hold;
        if (const auto saved = save(tx, booking, act); !saved) {
            return std::unexpected(saved.error());
        }
        return booking;
    };
    return take_time(tx, taking);
}

void Desk::free_dates(Tx& tx, const Booking& booking,
                      const std::vector<base::OccurrenceId>& dates) const {
    for (const auto& occurrence : booking.occurrences) {
        if (names(dates, occurrence.id)) tx.free_one(booking, occurrence.slot.interval);
    }
}

}  // namespace preau::booking
