// OFX: 1.x is SGML, whose values are not closed, 2.x is XML. One reader for both: a tag, then its
// text up to the next tag.

#include <string>

#include "services/payment/reconciliation/sheet.hpp"

namespace preau::payment::reconciliation {

namespace {

/// "&amp;" and its four sisters; anything else stays as it is.
std::string unescaped(std::string_view text) {
    struct Entity {
        std::string_view name;
        char letter;
    };
    constexpr Entity kEntities[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    std::string out;
    while (!text.empty()) {
        bool found = false;
        for (const auto& one : kEntities) {
            if (!text.starts_with(one.name)) continue;
            out += one.letter;
            text.remove_prefix(one.name.size());
            found = true;
            break;
        }
        if (found) continue;
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

class Reader {
public:
    void open(std::string_view tag, std::string_view value, std::size_t at) {
        if (tag == "STMTRS") {
            if (in_statement_) sheet_.fault(at, "order");
            in_statement_ = true;
            bank_.clear(), branch_.clear(), number_.clear();
        } else if (tag == "BANKACCTFROM") {
            in_account_ = true;
        } else if (tag == "STMTTRN") {
            if (line_) sheet_.fault(at, "unfinished");
            line_.emplace();
            day_ = amount_ = false;
            name_.clear(), memo_.clear();
            at_ = at;
        } else if (tag == "LEDGERBAL") {
            in_balance_ = true;
            balance_at_ = at;
            balance_day_.reset();
            balance_.reset();
        } else if (line_) {
            of_line(tag, value, at);
        } else if (in_account_) {
            if (tag == "BANKID") bank_ = value;
            if (tag == "BRANCHID") branch_ = value;
            if (tag == "ACCTID") number_ = value;
        } else if (in_balance_) {
            if (tag == "BALAMT") balance_ = amount(value, at);
            if (tag == "DTASOF") balance_day_ = parse_day(value.substr(0, 8));
        } else if (tag == "CURDEF") {
            if (value != "EUR") sheet_.fault(at, "currency");
        } else if (tag == "DTEND") {
            end_ = parse_day(value.substr(0, 8));
        }
    }

    void close(std::string_view tag, std::size_t at) {
        if (tag == "BANKACCTFROM" && in_account_) {
            in_account_ = false;
            sheet_.account(account_key(bank_, branch_, number_), at);
        } else if (tag == "STMTTRN") {
            if (!line_) return sheet_.fault(at, "order");
            take();
        } else if (tag == "LEDGERBAL") {
            in_balance_ = false;
            // Some banks state the balance of the moment of the download, not of the period's end.
            const bool of_the_end = balance_day_ && (!end_ || *balance_day_ <= *end_);
            if (balance_ && of_the_end) sheet_.closing(*balance_, balance_day_, balance_at_);
        } else if (tag == "STMTRS") {
            if (!in_statement_) sheet_.fault(at, "order");
            in_statement_ = false;
            seen_ = true;
        } else if (tag == "OFX") {
            ended_ = true;
        }
    }

    base::Result<ParsedStatement> finish(std::size_t at) {
        if (line_ || in_statement_ || !ended_) sheet_.fault(at, "unfinished");
        if (!seen_ && ended_) sheet_.fault(1, "unknown_format");
        return sheet_.finish();
    }
    void fault(std::size_t at, const char* code) { sheet_.fault(at, code); }
    bool full() const { return sheet_.full(); }

private:
    std::optional<std::int64_t> amount(std::string_view value, std::size_t at) {
        const auto cents = parse_amount(value);
        if (!cents) sheet_.fault(at, "amount");
        return cents;
    }
    void of_line(std::string_view tag, std::string_view value, std::size_t at) {
        if (tag == "DTPOSTED") {
            const auto day = parse_day(value.substr(0, 8));
            if (!day) return sheet_.fault(at, "date");
            line_->day = *day;
            day_ = true;
        } else if (tag == "TRNAMT") {
            const auto cents = amount(value, at);
            if (!cents) return;
            line_->amount = *cents;
            amount_ = true;
        } else if (tag == "FITID") {
            line_->bank_ref = unescaped(value);
        } else if (tag == "NAME") {
            name_ = unescaped(value);
        } else if (tag == "MEMO") {
            memo_ = unescaped(value);
        } else if (tag == "REFNUM" || tag == "CHECKNUM") {
            line_->reference += (line_->reference.empty() ? "" : " ") + unescaped(value);
        }
    }
    void take() {
        auto line = *std::move(line_);
        line_.reset();
        if (sheet_.full()) return;
        if (!day_) return missing("date");
        if (!amount_) return missing("amount");
        line.label = name_ + " " + memo_;
        sheet_.line(std::move(line), at_);
    }
    /// Said once: a value that could not be read was a fault already, at its own line.
    void missing(const char* code) {
        if (!complained_) sheet_.fault(at_, code);
        complained_ = true;
    }

    Sheet sheet_{Format::ofx};
    std::optional<StatementLine> line_;
    std::string name_, memo_, bank_, branch_, number_;
    std::optional<std::int64_t> balance_;
    std::optional<time::Date> balance_day_, end_;
    std::size_t at_ = 0;
    std::size_t balance_at_ = 0;
    bool day_ = false, amount_ = false;
    bool in_statement_ = false, in_account_ = false, in_balance_ = false;
    bool seen_ = false, ended_ = false, complained_ = false;
};

}  // namespace

base::Result<ParsedStatement> read_ofx(std::string_view text) {
    Reader reader;
    std::size_t line = 1;
    std::size_t counted = 0;
    const auto line_of = [&](std::size_t byte) {
        line += line_at(text.substr(counted, byte - counted), byte - counted) - 1;
        counted = byte;
        return line;
    };
    std::size_t at = text.find('<');
    while (at != text.npos && !reader.full()) {
        const auto end = text.find('>', at);
        if (end == text.npos) {
            reader.fault(line_of(at), "unfinished");
            break;
        }
        const auto tag = text.substr(at + 1, end - at - 1);
        const auto here = line_of(at);
        const auto next = text.find('<', end);
        if (tag.starts_with("!")) {
            reader.fault(here, "doctype");
            break;
        }
        if (tag.starts_with('/')) {
            reader.close(trimmed(tag.substr(1)), here);
        } else if (!tag.starts_with('?')) {
            reader.open(trimmed(tag), trimmed(text.substr(end + 1, next - end - 1)), here);
        }
        at = next;
    }
    return reader.finish(line_of(text.size()));
}

}  // namespace preau::payment::reconciliation
