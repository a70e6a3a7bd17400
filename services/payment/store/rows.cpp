#include "services/payment/store/rows.hpp"

#include <nlohmann/json.hpp>

#include "services/payment/store/sql_tx.hpp"

namespace preau::payment {

namespace {

using nlohmann::json;

json instant_or_null(const std::optional<base::Instant>& at) {
    return at ? json(at->seconds) : json(nullptr);
}

json data_of(const Payment& payment) {
    return {{"payment_id", payment.id.str()},
            {"booking_id", payment.booking.str()},
            {"body_id", payment.body.str()},
            {"establishment_id", payment.establishment.str()},
            {"organisation_id", payment.organisation.str()},
            {"amount", payment.amount},
            {"currency", payment.currency},
            {"status", to_string(payment.status)},
            {"requirement", to_string(payment.requirement)},
            {"refund_state", to_string(payment.refund_state())},
            {"refunded_amount", payment.refunded},
            {"dispute_state", to_string(payment.dispute_state())},
            {"public_ref", payment.public_ref},
            {"booking_reference", payment.booking_reference},
            {"pay_by", instant_or_null(payment.pay_by)},
            {"paid_at", instant_or_null(payment.paid_at)},
            {"method", payment.method.empty() ? json(nullptr) : json(payment.method)},
            {"version", payment.version}};
}

events::Event event_of(const std::string& type, const Payment& payment, base::Instant now,
                       json data) {
    events::Event out;
    out.type = type;
    out.aggregate_id = payment.id.str();
    out.version = payment.version;
    out.occurred_at = now;
    out.data = std::move(data);
    return out;
}

}  // namespace

std::string details_of(const Payment& payment) {
    json lines = json::array();
    for (const auto& line : payment.lines) {
        json supplements = json::array();
        for (const auto& added : line.supplements)
            supplements.push_back({{"kind", added.kind}, {"amount", added.amount}});
        lines.push_back({{"kind", line.kind},
                         {"label", line.label},
                         {"supplements", std::move(supplements)},
                         {"vat_basis_points", line.vat_basis_points},
                         {"vat_note", line.vat_note},
                         {"vat_tax", line.vat_tax},
                         {"unit", line.unit},
                         {"quantity_quarters", line.quantity_quarters},
                         {"unit_price", line.unit_price},
                         {"amount", line.amount},
                         {"dates_count", line.dates_count}});
    }
    return json{{"space_name", payment.space_name},
                {"establishment_name", payment.establishment_name},
                {"lines", std::move(lines)}}
        .dump();
}

void read_details(const std::string& text, Payment& into) {
    const auto in = json::parse(text, nullptr, false);
    if (!in.is_object()) return;
    into.space_name = in.value("space_name", "");
    into.establishment_name = in.value("establishment_name", "");
    for (const auto& one : in.value("lines", json::array())) {
        Line line{one.value("unit", ""),
                  one.value("quantity_quarters", std::int64_t{0}),
                  one.value("unit_price", std::int64_t{0}),
                  one.value("amount", std::int64_t{0}),
                  one.value("dates_count", std::int64_t{0}),
                  one.value("kind", "room"),
                  one.value("label", ""),
                  {},
                  one.value("vat_basis_points", std::int64_t{0}),
                  one.value("vat_note", ""),
                  one.value("vat_tax", std::int64_t{0})};
        for (const auto& added : one.value("supplements", json::array())) {
            line.supplements.push_back(
                {added.value("kind", ""), added.value("amount", std::int64_t{0})});
        }
        into.lines.push_back(std::move(line));
    }
}

events::Event changed_event(const Payment& payment, base::Instant now) {
    return event_of("payment_changed.v1", payment, now, data_of(payment));
}

events::Event fact_event(const Payment& payment, const Fact& fact, base::Instant now) {
    json data = data_of(payment);
    if (fact.refund) {
        data["refund_id"] = fact.refund->id.str();
        data["refund_amount"] = fact.refund->amount;
        data["reason"] = fact.refund->reason;
        data["route"] = to_string(fact.refund->route);
    }
    return event_of(fact.type, payment, now, std::move(data));
}

void emit_snapshot(db::Session& session, base::Instant now,
                   const std::function<void(events::Event)>& emit) {
    const base::MachineClock machine;
    SqlTx(session, machine).each_payment([&](const Payment& payment) {
        emit(changed_event(payment, now));
    });
}

}  // namespace preau::payment
