#include "services/payment/store/sql_bank_book.hpp"

#include <algorithm>

namespace preau::payment {

namespace {

constexpr int kMatchesMax = 200;  // of one line
constexpr int kPaymentsMax = 10'000;

constexpr std::string_view kLine =
    "SELECT establishment_id, line_id, statement_id, fingerprint, ordinal, day, label, reference, "
    "amount, state, rule, reasons, payout_id, gap FROM bank_line WHERE ";
constexpr std::string_view kLineKinds = "ttttnnttnttttn";
constexpr std::string_view kMatch =
    "SELECT match_id, line_id, state, rule, reasons, note, actor, made_at, undone_by FROM "
    "bank_match WHERE ";
constexpr std::string_view kMatchKinds = "tttttttnt";

BankLine line_of(const Query& row) {
    return {LineId::trusted(row.text(1)),
            StatementId::trusted(row.text(2)),
            row.text(3),
            row.number(4),
            {static_cast<std::int32_t>(row.number(5))},
            row.text(6),
            row.text(7),
            row.number(8),
            row.text(9),
            row.text(10),
            row.text(11),
            row.text(12),
            row.number(13)};
}

}  // namespace

std::vector<BankLine> SqlBankBook::open_lines(const base::EstablishmentId& establishment) {
    std::vector<BankLine> out;
    query(std::string(kLine) +
              "establishment_id = ? AND state IN ('unmatched', 'suggested', 'partly_matched', "
              "'suspense') ORDER BY day, line_id",
          {establishment.str()})
        .each(kLineKinds, [&](const Query& row) { out.push_back(line_of(row)); });
    return out;
}

std::optional<std::pair<base::EstablishmentId, BankLine>> SqlBankBook::line(const LineId& id) {
    std::optional<std::pair<base::EstablishmentId, BankLine>> out;
    query(std::string(kLine) + "line_id = ?", {id.str()}).each(kLineKinds, [&](const Query& row) {
        out.emplace(base::EstablishmentId::trusted(row.text(0)), line_of(row));
    });
    return out;
}

LineCounts SqlBankBook::counts(const base::EstablishmentId& establishment) {
    LineCounts out;
    query(
        "SELECT state, COUNT(*), SUM(amount), MIN(day), MAX(day) FROM bank_line WHERE "
        "establishment_id = ? AND amount > 0 GROUP BY state",
        {establishment.str()})
        .each("tnnnn", [&](const Query& row) {
            const auto& state = row.text(0);
            out.by_state[state] = static_cast<int>(row.number(1));
            const time::Date newest{static_cast<std::int32_t>(row.number(4))};
            if (!out.newest || newest > *out.newest) out.newest = newest;
            if (state == "matched" || state == "ignored") return;
            out.open_cents += row.number(2);
            const time::Date oldest{static_cast<std::int32_t>(row.number(3))};
            if (!out.oldest_open || oldest < *out.oldest_open) out.oldest_open = oldest;
        });
    return out;
}

std::int64_t SqlBankBook::arrived_from_provider(const base::EstablishmentId& establishment) {
    std::int64_t out = 0;
    query(
        "SELECT COALESCE(SUM(i.amount), 0) FROM bank_match_item i JOIN bank_match m ON m.match_id "
        "= i.match_id WHERE m.establishment_id = ? AND m.state = 'made' AND i.kind = 'payout'",
        {establishment.str()})
        .each("n", [&](const Query& row) { out = row.number(0); });
    return out;
}

std::int64_t SqlBankBook::arrived_by_ledger(const base::EstablishmentId& establishment) {
    std::int64_t out = 0;
    query(
        "SELECT COALESCE(SUM(p.credit - p.debit), 0) FROM posting p JOIN journal j ON "
        "j.establishment_id = p.establishment_id AND j.number = p.number WHERE p.establishment_id "
        "= ? AND p.account = 'payout_transit' AND (j.event_key LIKE 'match:%' OR j.event_key LIKE "
        "'bank:%' OR j.event_key LIKE 'undo:%')",
        {establishment.str()})
        .each("n", [&](const Query& row) { out = row.number(0); });
    return out;
}

std::vector<Payout> SqlBankBook::payouts_since(const base::EstablishmentId& establishment,
                                               base::Instant since) {
    std::vector<Payout> out;
    query(
        "SELECT payout_id, establishment_id, account, amount, itemised, status, trace, created_at, "
        "arrival_at FROM payout WHERE establishment_id = ? AND (arrival_at >= ? OR status IN "
        "('seen', 'itemised', 'discrepancy')) AND status <> 'failed' ORDER BY created_at, "
        "payout_id",
        {establishment.str(), since.seconds})
        .each("tttnnttnn", [&](const Query& row) {
            out.push_back({row.text(0),
                           base::EstablishmentId::trusted(row.text(1)),
                           row.text(2),
                           row.number(3),
                           row.number(4),
                           row.text(5),
                           row.text(6),
                           {row.number(7)},
                           {row.number(8)}});
        });
    return out;
}

std::vector<Claim> SqlBankBook::claims(const base::EstablishmentId& establishment,
                                       base::Instant since) {
    std::vector<Claim> out;
    query(
        "SELECT p.payment_id, p.public_ref, p.amount, p.status, p.method, p.received_offline, "
        "COALESCE(r.received, 0), COALESCE(r.granted, 0), COALESCE(r.settled, 0), COALESCE(r.seen, "
        "0) FROM payment p LEFT JOIN bank_receipt r ON r.payment_id = p.payment_id WHERE "
        "p.establishment_id = ? AND p.amount > 0 AND p.created_at >= ? ORDER BY p.payment_id LIMIT "
        "?",
        {establishment.str(), since.seconds, kPaymentsMax})
        .each("ttnttnnnnn", [&](const Query& row) {
            Claim one;
            one.payment = PaymentId::trusted(row.text(0));
            one.public_ref = row.text(1);
            one.amount = row.number(2);
            const auto status = from_text<Status>(row.text(3)).value_or(Status::created);
            const bool settled = row.number(8) != 0;
            one.closed = closed(status);
            const bool expected =
                !one.closed && status != Status::paid && status != Status::paid_late;
            if (expected || settled) {
                one.rest = std::max<std::int64_t>(0, one.amount - (row.number(6) - row.number(7)));
            }
            if (row.text(4) == "transfer" && !settled && row.number(9) == 0) {
                one.awaited = row.number(5);
            }
            out.push_back(std::move(one));
        });
    return out;
}

Transfers SqlBankBook::transfers(const PaymentId& payment) {
    Transfers out;
    query("SELECT received, granted, settled, seen FROM bank_receipt WHERE payment_id = ?",
          {payment.str()})
        .each("nnnn", [&](const Query& row) {
            out = {row.number(0), row.number(1), row.number(2) != 0, row.number(3) != 0};
        });
    return out;
}

void SqlBankBook::save_transfers(const PaymentId& payment, const Transfers& transfers) {
    put_row(session_, "bank_receipt",
            {{"payment_id", payment.str()},
             {"received", transfers.received},
             {"granted", transfers.granted},
             {"settled", transfers.settled},
             {"seen", transfers.seen}},
            1);
}

void SqlBankBook::insert_match(const base::EstablishmentId& establishment, const BankMatch& match) {
    insert_row(session_, "bank_match",
               {{"match_id", match.id.str()},
                {"establishment_id", establishment.str()},
                {"line_id", match.line.str()},
                {"state", match.state},
                {"rule", match.rule},
                {"reasons", match.reasons},
                {"note", match.note},
                {"actor", match.actor},
                {"made_at", match.made_at.seconds},
                {"undone_by", ""},
                {"undone_at", 0}});
    int n = 0;
    for (const auto& item : match.items) {
        insert_row(session_, "bank_match_item",
                   {{"match_id", match.id.str()},
                    {"n", n++},
                    {"kind", item.kind},
                    {"subject", item.subject},
                    {"reference", item.reference},
                    {"amount", item.amount}});
    }
}

bool SqlBankBook::mark_undone(const MatchId& id, const std::string& who, base::Instant now) {
    return query(
               "UPDATE bank_match SET state = 'undone', undone_by = ?, undone_at = ? WHERE "
               "match_id = ? AND state = 'made'",
               {who, now.seconds, id.str()})
               .run() == 1;
}

void SqlBankBook::drop_suggestions(const base::EstablishmentId& establishment) {
    query(
        "DELETE FROM bank_match_item WHERE match_id IN (SELECT match_id FROM bank_match WHERE "
        "establishment_id = ? AND state = 'suggested')",
        {establishment.str()})
        .run();
    query("DELETE FROM bank_match WHERE establishment_id = ? AND state = 'suggested'",
          {establishment.str()})
        .run();
}

void SqlBankBook::drop_suggestions_of(const LineId& line) {
    query(
        "DELETE FROM bank_match_item WHERE match_id IN (SELECT match_id FROM bank_match WHERE "
        "line_id = ? AND state = 'suggested')",
        {line.str()})
        .run();
    query("DELETE FROM bank_match WHERE line_id = ? AND state = 'suggested'", {line.str()}).run();
}

std::vector<BankMatch> SqlBankBook::matches_where(const std::string& condition,
                                                  const Cells& cells) {
    std::vector<BankMatch> out;
    auto limited = cells;
    limited.emplace_back(kMatchesMax);
    query(std::string(kMatch) + condition + " ORDER BY match_id LIMIT ?", limited)
        .each(kMatchKinds, [&](const Query& row) {
            out.push_back({MatchId::trusted(row.text(0)),
                           LineId::trusted(row.text(1)),
                           row.text(2),
                           row.text(3),
                           row.text(4),
                           row.text(5),
                           row.text(6),
                           {row.number(7)},
                           row.text(8),
                           {}});
        });
    for (auto& match : out) {
        query(
            "SELECT kind, subject, reference, amount FROM bank_match_item WHERE match_id = ? ORDER "
            "BY n",
            {match.id.str()})
            .each("tttn", [&](const Query& row) {
                match.items.push_back({row.text(0), row.text(1), row.text(2), row.number(3)});
            });
    }
    return out;
}

std::optional<BankMatch> SqlBankBook::match(const MatchId& id) {
    auto found = matches_where("match_id = ?", {id.str()});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<BankMatch> SqlBankBook::matches_of(const LineId& line) {
    return matches_where("line_id = ?", {line.str()});
}

std::vector<LineId> SqlBankBook::lines_of_payout(const std::string& payout) {
    std::vector<LineId> out;
    query(
        "SELECT m.line_id FROM bank_match m JOIN bank_match_item i ON i.match_id = m.match_id "
        "WHERE "
        "i.subject = ? AND i.kind = 'payout' AND m.state = 'made' ORDER BY m.match_id DESC",
        {payout})
        .each("t", [&](const Query& row) { out.push_back(LineId::trusted(row.text(0))); });
    return out;
}

std::optional<ledger::Entry> SqlBankBook::entry(const std::string& event_key) {
    std::optional<ledger::Entry> out;
    std::string establishment;
    std::int64_t number = 0;
    query(
        "SELECT establishment_id, number, payment_id, label, happened_at FROM journal WHERE "
        "event_key = ?",
        {event_key})
        .each("tnttn", [&](const Query& row) {
            establishment = row.text(0);
            number = row.number(1);
            out.emplace();
            out->event_key = event_key;
            out->payment_id = row.text(2);
            out->label = row.text(3);
            out->happened_at = row.number(4);
        });
    if (!out) return out;
    query(
        "SELECT account, debit, credit FROM posting WHERE establishment_id = ? AND number = ? "
        "ORDER "
        "BY line",
        {establishment, number})
        .each("tnn", [&](const Query& row) {
            if (const auto account = ledger::account_from(row.text(0))) {
                out->postings.push_back({*account, row.number(1), row.number(2)});
            }
        });
    return out;
}

// ── Months and what they are made of ────────────────────────────────────────────────────────────

std::vector<Period> SqlBankBook::periods(const base::EstablishmentId& establishment) {
    std::vector<Period> out;
    query(
        "SELECT month, closed_at, closed_by, note, numbers, hashes FROM period WHERE "
        "establishment_id = ? ORDER BY month DESC",
        {establishment.str()})
        .each("tntttt", [&](const Query& row) {
            out.push_back(
                {row.text(0), {row.number(1)}, row.text(2), row.text(3), row.text(4), row.text(5)});
        });
    return out;
}

bool SqlBankBook::is_closed(const base::EstablishmentId& establishment, const std::string& month) {
    bool found = false;
    query("SELECT closed_at FROM period WHERE establishment_id = ? AND month = ?",
          {establishment.str(), month})
        .each("n", [&](const Query&) { found = true; });
    return found;
}

bool SqlBankBook::close(const base::EstablishmentId& establishment, const Period& period) {
    return !session_.duplicate_in([&] {
        insert_row(session_, "period",
                   {{"establishment_id", establishment.str()},
                    {"month", period.month},
                    {"closed_at", period.closed_at.seconds},
                    {"closed_by", period.closed_by},
                    {"note", period.note},
                    {"numbers", period.numbers},
                    {"hashes", period.hashes}});
    });
}

std::vector<std::pair<std::string, std::int64_t>> SqlBankBook::differences(
    const base::EstablishmentId& establishment, base::Instant from, base::Instant until) {
    // What each movement did to the account at the provider, by the ledger: its gross and its fee
    // are entries of their own.
    std::map<std::string, std::int64_t> booked;
    query(
        "SELECT j.event_key, SUM(p.debit - p.credit) FROM journal j JOIN posting p ON "
        "p.establishment_id = j.establishment_id AND p.number = j.number WHERE j.establishment_id "
        "= ? AND p.account = 'psp_clearing' GROUP BY j.event_key",
        {establishment.str()})
        .each("tn", [&](const Query& row) {
            auto key = row.text(0);
            if (key.starts_with("txn:")) key.erase(0, 4);
            if (key.ends_with(":fee")) key.resize(key.size() - 4);
            booked[key] += row.number(1);
        });
    std::vector<std::pair<std::string, std::int64_t>> out;
    query(
        "SELECT txn_id, gross - fee, created_at FROM provider_txn WHERE establishment_id = ? ORDER "
        "BY created_at, txn_id",
        {establishment.str()})
        .each("tnn", [&](const Query& row) {
            const auto it = booked.find(row.text(0));
            const auto ours = it == booked.end() ? 0 : it->second;
            if (it != booked.end()) booked.erase(it);
            const bool asked = row.number(2) >= from.seconds && row.number(2) < until.seconds;
            if (asked && ours != row.number(1)) out.emplace_back(row.text(0), ours - row.number(1));
        });
    // What the ledger has and the provider does not.
    for (const auto& [key, cents] : booked) {
        if (cents != 0) out.emplace_back(key, cents);
    }
    return out;
}

std::int64_t SqlBankBook::provider_net(const base::EstablishmentId& establishment,
                                       base::Instant from, base::Instant until) {
    std::int64_t out = 0;
    query(
        "SELECT COALESCE(SUM(gross - fee), 0) FROM provider_txn WHERE establishment_id = ? AND "
        "created_at >= ? AND created_at < ?",
        {establishment.str(), from.seconds, until.seconds})
        .each("n", [&](const Query& row) { out = row.number(0); });
    return out;
}

std::optional<std::pair<std::string, std::string>> SqlBankBook::payee(const RefundId& refund) {
    std::optional<std::pair<std::string, std::string>> out;
    query("SELECT name, iban FROM refund_payee WHERE refund_id = ?", {refund.str()})
        .each("tt", [&](const Query& row) { out.emplace(row.text(0), row.text(1)); });
    return out;
}

void SqlBankBook::save_payee(const RefundId& refund, const std::string& name,
                             const std::string& iban) {
    put_row(session_, "refund_payee", {{"refund_id", refund.str()}, {"name", name}, {"iban", iban}},
            1);
}

std::vector<std::pair<PaymentId, RefundId>> SqlBankBook::transfers_to_order(
    const base::EstablishmentId& establishment) {
    std::vector<std::pair<PaymentId, RefundId>> out;
    query(
        "SELECT r.payment_id, r.refund_id FROM refund r JOIN payment p ON p.payment_id = "
        "r.payment_id WHERE p.establishment_id = ? AND ((r.route = 'bank_transfer' AND r.status = "
        "'approved') OR r.status = 'failed') ORDER BY r.refund_id LIMIT ?",
        {establishment.str(), kPaymentsMax})
        .each("tt", [&](const Query& row) {
            out.emplace_back(PaymentId::trusted(row.text(0)), RefundId::trusted(row.text(1)));
        });
    return out;
}

std::vector<PaymentId> SqlBankBook::payments_between(const base::EstablishmentId& establishment,
                                                     base::Instant from, base::Instant until) {
    std::vector<PaymentId> out;
    query(
        "SELECT payment_id FROM payment WHERE establishment_id = ? AND created_at >= ? AND "
        "created_at < ? ORDER BY payment_id LIMIT ?",
        {establishment.str(), from.seconds, until.seconds, kPaymentsMax})
        .each("t", [&](const Query& row) { out.push_back(PaymentId::trusted(row.text(0))); });
    return out;
}

}  // namespace preau::payment
