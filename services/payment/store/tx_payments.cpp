// Payments with their attempts and refunds, and the facts told of them.

#include <algorithm>
#include <map>

#include "services/payment/store/rows.hpp"
#include "services/payment/store/sql_tx.hpp"
#include "shared/db/dialect.hpp"
#include "shared/events/outbox.hpp"

namespace preau::payment {

namespace {

constexpr std::string_view kSelect =
    "SELECT payment_id, public_ref, booking_id, booking_reference, body_id, establishment_id, "
    "organisation_id, requirement, amount, currency, status, refunded, received_offline, "
    "settlement, booking_state, pay_by, paid_at, method, payout_id, details, created_at, version "
    "FROM payment WHERE ";

std::optional<base::Instant> instant_or_none(std::int64_t seconds) {
    if (seconds == 0) return std::nullopt;
    return base::Instant{seconds};
}

std::int64_t seconds_of(const std::optional<base::Instant>& at) {
    return at ? at->seconds : 0;
}

Payment payment_of(const Query& row) {
    Payment out;
    out.id = PaymentId::trusted(row.text(0));
    out.public_ref = row.text(1);
    out.booking = base::BookingId::trusted(row.text(2));
    out.booking_reference = row.text(3);
    out.body = base::BodyId::trusted(row.text(4));
    out.establishment = base::EstablishmentId::trusted(row.text(5));
    out.organisation = base::OrganisationId::trusted(row.text(6));
    out.requirement = from_text<Requirement>(row.text(7)).value_or(Requirement::before);
    out.amount = row.number(8);
    out.currency = row.text(9);
    out.status = from_text<Status>(row.text(10)).value_or(Status::created);
    out.refunded = row.number(11);
    out.received_offline = row.number(12);
    out.settlement = from_text<Settlement>(row.text(13)).value_or(Settlement::none);
    out.booking_state = from_text<BookingState>(row.text(14)).value_or(BookingState::accepted);
    out.pay_by = instant_or_none(row.number(15));
    out.paid_at = instant_or_none(row.number(16));
    out.method = row.text(17);
    out.payout_id = row.text(18);
    read_details(row.text(19), out);
    out.created_at = {row.number(20)};
    out.version = row.number(21);
    return out;
}

Attempt attempt_of(const Query& row) {
    Attempt out;
    out.n = static_cast<int>(row.number(1));
    out.status = from_text<AttemptStatus>(row.text(2)).value_or(AttemptStatus::failed);
    out.declined = row.number(3) != 0;
    out.processing = row.number(4) != 0;
    out.session_id = row.text(5);
    out.intent_id = row.text(6);
    out.charge_id = row.text(7);
    out.url = row.text(8);
    out.received = row.number(9);
    out.opened_at = {row.number(10)};
    out.expires_at = {row.number(11)};
    return out;
}

Refund refund_of(const Query& row) {
    Refund out;
    out.id = RefundId::trusted(row.text(1));
    out.key = row.text(2);
    out.amount = row.number(3);
    out.reason = row.text(4);
    out.status = from_text<RefundStatus>(row.text(5)).value_or(RefundStatus::requested);
    out.route = from_text<Route>(row.text(6)).value_or(Route::provider);
    out.attempt = static_cast<int>(row.number(7));
    out.external_id = row.text(8);
    out.requested_at = {row.number(9)};
    out.pending_reason = row.text(10);
    out.asked_by = row.text(11);
    out.decided_by = row.text(12);
    return out;
}

Dispute dispute_of(const Query& row) {
    Dispute out;
    out.id = row.text(1);
    out.attempt = static_cast<int>(row.number(2));
    out.amount = row.number(3);
    out.withdrawn = row.number(4);
    out.state = from_text<DisputeState>(row.text(5)).value_or(DisputeState::open);
    out.reason = row.text(6);
    out.answer_by = instant_or_none(row.number(7));
    out.opened_at = {row.number(8)};
    return out;
}

std::string quoted(const std::vector<Payment>& payments) {
    std::string out;
    for (const auto& one : payments) {
        if (!out.empty()) out += ',';
        out += "'" + one.id.str() + "'";
    }
    return out;
}

}  // namespace

std::vector<Payment> SqlTx::payments_where(const std::string& condition, const Cells& cells) {
    std::vector<Payment> out;
    query(std::string(kSelect) + condition, cells)
        .each(
            "ttttttttnttnnttnnttt"
            "nn",
            [&](const Query& row) { out.push_back(payment_of(row)); });
    if (out.empty()) return out;
    std::map<std::string, Payment*> by_id;
    for (auto& one : out)
        by_id[one.id.str()] = &one;
    const std::string ids = quoted(out);
    query(
        "SELECT payment_id, n, status, declined, processing, session_id, intent_id, charge_id, "
        "url, received, opened_at, expires_at FROM attempt WHERE payment_id IN (" +
        ids + ") ORDER BY payment_id, n")
        .each("tntnnttttnnn",
              [&](const Query& row) { by_id[row.text(0)]->attempts.push_back(attempt_of(row)); });
    query(
        "SELECT payment_id, refund_id, refund_key, amount, reason, status, route, attempt, "
        "external_id, requested_at, pending_reason, asked_by, decided_by FROM refund WHERE "
        "payment_id IN (" +
        ids + ") ORDER BY payment_id, refund_id")
        .each("tttntttntnttt",
              [&](const Query& row) { by_id[row.text(0)]->refunds.push_back(refund_of(row)); });
    query(
        "SELECT payment_id, dispute_id, attempt, amount, withdrawn, state, reason, answer_by, "
        "opened_at FROM dispute WHERE payment_id IN (" +
        ids + ") ORDER BY payment_id, opened_at, dispute_id")
        .each("ttnnnttnn",
              [&](const Query& row) { by_id[row.text(0)]->disputes.push_back(dispute_of(row)); });
    return out;
}

bool SqlTx::reference_exists(const std::string& public_ref) {
    bool found = false;
    query("SELECT version FROM payment WHERE public_ref = ?", {public_ref})
        .each("n", [&](const Query&) { found = true; });
    return found;
}

std::optional<Payment> SqlTx::find(const PaymentId& id) {
    auto found = payments_where("payment_id = ?", {id.str()});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::optional<Payment> SqlTx::find_by_booking(const base::BookingId& id) {
    auto found = payments_where("booking_id = ?", {id.str()});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::optional<PaymentId> SqlTx::one_id(std::string_view text, const Cells& cells) {
    std::optional<PaymentId> out;
    query(text, cells).each("t", [&](const Query& row) { out = PaymentId::trusted(row.text(0)); });
    return out;
}

std::optional<PaymentId> SqlTx::owner_of_intent(const std::string& intent) {
    if (intent.empty()) return std::nullopt;
    return one_id("SELECT payment_id FROM attempt WHERE intent_id = ?", {intent});
}

std::optional<PaymentId> SqlTx::owner_of_refund(const RefundId& id) {
    return one_id("SELECT payment_id FROM refund WHERE refund_id = ?", {id.str()});
}

void SqlTx::write_attempts(const Payment& payment) {
    for (const auto& one : payment.attempts) {
        put_row(session_, "attempt",
                {{"payment_id", payment.id.str()},
                 {"n", one.n},
                 {"establishment_id", payment.establishment.str()},
                 {"status", to_string(one.status)},
                 {"declined", one.declined},
                 {"processing", one.processing},
                 {"session_id", one.session_id},
                 {"intent_id", one.intent_id},
                 {"charge_id", one.charge_id},
                 {"url", one.url},
                 {"received", one.received},
                 {"opened_at", one.opened_at.seconds},
                 {"expires_at", one.expires_at.seconds},
                 {"looked_at", 0}},
                2);
    }
}

void SqlTx::write_refunds(const Payment& payment) {
    for (const auto& one : payment.refunds) {
        put_row(session_, "refund",
                {{"refund_id", one.id.str()},
                 {"payment_id", payment.id.str()},
                 {"refund_key", one.key},
                 {"amount", one.amount},
                 {"reason", one.reason},
                 {"status", to_string(one.status)},
                 {"route", to_string(one.route)},
                 {"attempt", one.attempt},
                 {"external_id", one.external_id},
                 {"requested_at", one.requested_at.seconds},
                 {"pending_reason", one.pending_reason},
                 {"asked_by", one.asked_by},
                 {"decided_by", one.decided_by}},
                1);
    }
}

void SqlTx::write_disputes(const Payment& payment) {
    for (const auto& one : payment.disputes) {
        put_row(session_, "dispute",
                {{"dispute_id", one.id},
                 {"payment_id", payment.id.str()},
                 {"attempt", one.attempt},
                 {"amount", one.amount},
                 {"withdrawn", one.withdrawn},
                 {"state", to_string(one.state)},
                 {"reason", one.reason},
                 {"answer_by", seconds_of(one.answer_by)},
                 {"opened_at", one.opened_at.seconds}},
                1);
    }
}

void SqlTx::publish(const Payment& payment, const Effects& effects, base::Instant now) {
    events::append(session_, changed_event(payment, now));
    for (const auto& fact : effects.facts)
        events::append(session_, fact_event(payment, fact, now));
}

base::Result<void> SqlTx::save(Payment& payment, const Effects& effects, base::Instant now) {
    if (effects.changed) {
        const Columns changing{{"status", to_string(payment.status)},
                               {"refunded", payment.refunded},
                               {"received_offline", payment.received_offline},
                               {"settlement", to_string(payment.settlement)},
                               {"booking_state", to_string(payment.booking_state)},
                               {"pay_by", seconds_of(payment.pay_by)},
                               {"paid_at", seconds_of(payment.paid_at)},
                               {"method", payment.method},
                               {"payout_id", payment.payout_id},
                               {"version", payment.version + 1}};
        if (payment.version == 0) {
            Columns all{{"payment_id", payment.id.str()},
                        {"public_ref", payment.public_ref},
                        {"booking_id", payment.booking.str()},
                        {"booking_reference", payment.booking_reference},
                        {"body_id", payment.body.str()},
                        {"establishment_id", payment.establishment.str()},
                        {"organisation_id", payment.organisation.str()},
                        {"requirement", to_string(payment.requirement)},
                        {"amount", payment.amount},
                        {"currency", payment.currency},
                        {"details", details_of(payment)},
                        {"created_at", payment.created_at.seconds}};
            all.insert(all.end(), changing.begin(), changing.end());
            insert_row(session_, "payment", all);
        } else {
            std::string text = "UPDATE payment SET ";
            Cells cells;
            for (const auto& [name, cell] : changing) {
                if (!cells.empty()) text += ", ";
                text.append(name).append(" = ?");
                cells.push_back(cell);
            }
            cells.emplace_back(payment.id.str());
            cells.emplace_back(payment.version);
            if (query(text + " WHERE payment_id = ? AND version = ?", cells).run() != 1) {
                return base::fail("stale_version", "payment");
            }
        }
        ++payment.version;
        write_attempts(payment);
        write_refunds(payment);
        write_disputes(payment);
    }
    for (auto txn : effects.txns)
        mirror(txn);
    for (const auto& entry : effects.entries)
        post(payment.establishment, entry, now);
    for (const auto& finding : effects.findings)
        note(finding, now);
    if (effects.changed) publish(payment, effects, now);
    return {};
}

std::vector<Payment> SqlTx::list(const PaymentFilter& filter) {
    std::string condition = filter.booking        ? "booking_id = ?"
                            : filter.organisation ? "organisation_id = ?"
                                                  : "establishment_id = ?";
    Cells cells{filter.booking        ? filter.booking->str()
                : filter.organisation ? filter.organisation->str()
                                      : filter.establishment->str()};
    if (!filter.statuses.empty()) {
        std::string names;
        for (const auto status : filter.statuses) {
            if (!names.empty()) names += ',';
            names.append("'").append(to_string(status)).append("'");
        }
        condition += " AND status IN (" + names + ")";
    }
    if (!filter.after.empty()) {
        condition += " AND payment_id < ?";
        cells.emplace_back(filter.after);
    }
    condition += " ORDER BY payment_id DESC LIMIT ?";
    cells.emplace_back(filter.limit);
    return payments_where(condition, cells);
}

void SqlTx::each_payment(const std::function<void(const Payment&)>& take) {
    constexpr int kBatch = 500;
    std::string after;
    while (true) {
        const auto batch =
            payments_where("payment_id > ? ORDER BY payment_id LIMIT ?", {after, kBatch});
        for (const auto& one : batch)
            take(one);
        if (batch.size() < kBatch) return;
        after = batch.back().id.str();
    }
}

std::vector<PaymentId> SqlTx::attempts_to_look(base::Instant now, base::Instant looked_before,
                                               int limit) {
    std::vector<PaymentId> out;
    query(
        "SELECT payment_id FROM attempt WHERE status = 'open' AND looked_at < ? AND "
        "(processing = 1 OR expires_at < ? OR opened_at < ?) ORDER BY looked_at LIMIT ?",
        {looked_before.seconds, now.seconds, looked_before.seconds, limit})
        .each("t", [&](const Query& row) { out.push_back(PaymentId::trusted(row.text(0))); });
    return out;
}

void SqlTx::looked(const PaymentId& id, base::Instant now) {
    query("UPDATE attempt SET looked_at = ? WHERE payment_id = ? AND status = 'open'",
          {now.seconds, id.str()})
        .run();
}

std::vector<PaymentId> SqlTx::to_close(int limit) {
    std::vector<PaymentId> out;
    query(
        "SELECT payment_id FROM payment WHERE status IN ('created', 'awaiting_payer', "
        "'payment_failed') AND booking_state IN ('cancelled', 'expired') LIMIT ?",
        {limit})
        .each("t", [&](const Query& row) { out.push_back(PaymentId::trusted(row.text(0))); });
    return out;
}

namespace {
std::vector<std::pair<PaymentId, RefundId>> pairs(Query query) {
    std::vector<std::pair<PaymentId, RefundId>> out;
    query.each("tt", [&](const Query& row) {
        out.emplace_back(PaymentId::trusted(row.text(0)), RefundId::trusted(row.text(1)));
    });
    return out;
}
}  // namespace

std::vector<std::pair<PaymentId, RefundId>> SqlTx::refunds_to_send(int limit) {
    return pairs(
        query("SELECT payment_id, refund_id FROM refund WHERE status = 'approved' AND "
              "route = 'provider' ORDER BY refund_id LIMIT ?",
              {limit}));
}

std::vector<std::pair<PaymentId, RefundId>> SqlTx::refunds_pending(base::Instant looked_before,
                                                                   int limit) {
    return pairs(
        query("SELECT payment_id, refund_id FROM refund WHERE status = 'pending' AND "
              "route = 'provider' AND looked_at <= ? ORDER BY looked_at, refund_id LIMIT ?",
              {looked_before.seconds, limit}));
}

void SqlTx::refund_looked(const RefundId& id, base::Instant now) {
    query("UPDATE refund SET looked_at = ? WHERE refund_id = ?", {now.seconds, id.str()}).run();
}

std::vector<std::pair<PaymentId, std::string>> SqlTx::disputes_open(base::Instant looked_before,
                                                                    int limit) {
    std::vector<std::pair<PaymentId, std::string>> out;
    query(
        "SELECT payment_id, dispute_id FROM dispute WHERE state = 'open' AND looked_at <= ? "
        "ORDER BY looked_at, dispute_id LIMIT ?",
        {looked_before.seconds, limit})
        .each("tt", [&](const Query& row) {
            out.emplace_back(PaymentId::trusted(row.text(0)), row.text(1));
        });
    return out;
}

void SqlTx::dispute_looked(const std::string& id, base::Instant now) {
    query("UPDATE dispute SET looked_at = ? WHERE dispute_id = ?", {now.seconds, id}).run();
}

}  // namespace preau::payment
