// The dates of a booking one by one: given back, added again; its end; what may still be edited;
// the minutes kept free around it.

#include <algorithm>

#include "services/booking/domain/acting.hpp"
#include "services/booking/domain/desk.hpp"
#include "services/booking/domain/refund.hpp"

namespace preau::booking {

namespace {

/// Requests whose dates the hirer may still change: nothing of the body's lies on the table.
bool open_to_hirer(State state) {
    return state == State::submitted || state == State::awaiting_documents;
}

Refusal not_now(const Booking& booking, std::string detail) {
    Refusal out(base::Error{"invalid_transition", std::move(detail), {}});
    out.state = booking.state;
    return out;
}

Occurrence* occurrence_of(Booking& booking, const base::OccurrenceId& id) {
    const auto at = std::ranges::find(booking.occurrences, id, &Occurrence::id);
    return at == booking.occurrences.end() ? nullptr : &*at;
}

/// Whether the price that was agreed names this date: giving it back changed no line.
bool priced(const Booking& booking, time::Date date) {
    if (!booking.price) return false;
    return std::ranges::any_of(booking.price->lines, [&](const rules::PriceLine& line) {
        return std::ranges::find(line.dates, date) != line.dates.end();
    });
}

/// Whether a person may bring this date back at all; the guard says whether it is free.
bool may_come_back(const Occurrence& one) {
    switch (one.state) {
        case OccurrenceState::skipped:
        case OccurrenceState::left_out:
        case OccurrenceState::given_back:
            return true;
        case OccurrenceState::cancelled:
            return !one.reason.empty();  // taken by a closure; else the whole booking is over
        case OccurrenceState::planned:
        case OccurrenceState::suspended:
        case OccurrenceState::took_place:
        case OccurrenceState::no_show:
            return false;
    }
    return false;
}

/// The refund of this date was ordered already: having it back would have to be paid again.
bool refunded(const Booking& booking, const Occurrence& one) {
    const bool credited =
        one.state == OccurrenceState::cancelled ||
        (one.state == OccurrenceState::given_back && one.reason == reason_credited);
    return credited && booking.paid && booking.price &&
           share_of(*booking.price, one.slot.local_date) != base::Cents{};
}

}  // namespace

BookingActs Desk::acts_of(Tx& tx, const Actor& actor, const Booking& booking) const {
    BookingActs out;
    out.dates.resize(booking.occurrences.size());
    const bool live = open_to_hirer(booking.state) || granted(booking.state);
    const bool hirer = live && !role_for_hirer(actor, booking).empty();
    const bool body = decides_for_body(actor, booking) && granted(booking.state);
    if (!hirer && !body) return out;
    const auto space = tx.space_of_offer(booking.offer);
    const auto* offer = space ? space->offer(booking.offer) : nullptr;
    const bool instant = offer != nullptr && offer->instant;
    const auto today = booking.zone.local(now()).date;
    const auto kept = booking.kept().size();
    const bool hirer_moves = hirer && (!granted(booking.state) || booking.free_of_charge());
    for (std::size_t i = 0; i < out.dates.size(); ++i) {
        const auto& one = booking.occurrences[i];
        auto& acts = out.dates[i];
        if (one.slot.interval.start <= now()) continue;
        if (keeps_time(one.state)) {
            acts.give_back = hirer && kept > 1;
            acts.credited =
                granted(booking.state) &&
                give_back_is_credited(booking.terms.cancellation, one.slot.local_date - today);
            acts.move = body || hirer_moves;
        } else if (may_come_back(one) && !refunded(booking, one)) {
            const bool his = one.state == OccurrenceState::given_back || instant;
            acts.add_again = body || (hirer && (!granted(booking.state) || his));
        }
    }
    out.edit = hirer;
    const auto buffers = booking.buffers();
    out.shorten_buffers = body && buffers && *buffers != Buffers{};
    const auto from = today + end_series_days;
    const auto last = booking.zone.local(booking.last_start).date;
    if (hirer && kept > 1 && last >= from) out.end_from = from;
    return out;
}

void Desk::note_changes(Tx& tx, const Booking& booking, State from, std::string_view act,
                        const std::string& role, const std::string& by,
                        std::vector<DateChange> dates, std::vector<FieldChange> fields) const {
    HistoryLine line{now(),           role, by, std::string(act), from, booking.state,
                     booking.version, {},   {}};
    line.dates = std::move(dates);
    line.fields = std::move(fields);
    tx.add_history(booking.id, line);
}

Outcome<Desk::Acting> Desk::for_dates(Tx& tx, const Actor& actor, const base::BookingId& id,
                                      std::int64_t version) const {
    auto found = for_hirer(tx, actor, id);
    if (!found) return found;
    Acting out = *std::move(found);
    if (version != out.booking.version) {
        Refusal stale(base::Error{"stale_version", std::to_string(out.booking.version), {}});
        stale.state = out.booking.state;
        return std::unexpected(std::move(stale));
    }
    if (!open_to_hirer(out.booking.state) && !granted(out.booking.state)) {
        return std::unexpected(not_now(out.booking, {}));
    }
    // The hirer counts on an acceptance that could still be taken back: it stands from now on. A
    // cancellation that could be is left to him who made it.
    if (out.booking.deferred && granted(out.booking.state)) {
        if (const auto done = settle_booking(tx, out.booking); !done) {
            return std::unexpected(done.error());
        }
    }
    return out;
}

Outcome<Booking> Desk::give_dates_back(Tx& tx, const Actor& actor, Acting acting,
                                       const std::vector<base::OccurrenceId>& dates,
                                       std::string_view act) const {
    Booking& booking = acting.booking;
    const auto today = booking.zone.local(now()).date;
    std::vector<DateChange> changes;
    std::vector<time::Date> credited;
    for (const auto& id : dates) {
        auto* one = occurrence_of(booking, id);
        if (one == nullptr) return refuse("not_found", "occurrence");
        if (!keeps_time(one->state) || one->slot.interval.start <= now()) {
            return std::unexpected(not_now(booking, one->slot.local_date.iso()));
        }
        const auto date = one->slot.local_date;
        one->state = OccurrenceState::given_back;
        one->reason.clear();
        if (granted(booking.state)) {
            const bool in_time = give_back_is_credited(booking.terms.cancellation, date - today);
            one->reason = in_time ? reason_credited : reason_not_credited;
            if (in_time) credited.push_back(date);
        }
        changes.push_back({one->id, one->slot, std::nullopt});
    }
    if (booking.kept().empty()) return refuse("last_date");
    if (booking.hold != Hold::none) {
        for (const auto& change : changes)
            tx.free_one(booking, change.before->interval);
    }
    booking.summarise();
    tx.update_occurrences(booking);
    if (const auto saved = save(tx, booking, Act::cancel); !saved) {
        return std::unexpected(saved.error());
    }
    if (!granted(booking.state)) {
        reprice(tx, booking);  // nothing was agreed yet: the request costs what is left of it
        tx.update_price(booking);
    } else if (booking.price) {
        order_refund(tx, booking, refund_in_full(*booking.price, credited), "given_back");
    }
    note_changes(tx, booking, booking.state, act, acting.role, actor.id, std::move(changes), {});
    tx.publish_occupancy(booking, now());
    tx.publish_change(booking, act, now());
    return std::move(booking);
}

Outcome<Booking> Desk::give_back(Tx& tx, const Actor& actor, const base::BookingId& id,
                                 std::int64_t version,
                                 const std::vector<base::OccurrenceId>& dates) const {
    auto acting = for_dates(tx, actor, id, version);
    if (!acting) return std::unexpected(acting.error());
    if (dates.empty()) return refuse_input("/occurrence_ids", "required");
    return give_dates_back(tx, actor, *std::move(acting), dates, "give_back");
}

Outcome<Booking> Desk::end_series(Tx& tx, const Actor& actor, const base::BookingId& id,
                                  std::int64_t version, time::Date from) const {
    auto acting = for_dates(tx, actor, id, version);
    if (!acting) return std::unexpected(acting.error());
    const auto first_day = acting->booking.zone.local(now()).date + end_series_days;
    if (from < first_day) return refuse_field("notice_too_short", "/from", first_day.iso());
    std::vector<base::OccurrenceId> dates;
    for (const auto* one : acting->booking.kept()) {
        if (one->slot.local_date >= from) dates.push_back(one->id);
    }
    if (dates.empty()) return refuse_field("no_occurrence", "/from");
    return give_dates_back(tx, actor, *std::move(acting), dates, "end_series");
}

Outcome<Booking> Desk::add_again(Tx& tx, const Actor& actor, const base::BookingId& id,
                                 std::int64_t version, const base::OccurrenceId& date) const {
    auto acting = for_move(tx, actor, id, version);
    if (!acting) return std::unexpected(acting.error());
    Booking booking = acting->booking;
    const bool by_body = acting->by_body;
    auto* one = occurrence_of(booking, date);
    if (one == nullptr) return refuse("not_found", "occurrence");
    if (!may_come_back(*one)) return std::unexpected(not_now(booking, one->slot.local_date.iso()));
    const auto* space_offer = [&]() -> const rules::Offer* {
        const auto space = tx.space_of_offer(booking.offer);
        return space ? space->offer(booking.offer) : nullptr;
    }();
    const bool decided_by_rules = space_offer != nullptr && space_offer->instant;
    const bool was_his = one->state == OccurrenceState::given_back;
    // What the college did not grant at first it may add later; what he had, the hirer may.
    if (granted(booking.state) && !by_body && !was_his && !decided_by_rules) {
        return refuse("forbidden", "the college decides on further dates");
    }
    if (refunded(booking, *one)) return refuse("price_settled");
    const bool to_price = !granted(booking.state) || !priced(booking, one->slot.local_date);

    const auto slot = one->slot;
    Taking taking;
    taking.offer = booking.offer;
    taking.organisation = booking.organisation;
    taking.booking = booking.id;
    taking.staff = acting->role != "hirer";
    taking.now = now();
    taking.buffers = booking.buffers();
    taking.unsafe = settings_.unsafe;
    taking.plan = [&](const Place&) -> Outcome<Plan> { return Plan{{slot}, false}; };
    taking.write = [&](const Place& place, const std::vector<JudgedSlot>&) -> Outcome<Booking> {
        const auto buffers = booking.buffers();
        one->state = OccurrenceState::planned;
        one->reason.clear();
        if (buffers) {
            one->buffer_before_s = buffers->before_s;
            one->buffer_after_s = buffers->after_s;
        }
        booking.summarise();
        if (granted(booking.state)) cover_dates(tx, booking);
        if (to_price) {
            if (const auto done = price_dates(tx, place, booking); !done) {
                return std::unexpected(done.error());
            }
        }
        if (const auto saved = save(tx, booking, Act::reopen); !saved) {
            return std::unexpected(saved.error());
        }
        tx.update_occurrences(booking);
        tx.update_price(booking);
        return booking;
    };
    auto taken = take_time(tx, taking);
    if (!taken) return taken;
    note_changes(tx, *taken, taken->state, "add_again", acting->role, actor.id,
                 {{date, std::nullopt, slot}}, {});
    tx.publish_occupancy(*taken, now());
    tx.publish_change(*taken, "add_again", now());
    return taken;
}

Outcome<Booking> Desk::edit(Tx& tx, const Actor& actor, const base::BookingId& id,
                            std::int64_t version, const EditRequest& request) const {
    auto acting = for_dates(tx, actor, id, version);
    if (!acting) return std::unexpected(acting.error());
    Booking& booking = acting->booking;
    std::vector<FieldChange> fields;
    const auto change = [&](const char* name, std::string& stored, const std::string& wanted) {
        if (stored == wanted) return;
        fields.push_back({name, stored, wanted});
        stored = wanted;
    };
    if (request.headcount && *request.headcount != booking.headcount) {
        const auto place = place_of(tx, booking.offer);
        if (!place) return std::unexpected(place.error());
        if (*request.headcount > place->offer->capacity) {
            return refuse_field("capacity", "/headcount", std::to_string(place->offer->capacity));
        }
        fields.push_back(
            {"headcount", std::to_string(booking.headcount), std::to_string(*request.headcount)});
        booking.headcount = *request.headcount;
    }
    if (request.purpose) {
        const auto space = tx.space(booking.space);
        if (space && !rules::purpose_allowed(*request.purpose, space->purposes)) {
            return refuse_field("purpose_not_allowed", "/purpose", *request.purpose);
        }
    }
    if (request.purpose) change("purpose", booking.purpose, *request.purpose);
    const auto change_optional = [&](const char* name, std::optional<std::string>& stored,
                                     const std::optional<std::string>& wanted) {
        if (!wanted) return;
        auto text = stored.value_or("");
        change(name, text, *wanted);
        stored = text.empty() ? std::nullopt : std::optional(text);
    };
    change_optional("message", booking.message, request.message);
    change_optional("contact_phone", booking.contact_phone, request.contact_phone);
    if (fields.empty()) return std::move(booking);
    if (const auto saved = save(tx, booking, Act::submit); !saved) {
        return std::unexpected(saved.error());
    }
    tx.update_price(booking);
    note_changes(tx, booking, booking.state, "edit", acting->role, actor.id, {}, std::move(fields));
    tx.publish_change(booking, "edit", now());
    return std::move(booking);
}

Outcome<Booking> Desk::shorten_buffers(Tx& tx, const Actor& actor, const base::BookingId& id,
                                       std::int64_t version, const BufferRequest& request) const {
    auto acting = for_body(tx, actor, id);
    if (!acting) return std::unexpected(acting.error());
    Booking& booking = acting->booking;
    if (version != booking.version) return refuse("stale_version", std::to_string(booking.version));
    const auto before = booking.buffers();
    if (booking.hold == Hold::none || !before) return std::unexpected(not_now(booking, {}));
    Buffers after = *before;
    if (request.before_min) after.before_s = *request.before_min * 60;
    if (request.after_min) after.after_s = *request.after_min * 60;
    if (after.before_s < 0 || after.before_s > before->before_s) {
        return refuse_input("/buffer_before_min", "range",
                            "0.." + std::to_string(before->before_s / 60));
    }
    if (after.after_s < 0 || after.after_s > before->after_s) {
        return refuse_input("/buffer_after_min", "range",
                            "0.." + std::to_string(before->after_s / 60));
    }
    if (after == *before) return std::move(booking);

    // As every change of held time: who wants the same parts waits until it is written.
    tx.bump(booking.parts, &booking.organisation, booking.body);
    for (auto& one : booking.occurrences) {
        if (!keeps_time(one.state)) continue;
        one.buffer_before_s = after.before_s;
        one.buffer_after_s = after.after_s;
    }
    if (const auto saved = save(tx, booking, Act::reopen); !saved) {
        return std::unexpected(saved.error());
    }
    tx.update_buffers(booking);
    const auto minutes = [](std::int64_t seconds) { return std::to_string(seconds / 60); };
    std::vector<FieldChange> fields;
    if (after.before_s != before->before_s) {
        fields.push_back({"buffer_before_min", minutes(before->before_s), minutes(after.before_s)});
    }
    if (after.after_s != before->after_s) {
        fields.push_back({"buffer_after_min", minutes(before->after_s), minutes(after.after_s)});
    }
    note_changes(tx, booking, booking.state, "shorten_buffers", acting->role, actor.id, {},
                 std::move(fields));
    tx.publish_occupancy(booking, now());
    tx.publish_change(booking, "shorten_buffers", now());
    return std::move(booking);
}

}  // namespace preau::booking
