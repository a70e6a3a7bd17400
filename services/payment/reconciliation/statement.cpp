#include "services/payment/reconciliation/statement.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "shared/security/digest.hpp"
#include "shared/text/csv.hpp"
#include "shared/text/french.hpp"

namespace preau::payment::reconciliation {

namespace {

constexpr std::size_t kFaultsMax = 50;
constexpr std::size_t kLabelBytesMax = 400;
constexpr std::int64_t kAmountMax = 9'999'999'999;
constexpr std::size_t kIntegerDigitsMax = 10;

/// Every byte of ISO-8859-15 as UTF-8.
std::string from_latin9(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        unsigned code = byte;
        switch (byte) {
            case 0xA4:
                code = 0x20AC;
                break;
            case 0xBC:
                code = 0x0152;
                break;
            case 0xBD:
                code = 0x0153;
                break;
            case 0xBE:
                code = 0x0178;
                break;
            default:
                break;
        }
        if (code < 0x80) {
            out += c;
        } else if (code < 0x800) {
            out += static_cast<char>(0xC0 | (code >> 6));
            out += static_cast<char>(0x80 | (code & 0x3F));
        } else {
            out += static_cast<char>(0xE0 | (code >> 12));
            out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
            out += static_cast<char>(0x80 | (code & 0x3F));
        }
    }
    return out;
}

/// Without the spaces between thousands, plain or not.
std::string without_spaces(std::string_view text) {
    constexpr std::string_view kSpaces[] = {" ", "\u00A0", "\u202F", "\t"};
    std::string out;
    while (!text.empty()) {
        const auto space = std::ranges::find_if(
            kSpaces, [&](std::string_view one) { return text.starts_with(one); });
        if (space != std::end(kSpaces)) {
            text.remove_prefix(space->size());
            continue;
        }
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

struct Columns {
    std::size_t day = 0;
    std::size_t label = 0;
    std::optional<std::size_t> amount, debit, credit, reference;
};

std::optional<Columns> columns_of(text::CsvTable& table) {
    for (auto& name : table.header)
        name = text::folded(name);
    const auto day = table.column({"date", "date operation", "date comptable"});
    const auto label = table.column({"libelle", "libelle operation", "label"});
    Columns out;
    out.amount = table.column({"montant", "amount"});
    out.debit = table.column({"debit"});
    out.credit = table.column({"credit"});
    out.reference = table.column({"reference", "ref"});
    if (!day || !label || (!out.amount && !(out.debit && out.credit))) return std::nullopt;
    out.day = *day;
    out.label = *label;
    return out;
}

/// The signed amount of a row, or why there is none.
std::optional<std::int64_t> amount_of(const Columns& columns, const text::CsvRow& row) {
    if (columns.amount) return parse_amount(row.fields[*columns.amount]);
    const auto& out = row.fields[*columns.debit];
    const auto& in = row.fields[*columns.credit];
    if (without_spaces(out).empty() == without_spaces(in).empty()) return std::nullopt;
    if (!without_spaces(in).empty()) return parse_amount(in);
    const auto debit = parse_amount(out);
    if (!debit) return std::nullopt;
    return *debit > 0 ? -*debit : *debit;
}

class Reader {
public:
    void fault(std::size_t line, std::string detail) {
        if (faults_.size() < kFaultsMax) {
            faults_.push_back({"/lines/" + std::to_string(line), "format", std::move(detail)});
        }
    }

    void read(const Columns& columns, const text::CsvRow& row) {
        if (!row.fault.empty()) return fault(row.line, row.fault);
        const auto day = parse_day(row.fields[columns.day]);
        const auto amount = amount_of(columns, row);
        std::string label = text::collapsed(row.fields[columns.label]);
        if (!day) return fault(row.line, "date");
        if (!amount) return fault(row.line, "amount");
        if (label.size() > kLabelBytesMax) return fault(row.line, "label too long");
        const auto folded = text::folded(label);
        if (folded == "solde initial") {
            opening_ = *amount;
            return;
        }
        if (folded == "solde final") {
            closing_ = *amount;
            closing_line_ = row.line;
            return;
        }
        StatementLine line;
        line.day = *day;
        line.label = std::move(label);
        line.amount = *amount;
        if (columns.reference) line.reference = text::collapsed(row.fields[*columns.reference]);
        if (line.reference.size() > kLabelBytesMax) return fault(row.line, "reference too long");
        line.fingerprint =
            security::sha256_hex(line.day.iso() + "\n" + std::to_string(line.amount) + "\n" +
                                 folded + "\n" + text::folded(line.reference));
        line.ordinal = seen_[line.fingerprint]++;
        sum_ += line.amount;
        lines_.push_back(std::move(line));
    }

    base::Result<std::vector<StatementLine>> finish() {
        if (faults_.empty() && opening_ && closing_ && *opening_ + sum_ != *closing_) {
            fault(closing_line_, "the lines add up to " + std::to_string(*opening_ + sum_) +
                                     " cents, not to " + std::to_string(*closing_));
        }
        if (faults_.empty() && lines_.empty() && !closing_) fault(1, "no line");
        if (!faults_.empty()) {
            return std::unexpected(base::Error{"invalid_statement", {}, std::move(faults_)});
        }
        return std::move(lines_);
    }

private:
    std::vector<base::FieldError> faults_;
    std::vector<StatementLine> lines_;
    std::map<std::string, std::int64_t> seen_;
    std::optional<std::int64_t> opening_;
    std::optional<std::int64_t> closing_;
    std::size_t closing_line_ = 1;
    std::int64_t sum_ = 0;
};

}  // namespace

std::optional<std::int64_t> parse_amount(std::string_view given) {
    std::string text = without_spaces(given);
    bool negative = false;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        negative = text.front() == '-';
        text.erase(0, 1);
    }
    const auto mark = text.find_last_of(",.");
    std::string whole = text.substr(0, mark);
    std::string cents = mark == std::string::npos ? "" : text.substr(mark + 1);
    if (mark != std::string::npos && (cents.empty() || cents.size() > 2)) return std::nullopt;
    const auto digits = [](const std::string& part) {
        return std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    };
    if (whole.empty() || whole.size() > kIntegerDigitsMax || !digits(whole) || !digits(cents)) {
        return std::nullopt;
    }
    cents.resize(2, '0');
    const std::int64_t value = std::stoll(whole) * 100 + std::stoll(cents);
    if (value > kAmountMax) return std::nullopt;
    return negative ? -value : value;
}

std::optional<time::Date> parse_day(std::string_view given) {
    const std::string text = without_spaces(given);
    if (text.size() == 10 && text[2] == '/' && text[5] == '/') {
        return time::Date::parse(text.substr(6) + "-" + text.substr(3, 2) + "-" +
                                 text.substr(0, 2));
    }
    return time::Date::parse(text);
}

base::Result<std::vector<StatementLine>> parse_statement(std::string_view given) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (given.starts_with(kByteOrderMark)) given.remove_prefix(kByteOrderMark.size());
    const bool utf8 = text::is_clean_utf8(given);
    const std::string converted = utf8 ? std::string() : from_latin9(given);
    auto table = text::parse_csv(utf8 ? given : std::string_view(converted));
    const auto columns = columns_of(table);
    Reader reader;
    if (!columns) {
        reader.fault(1, "columns date, libelle and montant (or debit and credit)");
        return reader.finish();
    }
    if (table.rows.size() > statement_lines_max) {
        reader.fault(statement_lines_max + 1, "too many lines");
        return reader.finish();
    }
    for (const auto& row : table.rows)
        reader.read(*columns, row);
    return reader.finish();
}

}  // namespace preau::payment::reconciliation
