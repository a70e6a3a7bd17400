// A statement comes in: it is known, or it follows on what is known, or nothing of it is kept.

#include <algorithm>
#include <map>
#include <set>

#include "services/payment/reconciliation/desk.hpp"
#include "shared/security/digest.hpp"

namespace preau::payment::reconciliation {

namespace {

constexpr std::size_t kAccountMin = 8;
constexpr std::size_t kAccountMax = 34;  // of an IBAN

std::unexpected<base::Error> refuse(std::size_t at, std::string code, std::string detail) {
    base::Error error{"invalid_statement", {}, {}};
    error.fields.push_back({"/lines/" + std::to_string(at), std::move(code), std::move(detail)});
    return std::unexpected(std::move(error));
}

/// Which lines of the file are new. Within a format the fingerprint tells; a line that came in
/// another format has another label, and is known by its day and amount, one for one.
std::vector<const StatementLine*> new_lines(Tx& tx, const Establishment& at,
                                            const ParsedStatement& parsed) {
    std::set<std::pair<std::string, std::int64_t>> known;
    std::map<std::pair<time::Date, std::int64_t>, int> elsewhere;
    const auto name = to_string(parsed.format);
    for (const auto& line : tx.known_lines(at.id, parsed.from, parsed.until)) {
        known.emplace(line.fingerprint, line.ordinal);
        if (line.format != name) ++elsewhere[{line.day, line.amount}];
    }
    std::vector<const StatementLine*> out;
    for (const auto& line : parsed.lines) {
        if (known.contains({line.fingerprint, line.ordinal})) continue;
        if (auto other = elsewhere.find({line.day, line.amount});
            other != elsewhere.end() && other->second > 0) {
            --other->second;
            continue;
        }
        out.push_back(&line);
    }
    return out;
}

/// The balance must go on where it stood: the last known one and what this file adds give the one
/// it ends with. That holds for files that overlap as for files that follow one another.
base::Result<void> check_balance(Tx& tx, const Establishment& at, const ParsedStatement& parsed,
                                 const std::vector<const StatementLine*>& added) {
    const auto last = tx.last_statement(at.id);
    if (!last || !parsed.closing) return {};
    if (parsed.until < last->until) {
        // An older file: the next one starts where it ends.
        const auto next = tx.statement_after(at.id, parsed.until);
        if (next && next->opening && *next->opening != *parsed.closing) {
            return refuse(parsed.closing_at, "next_opening",
                          std::to_string(*next->opening) + " cents expected");
        }
        return {};
    }
    if (!last->closing) return {};
    std::int64_t expected = *last->closing;
    for (const auto* line : added)
        expected += line->amount;
    if (expected != *parsed.closing) {
        return refuse(parsed.opening_at, "previous_closing",
                      std::to_string(*last->closing) + " cents on " + last->until.iso());
    }
    return {};
}

base::Result<bool> check_account(Tx& tx, const Establishment& at, const std::string& account,
                                 const std::string& who, base::Instant now) {
    if (account.empty()) return false;
    const auto known = tx.bank_account(at.id);
    if (known && known->account == account) return false;
    if (known) return base::fail("unknown_account", masked_account(account));
    const auto done = register_account(tx, at, account, false, who, now);
    if (!done) return std::unexpected(done.error());
    return true;
}

}  // namespace

base::Result<BankAccount> register_account(Tx& tx, const Establishment& at,
                                           const std::string& given, bool dedicated,
                                           const std::string& who, base::Instant now) {
    const auto account = account_key(given);
    if (account.size() < kAccountMin || account.size() > kAccountMax) {
        return base::fail("unknown_account", "no account");
    }
    const auto owner = tx.bank_account_named(account);
    if (owner && owner->establishment != at.id) {
        return base::fail("unknown_account", "of another establishment");
    }
    const BankAccount out{at.id, account, dedicated, now, who};
    tx.save_bank_account(out);
    return out;
}

base::Result<ImportReport> import_statement(Tx& tx, const Establishment& at, std::string_view file,
                                            const ParsedStatement& parsed, const std::string& who,
                                            base::Instant now) {
    ImportReport out;
    out.format = parsed.format;
    const auto sha256 = security::sha256_hex(file);
    if (const auto known = tx.statement_by_hash(at.id, sha256)) {
        out.already_imported = true;
        out.statement = known->id;
        out.lines_known = static_cast<int>(known->lines);
        auto counts = match_open(tx, at, now);
        if (!counts) return std::unexpected(counts.error());
        out.counts = *counts;
        return out;
    }
    const auto registered = check_account(tx, at, parsed.account, who, now);
    if (!registered) return std::unexpected(registered.error());
    out.account_registered = *registered;
    const auto added = new_lines(tx, at, parsed);
    if (auto right = check_balance(tx, at, parsed, added); !right) {
        return std::unexpected(right.error());
    }
    Statement statement;
    statement.id = out.statement = StatementId::make();
    statement.establishment = at.id;
    statement.sha256 = sha256;
    statement.from = parsed.from;
    statement.until = parsed.until;
    statement.lines = static_cast<std::int64_t>(parsed.lines.size());
    statement.imported_at = now;
    statement.imported_by = who;
    statement.format = to_string(parsed.format);
    statement.account = parsed.account;
    statement.opening = parsed.opening;
    statement.closing = parsed.closing;
    tx.insert_statement(statement);
    out.lines_known = static_cast<int>(parsed.lines.size() - added.size());
    for (const auto* line : added) {
        BankLine row;
        row.id = LineId::make();
        row.statement = statement.id;
        row.fingerprint = line->fingerprint;
        row.ordinal = line->ordinal;
        row.day = line->day;
        row.label = line->label;
        row.reference = line->reference;
        row.amount = line->amount;
        // Somebody else may have brought the same line a moment ago.
        ++(tx.insert_line(at.id, row) ? out.lines_new : out.lines_known);
    }
    auto counts = match_open(tx, at, now);
    if (!counts) return std::unexpected(counts.error());
    out.counts = *counts;
    return out;
}

}  // namespace preau::payment::reconciliation
