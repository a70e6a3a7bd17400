// Facts for the other services, written with the change that they tell of.

#include "services/booking/store/events.hpp"
#include "services/booking/store/held.hpp"
#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"
#include "shared/events/outbox.hpp"

namespace preau::booking {

namespace {

using nlohmann::json;

events::Event event_of(std::string type, std::string aggregate, std::int64_t version,
                       base::Instant now, json data) {
    events::Event out;
    out.type = std::move(type);
    out.aggregate_id = std::move(aggregate);
    out.version = version;
    out.occurred_at = now;
    out.data = std::move(data);
    return out;
}

/// A wish that keeps nobody away is told as pending: who reads it knows the space's policy.
std::string_view told(Hold hold) {
    return to_string(hold == Hold::requested ? Hold::pending : hold);
}

/// Rows of occupied_interval as they stand in occupancy_changed.v1.
struct IntervalRow {
    std::string part, organisation, offer;
    Number start = 0, end = 0, before = 0, after = 0;

    Number pending = 0;
    std::string_view held;  // of the booking, as told

    json to_json() const {
        json out{{"part_id", part},
                 {"start", start},
                 {"end", end},
                 {"buffer_before_s", before},
                 {"buffer_after_s", after},
                 {"organisation_id", organisation},
                 {"offer_id", offer}};
        // A proposal keeps others away while the request that it answers may not.
        if (pending == 0 && held == "pending") out["hold"] = "taken";
        return out;
    }
};

json price_data(const std::optional<rules::Price>& price) {
    if (!price) return nullptr;
    json out = wire::to_json(*price);
    out["total_amount"] = price->total.value;
    out["currency"] = "EUR";
    return out;
}

/// The booking as it is now, for every fact about it.
json booking_data(const Booking& booking) {
    json pay_by = booking.pay_by ? json(booking.pay_by->seconds) : json(nullptr);
    return {{"booking_id", booking.id.str()},
            {"reference", booking.reference},
            {"body_id", booking.body.str()},
            {"establishment_id", booking.establishment.str()},
            {"site_id", booking.site.str()},
            {"space_id", booking.space.str()},
            {"offer_id", booking.offer.str()},
            {"space_name", booking.space_name},
            {"offer_name", booking.offer_name},
            {"establishment_name", booking.establishment_name},
            {"organisation_id", booking.organisation.str()},
            {"requester_id", booking.requester},
            {"state", to_string(booking.state)},
            {"origin", booking.origin},
            {"category", std::string(1, booking.category)},
            {"dates_count", booking.dates_count},
            {"first_start", booking.first_start.seconds},
            {"last_end", booking.last_end.seconds},
            {"price", price_data(booking.price)},
            {"quote_id", booking.quote.empty() ? json(nullptr) : json(booking.quote)},
            {"requirement",
             {{"agreement", "not_required"},
              {"payment", booking.payment},
              {"pay_by", std::move(pay_by)}}},
            {"version", booking.version}};
}

/// Whose answer did not come.
std::string_view expiry_of(const Booking& booking) {
    if (booking.pay_by) return "unpaid";
    if (booking.proposal) return "proposal_unanswered";
    return booking.asked.empty() ? "unanswered" : "documents_missing";
}

json closure_data(const Closure& closure) {
    json intervals = json::array();
    for (const auto& one : closure.intervals) {
        intervals.push_back({{"part_id", one.part.str()},
                             {"start", one.interval.start.seconds},
                             {"end", one.interval.end.seconds}});
    }
    return {{"closure_id", closure.id.str()},
            {"body_id", closure.body.str()},
            {"establishment_id", closure.establishment.str()},
            {"site_id", closure.site.str()},
            {"kind", to_string(closure.kind)},
            {"reason", closure.reason},
            {"intervals", std::move(intervals)},
            {"active", closure.active},
            {"version", closure.version}};
}

}  // namespace

json SqlTx::intervals_of(const Booking& booking) {
    json intervals = json::array();
    IntervalRow row;
    row.held = told(booking.hold);
    if (booking.id == made_) {  // nothing to read that is not known
        row.organisation = booking.organisation.str();
        for (const auto& [key, held] : held_by(booking)) {
            row.part = key.first;
            row.start = key.second;
            row.end = held.end;
            row.before = held.before;
            row.after = held.after;
            row.offer = held.offer->str();
            row.pending = held.pending ? 1 : 0;
            intervals.push_back(row.to_json());
        }
        return intervals;
    }
    soci::statement query =
        (sql().prepare << "SELECT part_id, start_at, end_at, buffer_before_s, buffer_after_s, "
                          "organisation_id, offer_id, pending FROM occupied_interval "
                          "WHERE booking_id = :b ORDER BY part_id, start_at",
         soci::use(booking.id.str()), soci::into(row.part), soci::into(row.start),
         soci::into(row.end), soci::into(row.before), soci::into(row.after),
         soci::into(row.organisation), soci::into(row.offer), soci::into(row.pending));
    each(query, [&] { intervals.push_back(row.to_json()); });
    return intervals;
}

void SqlTx::publish_occupancy(const Booking& booking, base::Instant now) {
    events::append(session_,
                   event_of("occupancy_changed.v1", booking.id.str(), booking.version, now,
                            {{"booking_id", booking.id.str()},
                             {"space_id", booking.space.str()},
                             {"version", booking.version},
                             {"hold", told(booking.hold)},
                             {"intervals", intervals_of(booking)}}));
}

void SqlTx::publish_booking(const Booking& booking, std::string_view what, base::Instant now) {
    auto data = booking_data(booking);
    if (what == "counter_proposed" && booking.proposal) {
        data["proposal"] = {{"proposal_id", booking.proposal->id.str()},
                            {"offer_id", booking.proposal->offer.str()},
                            {"deadline", booking.proposal->deadline.seconds}};
    }
    if (what == "expired") {
        data["reason_code"] = expiry_of(booking);
    } else if (booking.decision && !booking.decision->reason_code.empty()) {
        data["reason_code"] = booking.decision->reason_code;
    }
    events::append(session_, event_of("booking_" + std::string(what) + ".v1", booking.id.str(),
                                      booking.version, now, std::move(data)));
}

void SqlTx::publish_change(const Booking& booking, std::string_view act, base::Instant now) {
    auto data = booking_data(booking);
    data["act"] = act;
    events::append(session_, event_of("booking_changed.v1", booking.id.str(), booking.version, now,
                                      std::move(data)));
}

void SqlTx::order_refund(const Booking& booking, const RefundOrder& order, base::Instant now) {
    const Number amount = order.amount.value;
    const Number at = now.seconds;
    sql() << "INSERT INTO refund_order (refund_id, booking_id, payment_id, amount_cents, reason, "
             "ordered_at) VALUES (:a1, :a2, :a3, :a4, :a5, :a6)",
        soci::use(order.id.str()), soci::use(booking.id.str()), soci::use(order.payment.str()),
        soci::use(amount), soci::use(order.reason), soci::use(at);
    auto data = booking_data(booking);
    data["refund_id"] = order.id.str();
    data["payment_id"] = order.payment.str();
    data["amount"] = amount;
    data["currency"] = "EUR";
    data["reason"] = order.reason;
    data["version"] = 1;
    events::append(session_,
                   event_of("refund_ordered.v1", order.id.str(), 1, now, std::move(data)));
}

void SqlTx::answer_late_payment(const Booking& booking, const PaymentId& payment, bool retaken,
                                base::Instant now) {
    const Number took = retaken ? 1 : 0;
    const Number at = now.seconds;
    sql() << "INSERT INTO late_payment (payment_id, booking_id, retaken, answered_at) "
             "VALUES (:a1, :a2, :a3, :a4)",
        soci::use(payment.str()), soci::use(booking.id.str()), soci::use(took), soci::use(at);
    auto data = booking_data(booking);
    data["payment_id"] = payment.str();
    data["version"] = 1;
    events::append(session_, event_of(retaken ? "retaken.v1" : "not_retaken.v1", payment.str(), 1,
                                      now, std::move(data)));
}

void SqlTx::publish_closure(const Closure& closure, base::Instant now) {
    events::append(session_, event_of("closure_changed.v1", closure.id.str(), closure.version, now,
                                      closure_data(closure)));
}

std::vector<base::BookingId> SqlTx::acceptances_with_price(base::Instant since) {
    std::vector<base::BookingId> out;
    std::string id;
    const Number after = since.seconds;
    soci::statement query =
        (sql().prepare << "SELECT b.booking_id FROM booking b LEFT JOIN deferred_effect d ON "
                          "d.booking_id = b.booking_id "
                          "WHERE (d.booking_id IS NULL OR d.bulk_closure_id <> '') AND "
                          "b.state IN ('accepted', 'confirmed', 'closed') AND "
                          "b.payment_kind <> 'none' AND b.origin <> 'import' AND "
                          "(b.paid = 0 OR b.last_end > :a1) ORDER BY b.booking_id",
         soci::use(after), soci::into(id));
    each(query, [&] { out.push_back(base::BookingId::trusted(id)); });
    return out;
}

void emit_snapshot(db::Session& session, base::Instant since,
                   const std::function<void(events::Event)>& emit) {
    std::string booking;
    std::string space;
    std::string held;
    Number version = 0;
    IntervalRow row;
    const Number after = since.seconds;
    soci::statement query =
        (session.sql().prepare
             << "SELECT b.booking_id, b.space_id, b.held, b.version, i.part_id, i.start_at, "
                "i.end_at, i.buffer_before_s, i.buffer_after_s, i.organisation_id, i.offer_id, "
                "i.pending "
                "FROM booking b JOIN occupied_interval i ON i.booking_id = b.booking_id "
                "WHERE b.held <> 'none' AND (b.last_end > :s OR b.state = 'counter_proposed') "
                "AND i.end_at > :s2 "
                "ORDER BY b.booking_id, i.part_id, i.start_at",
         soci::use(after), soci::use(after), soci::into(booking), soci::into(space),
         soci::into(held), soci::into(version), soci::into(row.part), soci::into(row.start),
         soci::into(row.end), soci::into(row.before), soci::into(row.after),
         soci::into(row.organisation), soci::into(row.offer), soci::into(row.pending));
    json data;
    const auto flush = [&] {
        if (data.is_null()) return;
        emit(event_of("occupancy_changed.v1", data["booking_id"].get<std::string>(),
                      data["version"].get<std::int64_t>(), since, std::move(data)));
        data = nullptr;
    };
    each(query, [&] {
        if (data.is_null() || data["booking_id"] != booking) {
            flush();
            data = {{"booking_id", booking},
                    {"space_id", space},
                    {"version", version},
                    {"hold", told(hold_from(held).value_or(Hold::none))},
                    {"intervals", json::array()}};
        }
        row.held = told(hold_from(held).value_or(Hold::none));
        data["intervals"].push_back(row.to_json());
    });
    flush();
    FactsCache unused;
    const base::MachineClock machine;
    SqlTx tx(session, unused, machine);
    for (const auto& id : tx.acceptances_with_price(since)) {
        const auto owed = tx.find(id);
        if (!owed) continue;
        emit(event_of("booking_accepted.v1", id.str(), owed->version, since, booking_data(*owed)));
    }
    for (const auto& closure : tx.closures_in_force(since)) {
        emit(event_of("closure_changed.v1", closure.id.str(), closure.version, since,
                      closure_data(closure)));
    }
}

}  // namespace preau::booking
