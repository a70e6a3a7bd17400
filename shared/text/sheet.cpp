#include "shared/text/sheet.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "shared/text/french.hpp"

namespace preau::text {
namespace {

// What ISO-8859-15 has in the place of ISO-8859-1.
constexpr std::array<std::pair<unsigned char, char32_t>, 8> kLatin9{{{0xA4, 0x20AC},
                                                                     {0xA6, 0x160},
                                                                     {0xA8, 0x161},
                                                                     {0xB4, 0x17D},
                                                                     {0xB8, 0x17E},
                                                                     {0xBC, 0x152},
                                                                     {0xBD, 0x153},
                                                                     {0xBE, 0x178}}};
// Windows-1252 from 0x80 on; 0 where it has nothing.
constexpr std::array<char32_t, 32> kWindows{
    0x20AC, 0,      0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
    0x2039, 0x152,  0,      0x17D,  0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0,      0x17E,  0x178};

bool in_windows_only(unsigned char byte) {
    return byte >= 0x80 && byte <= 0x9F;
}

char32_t letter_of(unsigned char byte, bool windows) {
    if (windows && in_windows_only(byte)) return kWindows.at(byte - 0x80U);
    if (!windows) {
        for (const auto& [other, letter] : kLatin9) {
            if (other == byte) return letter;
        }
    }
    return byte;
}

/// For letters below U+10000.
void append_utf8(std::string& out, char32_t letter) {
    const auto byte = [&out](char32_t value) { out += static_cast<char>(value); };
    if (letter < 0x80) {
        byte(letter);
    } else if (letter < 0x800) {
        byte(0xC0 | (letter >> 6));
        byte(0x80 | (letter & 0x3F));
    } else {
        byte(0xE0 | (letter >> 12));
        byte(0x80 | ((letter >> 6) & 0x3F));
        byte(0x80 | (letter & 0x3F));
    }
}

/// Well-formed as a whole; control characters are each line's fault.
bool is_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto lead = static_cast<unsigned char>(text[at]);
        if (lead < 0x80) {
            ++at;
            continue;
        }
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return false;
        if (!is_clean_utf8(text.substr(at, length))) return false;
        at += length;
    }
    return true;
}

std::optional<int> number_of(std::string_view text) {
    int value = 0;
    const char* const end = text.data() + text.size();
    const auto [read, fault] = std::from_chars(text.data(), end, value);
    if (fault != std::errc{} || read != end || text.empty()) return std::nullopt;
    return value;
}

std::string two_digits(int value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

SheetFault fault_of(const CsvRow& row, std::size_t columns) {
    if (row.fields.empty()) return {row.line, "quotes"};
    if (row.fields.size() == columns) return {row.line, "characters"};
    return {
        row.line, "columns", {}, std::to_string(row.fields.size()) + "/" + std::to_string(columns)};
}

std::string to_utf8(std::string_view bytes) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (bytes.starts_with(kByteOrderMark)) return std::string(bytes.substr(kByteOrderMark.size()));
    if (is_utf8(bytes)) return std::string(bytes);
    const bool windows = std::ranges::any_of(
        bytes, [](char c) { return in_windows_only(static_cast<unsigned char>(c)); });
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 8);
    for (const char c : bytes)
        append_utf8(out, letter_of(static_cast<unsigned char>(c), windows));
    return out;
}

std::string iso_date(std::string_view typed) {
    std::array<std::string_view, 3> parts;
    std::size_t count = 0;
    while (count < 3) {
        const auto end = count < 2 ? typed.find_first_of("/-.") : std::string_view::npos;
        parts.at(count++) = typed.substr(0, end);
        if (end == std::string_view::npos) break;
        typed.remove_prefix(end + 1);
    }
    if (count != 3) return {};
    if (parts[0].size() != 4) std::swap(parts[0], parts[2]);
    const auto day = number_of(parts[2]);
    const auto month = number_of(parts[1]);
    const bool fits = parts[0].size() == 4 && number_of(parts[0]) && month && day &&
                      parts[1].size() <= 2 && parts[2].size() <= 2 && *month > 0 && *day > 0;
    if (!fits) return {};
    return std::string(parts[0]) + "-" + two_digits(*month) + "-" + two_digits(*day);
}

