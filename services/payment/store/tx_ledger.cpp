// The ledger, findings, and the mirror of the provider's account.

#include "services/payment/store/sql_tx.hpp"
#include "shared/db/dialect.hpp"

namespace preau::payment {

namespace {

constexpr std::string_view kPayout =
    "SELECT payout_id, establishment_id, account, amount, itemised, status, trace, created_at, "
    "arrival_at FROM payout WHERE ";
constexpr std::string_view kPayoutKinds = "tttnnttnn";

Payout payout_of(const Query& row) {
    return {row.text(0),    base::EstablishmentId::trusted(row.text(1)),
            row.text(2),    row.number(3),
            row.number(4),  row.text(5),
            row.text(6),    {row.number(7)},
            {row.number(8)}};
}

}  // namespace

time::Zone SqlTx::zone_of(const base::EstablishmentId& id) {
    const auto known = establishment(id);
    const auto zone = known ? time::Zone::find(known->zone) : std::nullopt;
    return zone.value_or(time::Zone::paris());
}

bool SqlTx::posted(const std::string& event_key) {
    bool found = false;
    query("SELECT number FROM journal WHERE event_key = ?", {event_key})
        .each("n", [&](const Query&) { found = true; });
    return found;
}

bool SqlTx::post(const base::EstablishmentId& establishment, const ledger::Entry& entry,
                 base::Instant now) {
    if (const auto fault = ledger::fault_of(entry)) {
        throw std::logic_error("ledger entry " + entry.event_key + ": " + *fault);
    }
    // The head row serialises the writers of one establishment; the key is read behind it.
    constexpr std::string_view kKey[] = {"establishment_id"};
    constexpr std::string_view kAll[] = {"establishment_id", "number", "hash"};
    query(db::insert_unless_exists(session_.engine(), "ledger_head", kAll, kKey),
          {establishment.str(), 0, ""})
        .run();
    ledger::Written written;
    query("SELECT number, hash FROM ledger_head WHERE establishment_id = ?" +
              std::string(db::for_update(session_.engine())),
          {establishment.str()})
        .each("nt", [&](const Query& row) {
            written.number = row.number(0) + 1;
            written.previous_hash = row.text(1);
        });
    if (posted(entry.event_key)) return false;
    written.establishment_id = establishment.str();
    written.posted_at = now.seconds;
    written.entry = entry;
    if (written.entry.happened_at == 0) written.entry.happened_at = now.seconds;
    const auto zone = zone_of(establishment);
    written.entry.day = zone.local(base::Instant{written.entry.happened_at}).date;
    // Nothing is added to a month that is closed: a late fact stands in the month in which it came
    // to be known, and `happened_at` keeps its day.
    if (book_.is_closed(establishment, written.entry.day.iso().substr(0, 7))) {
        written.entry.day = zone.local(now).date;
    }
    written.hash = ledger::hash_of(written);
    insert_row(session_, "journal",
               {{"establishment_id", establishment.str()},
                {"number", written.number},
                {"event_key", entry.event_key},
                {"payment_id", entry.payment_id},
                {"label", entry.label},
                {"happened_at", written.entry.happened_at},
                {"day", written.entry.day.days},
                {"posted_at", now.seconds},
                {"previous_hash", written.previous_hash},
                {"hash", written.hash}});
    int line = 0;
    for (const auto& posting : entry.postings) {
        insert_row(session_, "posting",
                   {{"establishment_id", establishment.str()},
                    {"number", written.number},
                    {"line", ++line},
                    {"account", ledger::to_string(posting.account)},
                    {"debit", posting.debit},
                    {"credit", posting.credit}});
    }
    query("UPDATE ledger_head SET number = ?, hash = ? WHERE establishment_id = ?",
          {written.number, written.hash, establishment.str()})
        .run();
    return true;
}

ledger::Balances SqlTx::balances(const base::EstablishmentId& establishment,
                                 std::optional<time::Date> from, std::optional<time::Date> until) {
    ledger::Balances out;
    std::string text =
        "SELECT p.account, SUM(p.debit), SUM(p.credit) FROM posting p WHERE p.establishment_id = ?";
    Cells cells{establishment.str()};
    if (from && until) {
        text =
            "SELECT p.account, SUM(p.debit), SUM(p.credit) FROM posting p JOIN journal j ON "
            "j.establishment_id = p.establishment_id AND j.number = p.number WHERE "
            "p.establishment_id = ? AND j.day >= ? AND j.day <= ?";
        cells.emplace_back(from->days);
        cells.emplace_back(until->days);
    }
    query(text + " GROUP BY p.account", cells).each("tnn", [&](const Query& row) {
        if (const auto account = ledger::account_from(row.text(0))) {
            out[*account] = {row.number(1), row.number(2)};
        }
    });
    return out;
}

std::vector<ledger::Written> SqlTx::entries(const EntryFilter& filter) {
    std::string condition = "establishment_id = ? AND number > ?";
    Cells cells{filter.establishment.str(), filter.after};
    if (!filter.payment_id.empty()) {
        condition += " AND payment_id = ?";
        cells.emplace_back(filter.payment_id);
    }
    if (filter.from && filter.until) {
        condition += " AND day >= ? AND day <= ?";
        cells.emplace_back(filter.from->days);
        cells.emplace_back(filter.until->days);
    }
    cells.emplace_back(filter.limit);
    std::vector<ledger::Written> out;
    query(
        "SELECT number, event_key, payment_id, label, happened_at, day, posted_at, "
        "previous_hash, hash FROM journal WHERE " +
            condition + " ORDER BY number LIMIT ?",
        cells)
        .each("ntttnnntt", [&](const Query& row) {
            ledger::Written one;
            one.establishment_id = filter.establishment.str();
            one.number = row.number(0);
            one.entry.event_key = row.text(1);
            one.entry.payment_id = row.text(2);
            one.entry.label = row.text(3);
            one.entry.happened_at = row.number(4);
            one.entry.day = {static_cast<std::int32_t>(row.number(5))};
            one.posted_at = row.number(6);
            one.previous_hash = row.text(7);
            one.hash = row.text(8);
            out.push_back(std::move(one));
        });
    if (out.empty()) return out;
    std::size_t at = 0;
    query(
        "SELECT number, account, debit, credit FROM posting WHERE establishment_id = ? AND "
        "number >= ? AND number <= ? ORDER BY number, line",
        {filter.establishment.str(), out.front().number, out.back().number})
        .each("ntnn", [&](const Query& row) {
            while (at < out.size() && out[at].number < row.number(0))
                ++at;
            if (at == out.size() || out[at].number != row.number(0)) return;
            const auto account = ledger::account_from(row.text(1));
            if (account) {
                out[at].entry.postings.push_back({*account, row.number(2), row.number(3)});
            }
        });
    return out;
}

// ── Findings ────────────────────────────────────────────────────────────────────────────────────

void SqlTx::note(const Finding& finding, base::Instant now) {
    const Cells key{finding.kind, finding.subject, finding.reason};
    if (finding.resolved) {
        Cells cells{now.seconds};
        cells.insert(cells.end(), key.begin(), key.end());
        query(
            "UPDATE finding SET resolved_at = ? WHERE kind = ? AND subject = ? AND reason = ? AND "
            "resolved_at = 0",
            cells)
            .run();
        return;
    }
    constexpr std::string_view kAll[] = {"kind",   "subject",  "reason",     "establishment_id",
                                         "amount", "found_at", "resolved_at"};
    constexpr std::string_view kKey[] = {"kind", "subject", "reason"};
    query(db::insert_unless_exists(session_.engine(), "finding", kAll, kKey),
          {finding.kind, finding.subject, finding.reason, finding.establishment.str(),
           finding.amount, now.seconds, 0})
        .run();
}

std::vector<Finding> SqlTx::findings(const base::EstablishmentId& establishment, int limit) {
    std::vector<Finding> out;
    query(
        "SELECT kind, subject, reason, amount, found_at FROM finding WHERE establishment_id = ? "
        "AND resolved_at = 0 ORDER BY found_at, kind, subject LIMIT ?",
        {establishment.str(), limit})
        .each("tttnn", [&](const Query& row) {
            out.push_back({row.text(0),
                           row.text(1),
                           row.text(2),
                           row.number(3),
                           establishment,
                           false,
                           {row.number(4)}});
        });
    return out;
}

// ── The provider's account ──────────────────────────────────────────────────────────────────────

bool SqlTx::knows_txn(const std::string& txn) {
    bool found = false;
    query("SELECT gross FROM provider_txn WHERE txn_id = ?", {txn}).each("n", [&](const Query&) {
        found = true;
    });
    return found;
}

void SqlTx::mirror(const ProviderTxn& txn) {
    constexpr std::string_view kAll[] = {"txn_id", "account",    "establishment_id",
                                         "type",   "gross",      "fee",
                                         "source", "payment_id", "created_at"};
    constexpr std::string_view kKey[] = {"txn_id"};
    // MariaDB takes "insert unless it exists" for a change, and this table refuses changes.
    if (knows_txn(txn.id)) return;
    std::string account = txn.account;
    if (account.empty()) {
        if (const auto owner = establishment(txn.establishment)) account = owner->account;
    }
    query(db::insert_unless_exists(session_.engine(), "provider_txn", kAll, kKey),
          {txn.id, account, txn.establishment.str(), txn.type, txn.gross, txn.fee, txn.source,
           txn.payment_id, txn.created.seconds})
        .run();
}

std::int64_t SqlTx::mirrored_net(const base::EstablishmentId& establishment) {
    std::int64_t out = 0;
    query("SELECT COALESCE(SUM(gross - fee), 0) FROM provider_txn WHERE establishment_id = ?",
          {establishment.str()})
        .each("n", [&](const Query& row) { out = row.number(0); });
    return out;
}

std::optional<Payout> SqlTx::find_payout(const std::string& id) {
    std::optional<Payout> out;
    query(std::string(kPayout) + "payout_id = ?", {id}).each(kPayoutKinds, [&](const Query& row) {
        out = payout_of(row);
    });
    return out;
}

void SqlTx::save_payout(const Payout& payout) {
    put_row(session_, "payout",
            {{"payout_id", payout.id},
             {"establishment_id", payout.establishment.str()},
             {"account", payout.account},
             {"amount", payout.amount},
             {"itemised", payout.itemised},
             {"status", payout.status},
             {"trace", payout.trace},
             {"created_at", payout.created.seconds},
             {"arrival_at", payout.arrival.seconds}},
            1);
}

std::vector<Payout> SqlTx::payouts(const base::EstablishmentId& establishment,
                                   const std::string& after, int limit) {
    std::vector<Payout> out;
    std::string condition = "establishment_id = ?";
    Cells cells{establishment.str()};
    if (!after.empty()) {
        const auto last = find_payout(after);
        condition += " AND (created_at < ? OR (created_at = ? AND payout_id < ?))";
        const auto created = last ? last->created.seconds : 0;
        cells.emplace_back(created);
        cells.emplace_back(created);
        cells.emplace_back(after);
    }
    cells.emplace_back(limit);
    query(std::string(kPayout) + condition + " ORDER BY created_at DESC, payout_id DESC LIMIT ?",
          cells)
        .each(kPayoutKinds, [&](const Query& row) { out.push_back(payout_of(row)); });
    return out;
}

std::vector<Payout> SqlTx::payouts_open(const base::EstablishmentId& establishment) {
    std::vector<Payout> out;
    query(std::string(kPayout) +
              "establishment_id = ? AND status IN ('seen', 'itemised', "
              "'discrepancy') ORDER BY created_at, payout_id",
          {establishment.str()})
        .each(kPayoutKinds, [&](const Query& row) { out.push_back(payout_of(row)); });
    return out;
}

void SqlTx::set_payout_lines(const std::string& payout, const std::vector<std::string>& txns) {
    for (const auto& txn : txns)
        put_row(session_, "payout_line", {{"txn_id", txn}, {"payout_id", payout}}, 1);
}

std::vector<PayoutLine> SqlTx::payout_lines(const std::string& payout) {
    std::vector<PayoutLine> out;
    query(
        "SELECT t.txn_id, t.type, t.gross, t.fee, t.source, t.payment_id, t.created_at, "
        "COALESCE(p.public_ref, ''), COALESCE(p.booking_reference, '') FROM payout_line l JOIN "
        "provider_txn t ON t.txn_id = l.txn_id LEFT JOIN payment p ON p.payment_id = "
        "t.payment_id WHERE l.payout_id = ? ORDER BY t.created_at, t.txn_id",
        {payout})
        .each("ttnnttntt", [&](const Query& row) {
            PayoutLine line;
            line.txn.id = row.text(0);
            line.txn.type = row.text(1);
            line.txn.gross = row.number(2);
            line.txn.fee = row.number(3);
            line.txn.source = row.text(4);
            line.txn.payment_id = row.text(5);
            line.txn.created = {row.number(6)};
            line.public_ref = row.text(7);
            line.booking_reference = row.text(8);
            out.push_back(std::move(line));
        });
    return out;
}

std::vector<PaymentId> SqlTx::payments_of_payout(const std::string& payout) {
    std::vector<PaymentId> out;
    query(
        "SELECT DISTINCT t.payment_id FROM payout_line l JOIN provider_txn t ON t.txn_id = "
        "l.txn_id WHERE l.payout_id = ? AND t.payment_id <> '' AND t.type IN ('charge', "
        "'payment') ORDER BY t.payment_id",
        {payout})
        .each("t", [&](const Query& row) { out.push_back(PaymentId::trusted(row.text(0))); });
    return out;
}

}  // namespace preau::payment
