// CFONB120, the French banks' own: records of 120 characters. 01 old balance, 04 movement, 05 more
// about the movement above, 07 new balance. Positions as in the brochure, counted from 1.

#include <string>

#include "services/payment/reconciliation/sheet.hpp"
#include "shared/text/french.hpp"

namespace preau::payment::reconciliation {

namespace {

constexpr std::size_t kRecord = 120;
constexpr int kDecimalsMax = 2;  // of an amount in euros

/// One record, as characters: banks send ISO-8859-15, where a character is a byte, and some tools
/// turn it into UTF-8.
class Record {
public:
    explicit Record(std::string_view text) {
        for (const char c : text) {
            if ((static_cast<unsigned char>(c) & 0xC0U) == 0x80U && !letters_.empty()) {
                letters_.back() += c;
            } else {
                letters_.emplace_back(1, c);
            }
        }
    }
    std::size_t size() const { return letters_.size(); }
    /// Characters `first` to `last`, counted from 1, both included.
    std::string at(std::size_t first, std::size_t last) const {
        std::string out;
        for (auto i = first; i <= last && i <= letters_.size(); ++i)
            out += letters_[i - 1];
        return out;
    }

private:
    std::vector<std::string> letters_;
};

/// Thirteen digits and one that carries its sign: "{ABCDEFGHI" are +0 to +9, "}JKLMNOPQR" -0 to -9.
std::optional<std::int64_t> signed_amount(const std::string& text, const std::string& decimals) {
    constexpr std::string_view kPlus = "{ABCDEFGHI";
    constexpr std::string_view kMinus = "}JKLMNOPQR";
    constexpr std::size_t kDigits = 14;
    if (text.size() != kDigits || decimals.size() != 1 || decimals[0] < '0' ||
        decimals[0] > '0' + kDecimalsMax) {
        return std::nullopt;
    }
    const auto plus = kPlus.find(text.back());
    const auto minus = kMinus.find(text.back());
    if (plus == kPlus.npos && minus == kMinus.npos) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : std::string_view(text).substr(0, kDigits - 1)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    value = value * 10 + static_cast<std::int64_t>(plus != kPlus.npos ? plus : minus);
    for (int d = decimals[0] - '0'; d < kDecimalsMax; ++d)
        value *= 10;
    return plus != kPlus.npos ? value : -value;
}

/// DDMMYY of this century.
std::optional<time::Date> short_day(const std::string& text) {
    if (text.size() != 6) return std::nullopt;
    return time::Date::parse("20" + text.substr(4) + "-" + text.substr(2, 2) + "-" +
                             text.substr(0, 2));
}

class Reader {
public:
    void record(const Record& record, std::size_t at) {
        if (record.size() != kRecord) return sheet_.fault(at, "record");
        const auto code = record.at(1, 2);
        if (code == "04" || code == "05" || code == "07") {
            if (!open_) return sheet_.fault(at, "order");
        }
        if (code == "05") return complement(record, at);
        take();
        if (code != "01" && code != "04" && code != "07") return sheet_.fault(at, "record");
        if (record.at(17, 19) != "EUR") return sheet_.fault(at, "currency");
        const auto amount = signed_amount(record.at(91, 104), record.at(20, 20));
        if (!amount) return sheet_.fault(at, "amount");
        const auto day = short_day(record.at(35, 40));
        if (!day) return sheet_.fault(at, "date");
        const auto account = account_key(record.at(3, 7), record.at(12, 16), record.at(22, 32));
        sheet_.account(account, at);
        if (code == "01") {
            if (open_) sheet_.fault(at, "order");
            open_ = true;
            sheet_.opening(*amount, {}, at);
        } else if (code == "07") {
            open_ = false;
            sheet_.closing(*amount, day, at);
        } else {
            line_.emplace();
            line_->day = *day;
            line_->amount = *amount;
            line_->label = record.at(49, 79);
            line_->bank_ref = text::collapsed(record.at(82, 88));
            if (line_->bank_ref.find_first_not_of('0') == std::string::npos) {
                line_->bank_ref.clear();  // banks that number nothing fill with zeros
            }
            at_ = at;
        }
    }

    base::Result<ParsedStatement> finish(std::size_t at) {
        take();
        if (open_) sheet_.fault(at, "unfinished");
        return sheet_.finish();
    }
    bool full() const { return sheet_.full(); }

private:
    void complement(const Record& record, std::size_t at) {
        if (!line_) return sheet_.fault(at, "order");
        const auto qualifier = record.at(46, 48);
        if (qualifier == "RCN") {
            line_->reference += " " + record.at(49, 83);  // the rest says what kind of operation
        } else if (qualifier == "LIB" || qualifier == "LCC" || qualifier == "LC2" ||
                   qualifier == "NPY" || qualifier == "NBE") {
            line_->label += " " + record.at(49, 118);
        }
    }
    void take() {
        if (line_) sheet_.line(*std::move(line_), at_);
        line_.reset();
    }

    Sheet sheet_{Format::cfonb120};
    std::optional<StatementLine> line_;  // waits for its complements
    std::size_t at_ = 0;
    bool open_ = false;
};

}  // namespace

base::Result<ParsedStatement> read_cfonb120(std::string_view text) {
    Reader reader;
    const bool in_lines = text.find('\n') != std::string_view::npos;
    std::size_t at = 0;
    while (!text.empty() && !reader.full()) {
        ++at;
        auto one = text.substr(0, in_lines ? text.find('\n') : kRecord);
        text.remove_prefix(std::min(text.size(), one.size() + (in_lines ? 1U : 0U)));
        if (one.ends_with('\r')) one.remove_suffix(1);
        if (one.find_first_not_of(' ') == std::string_view::npos) continue;
        reader.record(Record(one), at);
    }
    return reader.finish(at);
}

}  // namespace preau::payment::reconciliation
