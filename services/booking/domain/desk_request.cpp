// Asking: the quote and the request.

#include <algorithm>
#include <random>

#include "services/booking/domain/acting.hpp"
#include "services/booking/domain/dates.hpp"
#include "services/booking/domain/deadlines.hpp"
#include "services/booking/domain/desk.hpp"
#include "services/booking/domain/papers.hpp"
#include "shared/text/reference.hpp"

namespace preau::booking {

namespace {

constexpr int kReferenceTries = 6;
constexpr int kReferenceTriesShort = 3;
constexpr std::int64_t kDay_s = 86'400;
constexpr std::int64_t kQuoteKept_s = 30 * kDay_s;
// A price told again within a day is the same quote, not another row.
constexpr std::int64_t kQuoteFresh_s = kDay_s;

std::string free_reference(Tx& tx) {
    thread_local std::mt19937_64 random{std::random_device{}()};
    std::string reference;
    for (int i = 0; i < kReferenceTries; ++i) {
        // Four letters name a million bookings; when they get scarce, five name 32 million.
        reference =
            text::make_reference(text::booking_prefix, random(), i < kReferenceTriesShort ? 4 : 5);
        if (!tx.reference_exists(reference)) break;
    }
    return reference;
}

bool affiliation_bars(const Affiliation& affiliation) {
    return affiliation.status == "suspended" || affiliation.status == "banned";
}

/// A booking may be asked for by the hirer himself, or by staff at the counter on his behalf.
bool may_ask(const Actor& actor, const base::OrganisationId& organisation, const Space& space) {
    return actor.may_book_for(organisation) || is_agent(actor, space.body, space.establishment);
}

/// Whether the place can be asked for at all. An unpublished space does not exist for outsiders.
Outcome<void> check_open_to(const Actor& actor, const Place& place) {
    if (!place.space->published) {
        if (!actor.works_at(place.space->body, place.space->establishment)) {
            return refuse("not_found", "offer");
        }
        return refuse_field("not_bookable", "/offer_id", "not published");
    }
    if (!place.offer->active) return refuse_field("not_bookable", "/offer_id", "not active");
    return {};
}

Outcome<void> check_terms(const SubmitRequest& request, const Terms& current) {
    if (!request.terms_accepted) return refuse_field("terms_outdated", "/terms_accepted");
    if (request.terms_version != current.version) {
        return refuse_field("terms_outdated", "/terms_version", current.version);
    }
    if (request.terms_hash && *request.terms_hash != current.hash) {
        return refuse_field("terms_outdated", "/terms_hash", current.version);
    }
    return {};
}

/// The place of a request that the actor may send at all, under the terms in force.
Outcome<Place> place_to_ask(Tx& tx, const Actor& actor, const SubmitRequest& request,
                            const Terms& terms) {
    auto place = place_of(tx, request.offer);
    if (!place) return place;
    if (!may_ask(actor, request.organisation, *place->space)) {
        if (actor.is_member(request.organisation)) return refuse("forbidden", "role");
        return refuse("not_found", "organisation");
    }
    if (const auto open = check_open_to(actor, *place); !open) {
        return std::unexpected(open.error());
    }
    if (const auto fine = check_terms(request, terms); !fine) {
        return std::unexpected(fine.error());
    }
    return place;
}

/// The dates of the rule that are asked for otherwise stand beside those that are asked for.
void keep_on_record(Booking& booking, const std::vector<PutAside>& put_aside) {
    for (const auto& one : put_aside) {
        Occurrence occurrence;
        occurrence.id = base::OccurrenceId::make();
        occurrence.slot = one.slot;
        occurrence.state = OccurrenceState::left_out;
        occurrence.reason = one.reason;
        booking.occurrences.push_back(std::move(occurrence));
    }
    std::ranges::sort(booking.occurrences, {},
                      [](const Occurrence& one) { return one.slot.interval.start; });
}

/// The buffers that a manager gives a booking in place of the offer's: never longer (S47).
Outcome<std::optional<Buffers>> buffers_wanted(const Actor& actor, const Place& place,
                                               const BufferRequest& wanted) {
    if (!wanted.before_min && !wanted.after_min) return std::optional<Buffers>{};
    if (!actor.holds(PostRole::manager, place.space->body, place.space->establishment)) {
        return refuse("forbidden", "buffers are the college's");
    }
    const auto& offer = *place.offer;
    const int before = wanted.before_min.value_or(offer.buffer_before_min);
    const int after = wanted.after_min.value_or(offer.buffer_after_min);
    if (before < 0 || before > offer.buffer_before_min) {
        return refuse_input("/buffer_before_min", "range",
                            "0.." + std::to_string(offer.buffer_before_min));
    }
    if (after < 0 || after > offer.buffer_after_min) {
        return refuse_input("/buffer_after_min", "range",
                            "0.." + std::to_string(offer.buffer_after_min));
    }
    return std::optional(Buffers{before * 60, after * 60});
}

}  // namespace

Outcome<Quote> Desk::quote(Tx& tx, const Actor& actor, const QuoteRequest& request) const {
    auto place = place_of(tx, request.offer);
    if (!place) return std::unexpected(place.error());
    if (!actor.is_member(request.organisation) &&
        !may_ask(actor, request.organisation, *place->space)) {
        return refuse("not_found", "organisation");
    }
    if (const auto open = check_open_to(actor, *place); !open) {
        return std::unexpected(open.error());
    }
    if (auto shape = rules::check_shape(request.when, *place->offer, 1); !shape) {
        return std::unexpected(Refusal(shape.error()));
    }
    auto asked = dates_asked(*place, request.when, request.instead, {}, 1,
                             {settings_.limits, settings_.cells_max});
    if (!asked) return std::unexpected(asked.error());

    Quote out;
    out.skipped = std::move(asked->skipped);
    const bool staff = !actor.is_member(request.organisation);
    const Question question{request.organisation,
                            {},
                            staff,
                            now(),
                            false,
                            {},
                            days_for(tx, *place, request.organisation, staff, request.when)};
    out.dates = judge_slots(tx, *place, asked->slots, question);
    out.free_count = static_cast<int>(std::ranges::count_if(
        out.dates, [](const JudgedSlot& one) { return one.state == rules::SlotState::free; }));
    out.affiliation = tx.affiliation(request.organisation, place->space->body);
    out.debt = debt_of(tx, request.organisation, place->space->establishment, place->space->zone);
    if (const auto done = price_quote(tx, *place, request, out); !done) {
        return std::unexpected(done.error());
    }
    out.expected_by = answer_deadline(now(), settings_.answer_working_days,
                                      place->calendar.calendar, place->space->zone);
    out.place = *std::move(place);
    return out;
}

Outcome<void> Desk::price_quote(Tx& tx, const Place& place, const QuoteRequest& request,
                                Quote& out) const {
    const char category = out.affiliation.category;
    rules::PriceQuestion question{free_slots(out.dates), place.offer->tariff_kind, category,
                                  place.space->zone.local(now()).date, request.extras};
    if (!question.slots.empty()) {
        const auto votes = tx.tariffs_of(*place.space);
        if (const auto* vote = rules::vote_of(question, votes)) {
            for (const auto* extra : rules::extras_for(*vote, question.tariff_kind))
                out.extras_offered.push_back(*extra);
        }
        out.priced = price_free(tx, place, question, request.organisation);
        if (!out.priced.faults.empty()) return std::unexpected(Refusal(out.priced.error()));
    }
    const auto& price = out.priced.price;
    const bool free_of_charge = price ? price->total == base::Cents{} : category == 'A';
    if (price) {
        out.contract_needed = settings_.contract_required && needs_contract(category, *price) &&
                              !out.affiliation.contract_signed_on;
    }
    if (settings_.insurance_required) {
        out.uninsured_count =
            static_cast<int>(std::ranges::count_if(question.slots, [&](const rules::Slot& slot) {
                return !insured_on(slot, out.affiliation.insurance_valid_until);
            }));
    }
    out.ground_needed =
        free_of_charge && out.affiliation.category_ground.empty() && !(price && price->free_use);
    if (!price) return {};
    out.payment = payment_kind(*price, category);
    out.slots_hash =
        request_hash(request.organisation, request.offer, question.slots, request.extras);
    const auto kept = tx.latest_quote(request.organisation, out.slots_hash, now() + -kQuoteFresh_s);
    if (!kept || kept->category != category || kept->price != *price) return {};
    out.id = kept->id;
    out.valid_until = kept->valid_until;
    return {};
}

Outcome<Quote> Desk::keep_quote(Tx& tx, const Actor& actor, const QuoteRequest& request) const {
    auto out = quote(tx, actor, request);
    if (!out || !out->priced.price || !out->id.empty()) return out;
    out->id = base::QuoteId::make();
    out->valid_until = now() + kQuoteKept_s;
    tx.keep_quote({out->id, request.organisation, request.offer, out->affiliation.category,
                   out->slots_hash, *out->priced.price, now(), out->valid_until});
    return out;
}

Outcome<void> Desk::set_price(Tx& tx, const Place& place, const SubmitRequest& request,
                              const std::vector<JudgedSlot>& judged, Booking& booking) const {
    rules::PriceQuestion question{free_slots(judged), place.offer->tariff_kind, booking.category,
                                  place.space->zone.local(now()).date, request.extras};
    booking.extras = request.extras;
    Priced priced;
    // An extra that cannot be had is named, whatever a quote says.
    if (!request.quote || !request.extras.empty()) {
        priced = price_free(tx, place, question, request.organisation);
    }
    if (!priced.faults.empty()) return std::unexpected(Refusal(priced.error()));
    if (request.quote) {
        const auto kept = tx.find_quote(*request.quote);
        const bool holds = kept && kept->valid_until > now() &&
                           kept->category == booking.category &&
                           kept->slots_hash == request_hash(request.organisation, request.offer,
                                                            question.slots, request.extras);
        if (!holds) return refuse_field("price_changed", "/quote_id");
        booking.price = kept->price;
        booking.quote = kept->id.str();
        const auto nth = free_use_number(tx, booking);
        if (!nth) return refuse_field("price_changed", "/quote_id");
        if (booking.price->free_use) booking.price->free_use->nth = *nth;
    } else {
        if (!priced.price) return refuse_field(priced.problem, "/offer_id");
        booking.price = std::move(priced.price);
    }
    booking.payment = payment_kind(*booking.price, booking.category);
    return {};
}

Outcome<AskedDates> Desk::plan_of(Tx& tx, const Place& place, const SubmitRequest& request) const {
    if (auto shape = rules::check_shape(request.when, *place.offer, request.headcount); !shape) {
        return std::unexpected(Refusal(shape.error()));
    }
    std::vector<time::Date> elsewhere;
    for (const auto& one : request.elsewhere)
        elsewhere.insert(elsewhere.end(), one.of.begin(), one.of.end());
    auto asked = dates_asked(place, request.when, request.instead, elsewhere, request.headcount,
                             {settings_.limits, settings_.cells_max});
    if (!asked) return asked;
    if (!settings_.unsafe.no_check) {
        const auto hash = request_hash(request.organisation, request.offer, asked->slots);
        if (tx.find_duplicate(request.organisation, hash)) return refuse("duplicate");
    }
    if (!request.counted && tx.count_unanswered(request.organisation, place.space->body) >=
                                settings_.live_requests_max) {
        return refuse("quota_exceeded", std::to_string(settings_.live_requests_max));
    }
    return asked;
}

Booking Desk::compose(const Place& place, const std::vector<JudgedSlot>& judged,
                      const std::optional<Buffers>& buffers) const {
    const Buffers around = buffers.value_or(
        Buffers{place.offer->buffer_before_min * 60, place.offer->buffer_after_min * 60});
    const Space& space = *place.space;
    Booking out;
    out.id = base::BookingId::make();
    out.body = space.body;
    out.establishment = space.establishment;
    out.site = space.site;
    out.space = space.id;
    out.offer = place.offer->id;
    out.space_name = space.name;
    out.offer_name = place.offer->name;
    out.establishment_name = space.establishment_name;
    out.zone = space.zone;
    out.parts = place.offer->parts;
    std::ranges::sort(out.parts);
    out.two_levels = space.two_levels;
    out.submitted_at = now();
    out.answer_by =
        answer_deadline(now(), settings_.answer_working_days, place.calendar.calendar, space.zone);
    out.escalate_by = answer_deadline(now(), 2 * settings_.answer_working_days,
                                      place.calendar.calendar, space.zone);
    for (const auto& one : judged) {
        Occurrence occurrence;
        occurrence.id = base::OccurrenceId::make();
        occurrence.slot = one.slot;
        occurrence.buffer_before_s = around.before_s;
        occurrence.buffer_after_s = around.after_s;
        if (one.state != rules::SlotState::free) {
            occurrence.state = OccurrenceState::skipped;
            occurrence.reason = one.conflict.reason.empty()
                                    ? std::string(rules::to_string(one.state))
                                    : one.conflict.reason;
        }
        out.occurrences.push_back(std::move(occurrence));
    }
    out.summarise();
    return out;
}

Outcome<Booking> Desk::write_new(Tx& tx, const Place& place, Booking booking,
                                 const std::vector<HistoryLine>& lines) const {
    std::vector<rules::Slot> slots;
    for (const auto& occurrence : booking.occurrences) {
        if (occurrence.state != OccurrenceState::left_out) slots.push_back(occurrence.slot);
    }
    booking.request_hash = request_hash(booking.organisation, booking.offer, slots);
    booking.reference = free_reference(tx);
    if (booking.hold == Hold::pending && !place.space->pending_holds) {
        booking.hold = Hold::requested;
    }
    tx.insert(booking);
    if (booking.price && booking.price->free_use) tx.note_free_use(booking);
    for (const auto& line : lines)
        tx.add_history(booking.id, line);
    return booking;
}

Outcome<Booking> Desk::submit(Tx& tx, const Actor& actor, const SubmitRequest& request) const {
    const auto before = place_to_ask(tx, actor, request, settings_.terms);
    if (!before) return std::unexpected(before.error());
    const Space& space = *before->space;
    const auto affiliation = tx.affiliation(request.organisation, space.body);
    if (affiliation_bars(affiliation)) return refuse("forbidden", affiliation.status);
    if (!actor.is_member(request.organisation) && affiliation.status == "none") {
        return refuse("not_found", "organisation");  // at a counter: only whom the body knows
    }

    if (!rules::purpose_allowed(request.purpose, space.purposes)) {
        return refuse_field("purpose_not_allowed", "/purpose", request.purpose);
    }
    if (const auto debt = debt_of(tx, request.organisation, space.establishment, space.zone);
        debt.state == DebtState::blocked) {
        return refuse("debt", std::to_string(debt.overdue.value));
    }
    const auto buffers = buffers_wanted(actor, *before, request.buffers);
    if (!buffers) return std::unexpected(buffers.error());

    const bool for_himself = actor.may_book_for(request.organisation);
    bool instant =
        before->offer->instant && !space.two_levels && request.headcount < decided_people_min;
    bool by_rule = false;
    Taking taking;
    taking.offer = request.offer;
    taking.place = *before;
    taking.organisation = request.organisation;
    taking.staff = !for_himself;
    taking.now = now();
    taking.buffers = *buffers;
    taking.days = days_for(tx, *before, request.organisation, taking.staff, request.when);
    taking.unsafe = settings_.unsafe;
    std::vector<PutAside> put_aside;
    taking.plan = [&](const Place& place) -> Outcome<Plan> {
        auto asked = plan_of(tx, place, request);
        if (!asked) return std::unexpected(asked.error());
        put_aside = std::move(asked->put_aside);
        return Plan{std::move(asked->slots), request.skip_conflicts};
    };
    taking.write = [&](const Place& place,
                       const std::vector<JudgedSlot>& judged) -> Outcome<Booking> {
        Booking booking = compose(place, judged, *buffers);
        keep_on_record(booking, put_aside);
        booking.channel = for_himself ? "online" : "counter";
        booking.organisation = request.organisation;
        booking.requester = actor.id;
        booking.purpose = request.purpose;
        booking.message = request.message;
        booking.contact_phone = request.contact_phone;
        booking.headcount = request.headcount;
        booking.when = request.when;
        booking.category = affiliation.category;
        if (const auto priced = set_price(tx, place, request, judged, booking); !priced) {
            return std::unexpected(priced.error());
        }
        // A zero price needs its ground: where accounts knows none, a person has to name it.
        instant = instant && (!booking.free_of_charge() || !ground_of(tx, booking, {}).empty());
        booking.terms = {settings_.terms.version, settings_.terms.hash, now(),
                         settings_.cancellation};
        instant = instant && check_papers(tx, booking).has_value();
        if (!instant && place.space->auto_accept) {
            instant = by_rule = obstacles_of(tx, *place.space, booking).empty();
        }
        booking.hold = instant ? Hold::taken : Hold::pending;
        const std::string role(for_himself ? "hirer"
                                           : actor.role_at(booking.body, booking.establishment));
        const HistoryLine line{now(), role, actor.id, "submit", std::nullopt, State::submitted,
                               1,     {},   {}};
        return write_new(tx, place, std::move(booking), {line});
    };
    auto taken = take_time(tx, taking);
    if (!taken) return taken;
    tx.publish_occupancy(*taken, now());
    tx.publish_booking(*taken, "submitted", now());
    if (!instant) return taken;

    const State from = taken->state;
    taken->state = State::accepted;
    taken->free_ground = taken->free_of_charge() ? ground_of(tx, *taken, {}) : std::string{};
    taken->decision = Decision{"rules", std::string(by_rule ? auto_accepted : ""), now(), {}, {}};
    if (const auto saved = save(tx, *taken, Act::accept); !saved) {
        return std::unexpected(saved.error());
    }
    note(tx, *taken, from, by_rule ? auto_accepted : "accept", "rules", {});
    if (const auto stands = acceptance_stands(tx, *taken); !stands) {
        return std::unexpected(stands.error());
    }
    return taken;
}

}  // namespace preau::booking
