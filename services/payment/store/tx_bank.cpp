// Bank statements and their lines.

#include "services/payment/store/sql_tx.hpp"

namespace preau::payment {

namespace {

time::Date day_of(std::int64_t days) {
    return {static_cast<std::int32_t>(days)};
}

Statement statement_of(const Query& row) {
    Statement out;
    out.id = StatementId::trusted(row.text(0));
    out.establishment = base::EstablishmentId::trusted(row.text(1));
    out.sha256 = row.text(2);
    out.from = day_of(row.number(3));
    out.until = day_of(row.number(4));
    out.lines = row.number(5);
    out.imported_at = {row.number(6)};
    out.imported_by = row.text(7);
    out.format = row.text(8);
    out.account = row.text(9);
    if (row.number(11) != 0) out.opening = row.number(10);
    if (row.number(13) != 0) out.closing = row.number(12);
    return out;
}

BankAccount account_of(const Query& row) {
    return {base::EstablishmentId::trusted(row.text(0)),
            row.text(1),
            row.number(2) != 0,
            {row.number(3)},
            row.text(4)};
}

constexpr std::string_view kStatement =
    "SELECT statement_id, establishment_id, sha256, from_day, until_day, lines_count, imported_at, "
    "imported_by, format, account, opening, has_opening, closing, has_closing FROM bank_statement "
    "WHERE ";
constexpr std::string_view kStatementKinds = "tttnnnntttnnnn";
constexpr std::string_view kAccount =
    "SELECT establishment_id, account, dedicated, registered_at, registered_by FROM bank_account "
    "WHERE ";
constexpr std::string_view kAccountKinds = "ttnnt";

}  // namespace

std::optional<Statement> SqlTx::statement_by_hash(const base::EstablishmentId& establishment,
                                                  const std::string& sha256) {
    std::optional<Statement> out;
    query(std::string(kStatement) + "establishment_id = ? AND sha256 = ?",
          {establishment.str(), sha256})
        .each(kStatementKinds, [&](const Query& row) { out = statement_of(row); });
    return out;
}

void SqlTx::insert_statement(const Statement& statement) {
    insert_row(session_, "bank_statement",
               {{"statement_id", statement.id.str()},
                {"establishment_id", statement.establishment.str()},
                {"sha256", statement.sha256},
                {"from_day", statement.from.days},
                {"until_day", statement.until.days},
                {"lines_count", statement.lines},
                {"imported_at", statement.imported_at.seconds},
                {"imported_by", statement.imported_by},
                {"format", statement.format},
                {"account", statement.account},
                {"opening", statement.opening.value_or(0)},
                {"closing", statement.closing.value_or(0)},
                {"has_opening", statement.opening.has_value()},
                {"has_closing", statement.closing.has_value()}});
}

std::vector<Statement> SqlTx::statements(const base::EstablishmentId& establishment) {
    std::vector<Statement> out;
    query(std::string(kStatement) + "establishment_id = ? ORDER BY statement_id DESC LIMIT 100",
          {establishment.str()})
        .each(kStatementKinds, [&](const Query& row) { out.push_back(statement_of(row)); });
    return out;
}

std::optional<Statement> SqlTx::last_statement(const base::EstablishmentId& establishment) {
    std::optional<Statement> out;
    query(std::string(kStatement) +
              "establishment_id = ? ORDER BY until_day DESC, statement_id DESC LIMIT 1",
          {establishment.str()})
        .each(kStatementKinds, [&](const Query& row) { out = statement_of(row); });
    return out;
}

std::optional<Statement> SqlTx::statement_after(const base::EstablishmentId& establishment,
                                                time::Date day) {
    std::optional<Statement> out;
    query(std::string(kStatement) +
              "establishment_id = ? AND from_day > ? ORDER BY from_day, statement_id LIMIT 1",
          {establishment.str(), day.days})
        .each(kStatementKinds, [&](const Query& row) { out = statement_of(row); });
    return out;
}

std::vector<KnownLine> SqlTx::known_lines(const base::EstablishmentId& establishment,
                                          time::Date from, time::Date until) {
    std::vector<KnownLine> out;
    query(
        "SELECT l.fingerprint, l.ordinal, l.day, l.amount, s.format FROM bank_line l JOIN "
        "bank_statement s ON s.statement_id = l.statement_id WHERE l.establishment_id = ? AND "
        "l.day >= ? AND l.day <= ? ORDER BY l.line_id",
        {establishment.str(), from.days, until.days})
        .each("tnnnt", [&](const Query& row) {
            out.push_back(
                {row.text(0), row.number(1), day_of(row.number(2)), row.number(3), row.text(4)});
        });
    return out;
}

std::optional<BankAccount> SqlTx::bank_account(const base::EstablishmentId& establishment) {
    std::optional<BankAccount> out;
    query(std::string(kAccount) + "establishment_id = ?", {establishment.str()})
        .each(kAccountKinds, [&](const Query& row) { out = account_of(row); });
    return out;
}

std::optional<BankAccount> SqlTx::bank_account_named(const std::string& account) {
    std::optional<BankAccount> out;
    query(std::string(kAccount) + "account = ?", {account})
        .each(kAccountKinds, [&](const Query& row) { out = account_of(row); });
    return out;
}

void SqlTx::save_bank_account(const BankAccount& account) {
    put_row(session_, "bank_account",
            {{"establishment_id", account.establishment.str()},
             {"account", account.account},
             {"dedicated", account.dedicated},
             {"registered_at", account.registered_at.seconds},
             {"registered_by", account.registered_by}},
            1);
}

std::string SqlTx::csv_profile(const base::EstablishmentId& establishment) {
    std::string out;
    query("SELECT details FROM csv_profile WHERE establishment_id = ?", {establishment.str()})
        .each("t", [&](const Query& row) { out = row.text(0); });
    return out;
}

void SqlTx::save_csv_profile(const base::EstablishmentId& establishment,
                             const std::string& details) {
    put_row(session_, "csv_profile",
            {{"establishment_id", establishment.str()}, {"details", details}}, 1);
}

bool SqlTx::insert_line(const base::EstablishmentId& establishment, const BankLine& line) {
    const auto duplicate = session_.duplicate_in([&] {
        insert_row(session_, "bank_line",
                   {{"line_id", line.id.str()},
                    {"establishment_id", establishment.str()},
                    {"statement_id", line.statement.str()},
                    {"fingerprint", line.fingerprint},
                    {"ordinal", line.ordinal},
                    {"day", line.day.days},
                    {"label", line.label},
                    {"reference", line.reference},
                    {"amount", line.amount},
                    {"state", line.state},
                    {"rule", line.rule},
                    {"reasons", line.reasons},
                    {"payout_id", line.payout_id},
                    {"gap", line.gap}});
    });
    return !duplicate;
}

void SqlTx::save_line(const BankLine& line) {
    query(
        "UPDATE bank_line SET state = ?, rule = ?, reasons = ?, payout_id = ?, gap = ? WHERE "
        "line_id = ?",
        {line.state, line.rule, line.reasons, line.payout_id, line.gap, line.id.str()})
        .run();
}

std::vector<BankLine> SqlTx::lines(const base::EstablishmentId& establishment,
                                   const std::string& state, const std::string& after, int limit) {
    std::string condition = "establishment_id = ?";
    Cells cells{establishment.str()};
    if (!state.empty()) {
        condition += " AND state = ?";
        cells.emplace_back(state);
    }
    if (!after.empty()) {
        condition += " AND line_id < ?";
        cells.emplace_back(after);
    }
    cells.emplace_back(limit);
    std::vector<BankLine> out;
    query(
        "SELECT line_id, statement_id, fingerprint, ordinal, day, label, reference, amount, "
        "state, rule, reasons, payout_id, gap FROM bank_line WHERE " +
            condition + " ORDER BY line_id DESC LIMIT ?",
        cells)
        .each("tttnnttnttttn", [&](const Query& row) {
            out.push_back({LineId::trusted(row.text(0)),
                           StatementId::trusted(row.text(1)),
                           row.text(2),
                           row.number(3),
                           {static_cast<std::int32_t>(row.number(4))},
                           row.text(5),
                           row.text(6),
                           row.number(7),
                           row.text(8),
                           row.text(9),
                           row.text(10),
                           row.text(11),
                           row.number(12)});
        });
    return out;
}

}  // namespace preau::payment
