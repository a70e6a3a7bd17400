// Statements as spreadsheets: one row a movement, amount in one column or in debit and credit.

#include "shared/text/csv.hpp"

#include <algorithm>

#include "services/payment/reconciliation/sheet.hpp"
#include "shared/text/french.hpp"

namespace preau::payment::reconciliation {

namespace {

constexpr std::size_t kPreambleLinesMax = 20;  // "Compte ; 00012345": what banks put before

struct Columns {
    std::size_t day = 0;
    std::size_t label = 0;
    std::optional<std::size_t> amount, debit, credit, reference;
};

std::optional<Columns> columns_of(text::CsvTable& table, const CsvProfile& profile) {
    for (auto& name : table.header)
        name = text::folded(name);
    const auto column =
        [&](const std::string& own,
            std::initializer_list<std::string_view> usual) -> std::optional<std::size_t> {
        if (own.empty()) return table.column(usual);
        return table.column({text::folded(own)});
    };
    const auto day = column(
        profile.day, {"date", "date operation", "date comptable", "date de comptabilisation"});
    const auto label =
        column(profile.label, {"libelle", "libelle operation", "libelle simplifie", "label"});
    Columns out;
    out.amount = column(profile.amount, {"montant", "amount", "montant euros"});
    out.debit = column(profile.debit, {"debit", "debit euros"});
    out.credit = column(profile.credit, {"credit", "credit euros"});
    out.reference = column(profile.reference, {"reference", "ref"});
    if (!day || !label || (!out.amount && !(out.debit && out.credit))) return std::nullopt;
    out.day = *day;
    out.label = *label;
    return out;
}

bool blank(std::string_view text) {
    return text::folded(text).empty() && text.find_first_of("0123456789") == text.npos;
}

/// The signed amount of a row, or nothing where it has none or two.
std::optional<std::int64_t> amount_of(const Columns& columns, const text::CsvRow& row) {
    if (columns.amount) return parse_amount(row.fields[*columns.amount]);
    const auto& out = row.fields[*columns.debit];
    const auto& in = row.fields[*columns.credit];
    if (blank(out) == blank(in)) return std::nullopt;
    if (!blank(in)) return parse_amount(in);
    const auto debit = parse_amount(out);
    if (!debit) return std::nullopt;
    return *debit > 0 ? -*debit : *debit;
}

void read_row(Sheet& sheet, const Columns& columns, const text::CsvRow& row, std::size_t skipped) {
    const auto at = row.line + skipped;
    if (!row.fault.empty()) return sheet.fault(at, "row", row.fault);
    const auto day = parse_day(row.fields[columns.day]);
    const auto amount = amount_of(columns, row);
    if (!day) return sheet.fault(at, "date");
    if (!amount) return sheet.fault(at, "amount");
    const auto folded = text::folded(row.fields[columns.label]);
    if (folded == "solde initial") return sheet.opening(*amount, *day, at);
    if (folded == "solde final") return sheet.closing(*amount, *day, at);
    StatementLine line;
    line.day = *day;
    line.label = row.fields[columns.label];
    line.amount = *amount;
    if (columns.reference) line.reference = row.fields[*columns.reference];
    sheet.line(std::move(line), at);
}

}  // namespace

base::Result<ParsedStatement> read_csv(std::string_view text, const CsvProfile& profile) {
    Sheet sheet(Format::csv);
    std::string_view rest = text;
    for (std::size_t skipped = 0; skipped < kPreambleLinesMax && !rest.empty(); ++skipped) {
        const auto first = rest.substr(0, rest.find('\n'));
        auto head = text::parse_csv(first.substr(0, first.find_last_not_of('\r') + 1));
        if (columns_of(head, profile)) {
            auto table = text::parse_csv(rest);
            const auto columns = columns_of(table, profile);
            if (!columns) break;
            for (const auto& row : table.rows) {
                if (sheet.full()) break;
                read_row(sheet, *columns, row, skipped);
            }
            return sheet.finish();
        }
        rest.remove_prefix(std::min(rest.size(), first.size() + 1));
    }
    sheet.fault(1, "columns", "date, libelle and montant (or debit and credit)");
    return sheet.finish();
}

}  // namespace preau::payment::reconciliation
