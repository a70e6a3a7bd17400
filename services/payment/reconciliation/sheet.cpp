#include "services/payment/reconciliation/sheet.hpp"

#include <algorithm>

#include "shared/security/digest.hpp"
#include "shared/text/french.hpp"

namespace preau::payment::reconciliation {

namespace {

constexpr std::size_t kLabelBytesMax = 400;
constexpr std::size_t kReferenceBytesMax = 200;

}  // namespace

void Sheet::fault(std::size_t at, std::string code, std::string detail) {
    if (faults_.size() < faults_max) {
        faults_.push_back({"/lines/" + std::to_string(at), std::move(code), std::move(detail)});
    }
}

void Sheet::account(std::string key, std::size_t at) {
    if (key.empty()) return fault(at, "account_missing");
    if (out_.account.empty()) {
        out_.account = std::move(key);
    } else if (key != out_.account) {
        fault(at, "second_account");
    }
}

void Sheet::cover(time::Date day) {
    out_.from = covered_ ? std::min(out_.from, day) : day;
    out_.until = covered_ ? std::max(out_.until, day) : day;
    covered_ = true;
}

void Sheet::opening(std::int64_t cents, std::optional<time::Date> day, std::size_t at) {
    if (day) cover(*day);
    if (out_.closing && cents != *out_.closing) {
        fault(at, "opening", std::to_string(*out_.closing) + " cents expected");
    }
    if (!out_.opening && !out_.closing && out_.lines.empty()) {
        out_.opening = cents;
        out_.opening_at = at;
    }
    open_ = cents;
    sum_ = 0;
}

void Sheet::closing(std::int64_t cents, std::optional<time::Date> day, std::size_t at) {
    if (day) cover(*day);
    if (open_ && faults_.empty() && *open_ + sum_ != cents) {
        fault(at, "balance",
              std::to_string(*open_ + sum_) + " cents by the lines, " + std::to_string(cents) +
                  " stated");
    }
    out_.closing = cents;
    out_.closing_at = at;
    open_.reset();
}

void Sheet::line(StatementLine line, std::size_t at) {
    if (out_.lines.size() == statement_lines_max) {
        too_long_ = true;
        return fault(at, "too_many");
    }
    line.label = text::collapsed(line.label);
    line.reference = text::collapsed(line.reference);
    line.bank_ref = text::collapsed(line.bank_ref);
    if (line.label.size() > kLabelBytesMax || line.reference.size() > kReferenceBytesMax ||
        line.bank_ref.size() > kReferenceBytesMax) {
        return fault(at, "length");
    }
    if (!text::is_clean_utf8(line.label) || !text::is_clean_utf8(line.reference) ||
        !text::is_clean_utf8(line.bank_ref)) {
        return fault(at, "text");
    }
    auto identity = line.day.iso() + "\n" + std::to_string(line.amount) + "\n" +
                    text::folded(line.label) + "\n" + text::folded(line.reference);
    if (!line.bank_ref.empty()) identity += "\n" + line.bank_ref;
    line.fingerprint = security::sha256_hex(identity);
    line.ordinal = seen_[line.fingerprint]++;
    sum_ += line.amount;
    cover(line.day);
    out_.lines.push_back(std::move(line));
}

base::Result<ParsedStatement> Sheet::finish() {
    if (faults_.empty() && out_.lines.empty() && !out_.closing) fault(1, "empty");
    if (!faults_.empty()) {
        return std::unexpected(base::Error{"invalid_statement", {}, std::move(faults_)});
    }
    return std::move(out_);
}

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

std::size_t line_at(std::string_view text, std::size_t byte) {
    const auto before = text.substr(0, byte);
    return 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
}

}  // namespace preau::payment::reconciliation
