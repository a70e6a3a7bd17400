#include "services/payment/http/render.hpp"

#include <algorithm>

namespace preau::payment::http {

namespace {

using nlohmann::json;

json moment_or_null(const std::optional<base::Instant>& at) {
    return at ? moment(*at) : json(nullptr);
}

json words_of(std::string_view rest) {
    json out = json::array();
    while (!rest.empty()) {
        const auto word = rest.substr(0, rest.find(' '));
        out.push_back(std::string(word));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    }
    return out;
}

std::string local_day(base::Instant at) {
    return time::Zone::paris().local(at).date.iso();
}

}  // namespace

json text_or_null(const std::string& text) {
    return text.empty() ? json(nullptr) : json(text);
}

json money(std::int64_t cents) {
    return {{"amount", cents}, {"currency", "EUR"}};
}

json moment(base::Instant at) {
    return time::Zone::paris().rfc3339(at);
}

json to_json(const Payment& payment, const Provider& provider) {
    json lines = json::array();
    for (const auto& line : payment.lines) {
        json supplements = json::array();
        for (const auto& added : line.supplements)
            supplements.push_back({{"kind", added.kind}, {"amount", money(added.amount)}});
        lines.push_back({{"kind", line.kind},
                         {"label", text_or_null(line.label)},
                         {"supplements", std::move(supplements)},
                         {"vat",
                          {{"basis_points", line.vat_basis_points},
                           {"note", line.vat_note},
                           {"tax", money(line.vat_tax)}}},
                         {"unit", line.unit},
                         {"quantity_quarters", line.quantity_quarters},
                         {"unit_price", money(line.unit_price)},
                         {"amount", money(line.amount)},
                         {"dates_count", line.dates_count}});
    }
    json attempts = json::array();
    for (const auto& one : payment.attempts) {
        attempts.push_back({{"n", one.n},
                            {"status", to_string(one.status)},
                            {"declined", one.declined},
                            {"opened_at", moment(one.opened_at)}});
    }
    json refunds = json::array();
    for (const auto& one : payment.refunds) {
        refunds.push_back({{"id", one.id.str()},
                           {"amount", money(one.amount)},
                           {"reason", one.reason},
                           {"status", to_string(one.status)},
                           {"pending_reason", text_or_null(one.pending_reason)},
                           {"route", to_string(one.route)},
                           {"requested_at", moment(one.requested_at)}});
    }
    json disputes = json::array();
    for (const auto& one : payment.disputes) {
        disputes.push_back({{"id", one.id},
                            {"amount", money(one.amount)},
                            {"state", to_string(one.state)},
                            {"reason", one.reason},
                            {"answer_by", moment_or_null(one.answer_by)},
                            {"opened_at", moment(one.opened_at)}});
    }
    return {
        {"id", payment.id.str()},
        {"public_ref", payment.public_ref},
        {"booking_id", payment.booking.str()},
        {"booking_reference", payment.booking_reference},
        {"establishment_id", payment.establishment.str()},
        {"organisation_id", payment.organisation.str()},
        {"amount", money(payment.amount)},
        {"status", to_string(payment.status)},
        {"refund_state", to_string(payment.refund_state())},
        {"refunded", money(payment.refunded)},
        {"settlement", to_string(payment.settlement)},
        {"requirement", to_string(payment.requirement)},
        {"pay_by", moment_or_null(payment.pay_by)},
        {"paid_at", moment_or_null(payment.paid_at)},
        {"method", text_or_null(payment.method)},
        {"space_name", payment.space_name},
        {"establishment_name", payment.establishment_name},
        {"lines", std::move(lines)},
        {"attempts", std::move(attempts)},
        {"refunds", std::move(refunds)},
        {"refundable", money(std::max<std::int64_t>(
                           0, payment.status == Status::paid ? payment.refundable() : 0))},
        {"dispute_state", to_string(payment.dispute_state())},
        {"disputes", std::move(disputes)},
        {"payout_id", text_or_null(payment.payout_id)},
        {"provider", {{"name", std::string(provider.name())}, {"simulated", provider.simulated()}}},
        {"version", payment.version}};
}

json to_json(const Payout& payout) {
    return {{"id", payout.id},
            {"establishment_id", payout.establishment.str()},
            {"amount", money(payout.amount)},
            {"status", payout.status},
            {"created_at", moment(payout.created)},
            {"arrival_on", local_day(payout.arrival)},
            {"itemised", money(payout.itemised)},
            {"trace", text_or_null(payout.trace)}};
}

json to_json(const PayoutLine& line) {
    return {{"id", line.txn.id},
            {"type", line.txn.type},
            {"gross", money(line.txn.gross)},
            {"fee", money(line.txn.fee)},
            {"net", money(line.txn.net())},
            {"payment_id", text_or_null(line.txn.payment_id)},
            {"public_ref", text_or_null(line.public_ref)},
            {"booking_reference", text_or_null(line.booking_reference)}};
}

json to_json(const BankLine& line) {
    return {{"id", line.id.str()},
            {"date", line.day.iso()},
            {"label", line.label},
            {"reference", line.reference},
            {"amount", money(line.amount)},
            {"state", line.state},
            {"rule", text_or_null(line.rule)},
            {"reasons", words_of(line.reasons)},
            {"payout_id", text_or_null(line.payout_id)},
            {"gap", line.state == "partly_matched" ? money(line.gap) : json(nullptr)}};
}

json to_json(const BankMatch& match) {
    json items = json::array();
    for (const auto& item : match.items) {
        items.push_back({{"kind", item.kind},
                         {"id", item.subject},
                         {"reference", item.reference},
                         {"amount", money(item.amount)}});
    }
    return {{"id", match.id.str()},
            {"line_id", match.line.str()},
            {"state", match.state},
            {"rule", match.rule},
            {"reasons", words_of(match.reasons)},
            {"note", text_or_null(match.note)},
            {"actor", match.actor},
            {"items", std::move(items)}};
}

json to_json(const Statement& statement) {
    return {{"id", statement.id.str()},
            {"from", statement.from.iso()},
            {"until", statement.until.iso()},
            {"lines", statement.lines},
            {"format", statement.format},
            {"closing", statement.closing ? money(*statement.closing) : json(nullptr)},
            {"imported_at", moment(statement.imported_at)}};
}

json to_json(const ledger::Written& written, const AccountNumbers& numbers) {
    json postings = json::array();
    for (const auto& one : written.entry.postings) {
        postings.push_back({{"account", ledger::to_string(one.account)},
                            {"number", numbers.at(one.account)},
                            {"debit", money(one.debit)},
                            {"credit", money(one.credit)}});
    }
    return {
        {"number", written.number},        {"event_key", written.entry.event_key},
        {"date", written.entry.day.iso()}, {"posted_at", moment(base::Instant{written.posted_at})},
        {"label", written.entry.label},    {"payment_id", text_or_null(written.entry.payment_id)},
        {"postings", std::move(postings)}, {"hash", written.hash}};
}

}  // namespace preau::payment::http
