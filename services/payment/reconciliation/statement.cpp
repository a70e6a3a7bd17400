#include "services/payment/reconciliation/statement.hpp"

#include <algorithm>
#include <array>

#include "services/payment/reconciliation/sheet.hpp"
#include "shared/text/french.hpp"

namespace preau::payment::reconciliation {

namespace {

constexpr std::int64_t kAmountMax = 9'999'999'999;
constexpr std::size_t kIntegerDigitsMax = 10;
constexpr std::size_t kHeadBytes = 2'048;  // in which a format shows itself
constexpr std::size_t kFrenchIban = 27;    // FR + 2 + 5 + 5 + 11 + 2

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

std::string capitals(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
    }
    return out;
}

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Format format_of(std::string_view text) {
    const auto head = text.substr(0, kHeadBytes);
    if (head.starts_with("OFXHEADER") || head.find("<?OFX") != std::string_view::npos ||
        head.find("<OFX>") != std::string_view::npos) {
        return Format::ofx;
    }
    if (head.starts_with('<')) return Format::camt053;
    // "01", the bank's five digits, and no column anywhere.
    const auto first = head.substr(0, head.find('\n'));
    if (first.starts_with("01") && all_digits(first.substr(2, 5)) && first.size() > 34 &&
        first.find(';') == std::string_view::npos) {
        return Format::cfonb120;
    }
    return Format::csv;
}

}  // namespace

std::string_view to_string(Format format) {
    constexpr std::array<std::string_view, 4> kNames{"csv", "camt053", "cfonb120", "ofx"};
    return kNames[static_cast<std::size_t>(format)];
}

std::string account_key(std::string_view given) {
    auto out = capitals(given);
    if (out.size() == kFrenchIban && (out.starts_with("FR") || out.starts_with("MC"))) {
        return out.substr(4, 21);  // without country, control digits and RIB key
    }
    return out;
}

std::string account_key(std::string_view bank, std::string_view branch, std::string_view number) {
    return capitals(bank) + capitals(branch) + capitals(number);
}

std::string masked_account(std::string_view key) {
    constexpr std::size_t kShown = 4;
    if (key.empty()) return {};
    return "…" + std::string(key.substr(key.size() > kShown ? key.size() - kShown : 0));
}

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
    if (whole.empty() || whole.size() > kIntegerDigitsMax || !all_digits(whole) ||
        !all_digits(cents)) {
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
    if (text.size() == 8 && all_digits(text)) {
        return time::Date::parse(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" +
                                 text.substr(6));
    }
    return time::Date::parse(text);
}

base::Result<ParsedStatement> parse_statement(std::string_view given, const CsvProfile& profile) {
    if (given.size() > statement_bytes_max) {
        Sheet sheet(Format::csv);
        sheet.fault(1, "too_many");
        return sheet.finish();
    }
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (given.starts_with(kByteOrderMark)) given.remove_prefix(kByteOrderMark.size());
    const auto body = given.find_first_not_of(" \t\r\n");
    const auto start = body == std::string_view::npos ? given : given.substr(body);
    const auto format = format_of(start);
    const bool utf8 = text::is_clean_utf8(given);
    const std::string converted = utf8 ? std::string() : from_latin9(given);
    const auto text = utf8 ? given : std::string_view(converted);
    switch (format) {
        case Format::camt053:
            return read_camt053(text);
        case Format::ofx:
            return read_ofx(text);
        case Format::cfonb120:
            return read_cfonb120(text);
        case Format::csv:
            break;
    }
    return read_csv(text, profile);
}

}  // namespace preau::payment::reconciliation
