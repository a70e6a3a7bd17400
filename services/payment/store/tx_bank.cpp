// Bank statements and their lines.

#include "services/payment/store/sql_tx.hpp"

namespace preau::payment {

namespace {

Statement statement_of(const Query& row) {
    return {StatementId::trusted(row.text(0)),
            base::EstablishmentId::trusted(row.text(1)),
            row.text(2),
            {static_cast<std::int32_t>(row.number(3))},
            {static_cast<std::int32_t>(row.number(4))},
            row.number(5),
            {row.number(6)},
            row.text(7)};
}

constexpr std::string_view kStatement =
    "SELECT statement_id, establishment_id, sha256, from_day, until_day, lines_count, imported_at, "
    "imported_by FROM bank_statement WHERE ";
constexpr std::string_view kStatementKinds = "tttnnnnt";

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
                {"imported_by", statement.imported_by}});
}

std::vector<Statement> SqlTx::statements(const base::EstablishmentId& establishment) {
    std::vector<Statement> out;
    query(std::string(kStatement) + "establishment_id = ? ORDER BY statement_id DESC LIMIT 100",
          {establishment.str()})
        .each(kStatementKinds, [&](const Query& row) { out.push_back(statement_of(row)); });
    return out;
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
