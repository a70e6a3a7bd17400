// Bookings, their occurrences and history, and what can still be taken back.

#include <algorithm>

#include "services/booking/store/dates.hpp"
#include "services/booking/store/details.hpp"
#include "services/booking/store/row.hpp"
#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"

namespace preau::booking {

bool SqlTx::reference_exists(const std::string& reference) {
    Number one = 0;
    sql() << "SELECT 1 FROM booking WHERE reference = :r", soci::use(reference), soci::into(one);
    return sql().got_data();
}

bool SqlTx::booking_exists(const base::BookingId& booking) {
    Number one = 0;
    sql() << "SELECT 1 FROM booking WHERE booking_id = :b", soci::use(booking.str()),
        soci::into(one);
    return sql().got_data();
}

void SqlTx::insert(const Booking& booking) {
    BookingRow row(booking);
    soci::statement insert =
        (sql().prepare
             << "INSERT INTO booking (booking_id, reference, version, state, held, origin, "
                "channel, "
                "body_id, establishment_id, site_id, space_id, offer_id, organisation_id, "
                "requester_id, category, free_ground, payment_kind, request_hash, submitted_at, "
                "answer_by, first_start, last_start, last_end, dates_count, decided_role, "
                "decided_by, decided_at, reason_code, reason_text, details, "
                "escalate_by, two_levels) VALUES (:a1, :a2, :a3, "
                ":a4, :a5, :a6, :a7, :a8, :a9, :b1, :b2, :b3, :b4, :b5, :b6, :b7, :b8, :b9, :c1, "
                ":c2, :c3, :c4, :c5, :c6, :c7, :c8, :c9, :d1, :d2, :d3, :d4, :d5)",
         soci::use(row.id), soci::use(row.reference), soci::use(row.version), soci::use(row.state),
         soci::use(row.held), soci::use(row.origin), soci::use(row.channel), soci::use(row.body),
         soci::use(row.establishment), soci::use(row.site), soci::use(row.space),
         soci::use(row.offer), soci::use(row.organisation), soci::use(row.requester),
         soci::use(row.category), soci::use(row.free_ground), soci::use(row.payment),
         soci::use(row.request_hash), soci::use(row.submitted_at), soci::use(row.answer_by),
         soci::use(row.first_start), soci::use(row.last_start), soci::use(row.last_end),
         soci::use(row.dates_count), soci::use(row.decided_role), soci::use(row.decided_by),
         soci::use(row.decided_at), soci::use(row.reason_code), soci::use(row.reason_text),
         soci::use(row.details), soci::use(row.escalate_by), soci::use(row.two_levels));
    insert.execute(true);

    insert_dates(session_, booking_dates, booking.id.str(), booking.occurrences);
    made_ = booking.id;
}

void SqlTx::add_deferred(std::span<Booking> bookings) {
    if (bookings.empty()) return;
    std::vector<base::BookingId> ids;
    for (const auto& booking : bookings)
        ids.push_back(booking.id);
    std::string id;
    std::string act;
    std::string state;
    std::string held;
    std::string before;
    Number at = 0;
    soci::statement query =
        (sql().prepare << "SELECT booking_id, act, previous_state, previous_held, effective_at, "
                          "before_facts FROM deferred_effect WHERE booking_id IN ("
                       << id_list(std::span<const base::BookingId>(ids)) << ")",
         soci::into(id), soci::into(act), soci::into(state), soci::into(held), soci::into(at),
         soci::into(before));
    each(query, [&] {
        const auto booking =
            std::ranges::find(bookings, id, [](const Booking& one) { return one.id.str(); });
        if (booking == bookings.end()) return;
        booking->deferred = DeferredEffect{booking->id,
                                           act_from(act).value_or(Act::cancel),
                                           state_from(state).value_or(State::submitted),
                                           hold_from(held).value_or(Hold::none),
                                           base::Instant{at},
                                           before_from(before)};
    });
}

std::optional<Booking> SqlTx::find(const base::BookingId& id) {
    BookingRow row;
    soci::statement query =
        (sql().prepare << "SELECT " << BookingRow::columns << " FROM booking WHERE booking_id = :b",
         soci::use(id.str()));
    row.bind(query);
    if (!query.execute(true)) return std::nullopt;
    Booking booking = row.booking();
    booking.occurrences = dates_of(session_, booking_dates, id.str());
    add_deferred({&booking, 1});
    add_proposals({&booking, 1});
    if (booking.proposal) booking.proposal->occurrences = occurrences_of(booking.proposal->id);
    add_payments({&booking, 1});
    return booking;
}

bool SqlTx::update(Booking& booking) {
    BookingRow row(booking);
    soci::statement update =
        (sql().prepare << "UPDATE booking SET version = version + 1, state = :a1, held = :a2, "
                          "free_ground = :a3, first_start = :a4, last_start = :a5, last_end = :a6, "
                          "dates_count = :a7, decided_role = :a8, decided_by = :a9, "
                          "decided_at = :b1, reason_code = :b2, reason_text = :b3, pay_by = :b6, "
                          "pay_by_extended = :b7, ask_payment_at = :b8, paid = :b9, "
                          "asked_text = :c1, answered_text = :c2, endorsed_by = :c3, "
                          "suspended_from = :c4 "
                          "WHERE booking_id = :b4 AND version = :b5",
         soci::use(row.state), soci::use(row.held), soci::use(row.free_ground),
         soci::use(row.first_start), soci::use(row.last_start), soci::use(row.last_end),
         soci::use(row.dates_count), soci::use(row.decided_role), soci::use(row.decided_by),
         soci::use(row.decided_at), soci::use(row.reason_code), soci::use(row.reason_text),
         soci::use(row.pay_by), soci::use(row.extended), soci::use(row.ask_payment_at),
         soci::use(row.paid), soci::use(row.asked), soci::use(row.answered),
         soci::use(row.endorsed_by), soci::use(row.suspended_from), soci::use(row.id),
         soci::use(row.version));
    if (changed(update) != 1) return false;
    ++booking.version;
    return true;
}

void SqlTx::update_occurrences(const Booking& booking) {
    update_dates(session_, booking_dates, booking.id.str(), booking.occurrences);
}

void SqlTx::restart_answer(const Booking& booking) {
    const Number answer = booking.answer_by.seconds;
    const Number escalate = booking.escalate_by.seconds;
    sql() << "UPDATE booking SET answer_by = :a, escalate_by = :e, overdue_told = 0 "
             "WHERE booking_id = :b",
        soci::use(answer), soci::use(escalate), soci::use(booking.id.str());
}

bool SqlTx::mark_overdue(const Booking& booking) {
    const Number told = booking.overdue_told;
    soci::statement mark = (sql().prepare << "UPDATE booking SET overdue_told = overdue_told + 1 "
                                             "WHERE booking_id = :b AND overdue_told = :t AND "
                                             "state IN "
                                          << states_to_decide(),
                            soci::use(booking.id.str()), soci::use(told));
    return changed(mark) == 1;
}

int SqlTx::count_unanswered(const base::OrganisationId& organisation, const base::BodyId& body) {
    Number count = 0;
    sql() << "SELECT COUNT(DISTINCT COALESCE(j.first_id, b.booking_id)) FROM booking b "
             "LEFT JOIN joint_request j ON j.booking_id = b.booking_id "
             "WHERE b.organisation_id = :o AND b.body_id = :b AND b.state IN "
          << states_unanswered(),
        soci::use(organisation.str()), soci::use(body.str()), soci::into(count);
    return static_cast<int>(count);
}

std::optional<base::BookingId> SqlTx::find_duplicate(const base::OrganisationId& organisation,
                                                     const std::string& request_hash) {
    std::string id;
    sql() << "SELECT booking_id FROM booking WHERE organisation_id = :o AND request_hash = :h AND "
             "state IN "
          << states_living() << " LIMIT 1",
        soci::use(organisation.str()), soci::use(request_hash), soci::into(id);
    if (!sql().got_data()) return std::nullopt;
    return base::BookingId::trusted(id);
}

void SqlTx::add_history(const base::BookingId& booking, const HistoryLine& line) {
    const Number at = line.at.seconds;
    const Number version = line.version;
    const std::string from(line.from ? to_string(*line.from) : "");
    const std::string to(to_string(line.to));
    const std::string changes = changes_of(line);
    sql() << "INSERT INTO booking_history (booking_id, happened_at, actor_role, actor_id, act, "
             "from_state, to_state, version, reason_code, reason_text, changes) VALUES (:a1, :a2, "
             ":a3, :a4, :a5, :a6, :a7, :a8, :a9, :b1, :b2)",
        soci::use(booking.str()), soci::use(at), soci::use(line.by_role), soci::use(line.by),
        soci::use(line.act), soci::use(from), soci::use(to), soci::use(version),
        soci::use(line.reason_code), soci::use(line.reason_text), soci::use(changes);
}

std::vector<HistoryLine> SqlTx::history(const base::BookingId& booking) {
    std::vector<HistoryLine> out;
    HistoryLine line;
    std::string from;
    std::string to;
    std::string changes;
    Number at = 0;
    Number version = 0;
    soci::statement query =
        (sql().prepare << "SELECT happened_at, actor_role, actor_id, act, from_state, to_state, "
                          "version, reason_code, reason_text, changes FROM booking_history "
                          "WHERE booking_id = :b ORDER BY line",
         soci::use(booking.str()), soci::into(at), soci::into(line.by_role), soci::into(line.by),
         soci::into(line.act), soci::into(from), soci::into(to), soci::into(version),
         soci::into(line.reason_code), soci::into(line.reason_text), soci::into(changes));
    each(query, [&] {
        line.at = {at};
        line.from = state_from(from);
        line.to = state_from(to).value_or(State::submitted);
        line.version = version;
        read_changes(changes, line);
        out.push_back(line);
    });
    return out;
}

void SqlTx::defer(const DeferredEffect& effect) {
    const std::string act(to_string(effect.act));
    const std::string state(to_string(effect.previous_state));
    const std::string held(to_string(effect.previous_hold));
    const Number at = effect.effective_at.seconds;
    const std::string before = before_text(effect.before);
    const std::string bulk = effect.before.pushed ? effect.before.pushed->by.str() : std::string{};
    sql() << "INSERT INTO deferred_effect (booking_id, act, previous_state, previous_held, "
             "effective_at, before_facts, bulk_closure_id) "
             "VALUES (:a1, :a2, :a3, :a4, :a5, :a6, :a7)",
        soci::use(effect.booking.str()), soci::use(act), soci::use(state), soci::use(held),
        soci::use(at), soci::use(before), soci::use(bulk);
}

bool SqlTx::take_deferred(const base::BookingId& booking) {
    soci::statement remove = (sql().prepare << "DELETE FROM deferred_effect WHERE booking_id = :b",
                              soci::use(booking.str()));
    return changed(remove) == 1;
}

}  // namespace preau::booking