std::string clock_time(std::string_view typed) {
    std::string plain;
    for (const char c : typed) {
        if (c == ' ') continue;
        plain += c == 'h' || c == 'H' ? ':' : c;
    }
    const auto colon = plain.find(':');
    const std::string hours = plain.substr(0, colon);
    std::string minutes = colon == std::string::npos ? "" : plain.substr(colon + 1);
    if (minutes.size() == 5 && minutes.ends_with(":00")) minutes.resize(2);
    const auto hour = number_of(hours);
    const auto minute = minutes.empty() ? std::optional(0) : number_of(minutes);
    if (!hour || !minute || hours.size() > 2 || (!minutes.empty() && minutes.size() != 2)) {
        return {};
    }
    if (*hour < 0 || *hour > 24 || *minute < 0 || *minute > 59) return {};
    return two_digits(*hour) + ":" + two_digits(*minute);
}

std::optional<std::int64_t> cents_of(std::string_view typed) {
    constexpr std::size_t kDigitsMax = 9;
    std::string digits;
    std::string decimals;
    bool fraction = false;
    std::string plain(typed);
    for (const std::string_view mark : {"€", "\u00A0", "\u202F", " "}) {
        for (auto at = plain.find(mark); at != std::string::npos; at = plain.find(mark))
            plain.erase(at, mark.size());
    }
    for (const char c : plain) {
        if ((c == ',' || c == '.') && !fraction) {
            fraction = true;
        } else if (c >= '0' && c <= '9') {
            (fraction ? decimals : digits) += c;
        } else {
            return std::nullopt;
        }
    }
    if (digits.empty() || digits.size() > kDigitsMax || decimals.size() > 2) return std::nullopt;
    decimals.resize(2, '0');
    std::int64_t cents = 0;
    for (const char c : digits + decimals)
        cents = cents * 10 + (c - '0');
    return cents;
}

std::vector<std::string> split_list(std::string_view text, char separator) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = text.find(separator);
        std::string one = collapsed(text.substr(0, end));
        if (!one.empty()) out.push_back(std::move(one));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return out;
}

base::Result<Sheet> Sheet::read(std::string_view bytes, std::span<const SheetColumn> columns) {
    CsvTable table = parse_csv(to_utf8(bytes));
    Sheet out;
    for (std::size_t i = 0; i < table.header.size(); ++i)
        out.columns_.emplace(slug(table.header[i]), i);
    std::string missing;
    for (const SheetColumn& column : columns) {
        if (!column.required || out.columns_.contains(slug(column.name))) continue;
        missing += (missing.empty() ? "" : ", ") + std::string(column.name);
    }
    if (!missing.empty()) return base::fail("invalid", missing);
    for (CsvRow& row : table.rows) {
        if (row.fault.empty()) {
            out.rows_.push_back(std::move(row));
        } else {
            out.faults_.push_back(fault_of(row, table.header.size()));
        }
    }
    return out;
}

std::string Sheet::text(const CsvRow& row, std::string_view column) const {
    const auto at = columns_.find(slug(column));
    return at == columns_.end() ? std::string() : collapsed(row.fields[at->second]);
}

std::string SheetLine::required(std::string_view column) {
    std::string out = text(column);
    if (out.empty()) fault("required", column);
    return out;
}

int SheetLine::whole(std::string_view column, int min, int max, int otherwise) {
    const std::string typed = text(column);
    if (typed.empty()) return otherwise;
    const auto value = number_of(typed);
    if (value && *value >= min && *value <= max) return *value;
    fault("number", column, std::to_string(min) + "–" + std::to_string(max));
    return otherwise;
}

bool SheetLine::yes(std::string_view column, bool otherwise) {
    const std::string word = folded(text(column));
    if (word.empty()) return otherwise;
    if (word == "oui" || word == "o" || word == "1" || word == "x" || word == "vrai") return true;
    if (word == "non" || word == "n" || word == "0" || word == "faux") return false;
    fault("yes_or_no", column, text(column));
    return otherwise;
}

void SheetLine::fault(std::string code, std::string_view column, std::string value) {
    faults_.push_back({row_.line, std::move(code), std::string(column), std::move(value)});
}

}  // namespace preau::text
