#include "services/notification/channel/email/encoding.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "shared/time/zone.hpp"

namespace preau::notification::email {

namespace {

constexpr std::size_t kLine = 76;
constexpr std::size_t kWord = 64;  // an encoded word with its brackets: "Subject: " goes before it
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// Bytes of the UTF-8 character at the beginning of `text`; 0 when it is none.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto lead = byte(0);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : lead >= 0xe0 && lead < 0xf0 ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) return 0;
    }
    if (lead == 0xe0 && byte(1) < 0xa0) return 0;   // overlong
    if (lead == 0xed && byte(1) >= 0xa0) return 0;  // surrogates
    if (lead == 0xf0 && byte(1) < 0x90) return 0;
    if (lead == 0xf4 && byte(1) >= 0x90) return 0;
    return length;
}

bool is_control(std::string_view character) {
    const auto first = static_cast<std::uint8_t>(character[0]);
    if (character.size() == 1) return first < 0x20 || first == 0x7f;
    if (character.size() == 2 && first == 0xc2) {
        return static_cast<std::uint8_t>(character[1]) < 0xa0;  // C1
    }
    // LINE SEPARATOR, PARAGRAPH SEPARATOR, and the marks that turn the direction of reading.
    return character == "\xe2\x80\xa8" || character == "\xe2\x80\xa9" ||
           (character.size() == 3 && character >= "\xe2\x80\xaa" && character <= "\xe2\x80\xae");
}

bool is_plain(std::string_view text) {
    for (const char c : text) {
        if (c < ' ' || c > '~') return false;
    }
    // What looks like an encoded word would be decoded by the reader.
    return text.find("=?") == std::string_view::npos;
}

/// Encoded words, each a whole number of characters, parted by spaces.
std::vector<std::string> encoded_words(std::string_view text) {
    constexpr std::string_view kHead = "=?UTF-8?B?";
    constexpr std::size_t kBytesMax = (kWord - kHead.size() - 2) / 4 * 3;
    std::vector<std::string> words;
    std::string chunk;
    const auto flush = [&] {
        if (!chunk.empty()) words.push_back(std::string(kHead) + base64(chunk) + "?=");
        chunk.clear();
    };
    while (!text.empty()) {
        const auto length = std::max<std::size_t>(1, character_length(text));
        if (chunk.size() + length > kBytesMax) flush();
        chunk += text.substr(0, length);
        text.remove_prefix(length);
    }
    flush();
    return words;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::string folded(std::string_view name, const std::vector<std::string>& words) {
    std::string out(name);
    out += ':';
    std::size_t column = out.size();
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0 && column + 1 + words[i].size() > kLine) {
            out += "\r\n";
            column = 0;
        }
        out += ' ';
        out += words[i];
        column += 1 + words[i].size();
    }
    return out + "\r\n";
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    const auto space = [&] {
        if (!out.empty() && out.back() != ' ') out += ' ';
    };
    while (!text.empty()) {
        const auto length = character_length(text);
        if (length == 0) {
            out += kReplacement;
            text.remove_prefix(1);
            continue;
        }
        const auto character = text.substr(0, length);
        if (character == " " || is_control(character)) {
            space();
        } else {
            out += character;
        }
        text.remove_prefix(length);
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string text_header(std::string_view name, std::string_view value) {
    const auto clean = one_line(value);
    if (is_plain(clean)) {
        auto words = split(clean);
        bool short_enough = true;
        for (const auto& word : words)
            short_enough = short_enough && word.size() < kLine - 1;
        if (short_enough) return folded(name, words);
    }
    return folded(name, encoded_words(clean));
}

std::string token_header(std::string_view name, std::string_view value) {
    std::string ascii;
    for (const char c : one_line(value)) {
        if (c >= ' ' && c <= '~') ascii += c;
    }
    return folded(name, split(ascii));
}

std::string phrase(std::string_view name) {
    const auto clean = one_line(name);
    if (!is_plain(clean)) {
        std::string out;
        for (const auto& word : encoded_words(clean))
            out += (out.empty() ? "" : " ") + word;
        return out;
    }
    constexpr std::string_view kAtom =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~ ";
    if (clean.find_first_not_of(kAtom) == std::string::npos) return clean;
    std::string out = "\"";
    for (const char c : clean) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string mailbox(std::string_view name, std::string_view address) {
    const auto shown = phrase(name);
    if (shown.empty()) return std::string(address);
    return shown + " <" + std::string(address) + ">";
}

std::string quoted_printable(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    std::string line;
    const auto put = [&](std::string_view piece, bool last) {
        // A soft break needs the last column; so does nothing else.
        if (line.size() + piece.size() > (last ? kLine : kLine - 1)) {
            out += line + "=\r\n";
            line.clear();
        }
        line += piece;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(text[i]);
        const bool crlf = byte == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        if (crlf) continue;
        if (byte == '\n') {
            out += line + "\r\n";
            line.clear();
            continue;
        }
        const bool line_ends = i + 1 == text.size() || text[i + 1] == '\n' ||
                               (text[i + 1] == '\r' && i + 2 < text.size() && text[i + 2] == '\n');
        const bool blank = byte == ' ' || byte == '\t';
        if ((byte >= '!' && byte <= '~' && byte != '=') || (blank && !line_ends)) {
            put(text.substr(i, 1), line_ends);
        } else {
            const std::array<char, 3> code{'=', kHex[byte >> 4U], kHex[byte & 15U]};
            put({code.data(), code.size()}, line_ends);
        }
    }
    return out + line;
}

std::string base64(std::string_view data) {
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((data.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < data.size(); i += 3) {
        const std::size_t have = std::min<std::size_t>(3, data.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            bits = bits << 8U | (k < have ? static_cast<std::uint8_t>(data[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += k <= have ? kLetters[bits >> (18U - 6U * k) & 63U] : '=';
        }
    }
    return out;
}

std::string base64_lines(std::string_view data) {
    const auto letters = base64(data);
    std::string out;
    for (std::size_t i = 0; i < letters.size(); i += kLine) {
        out += letters.substr(i, kLine) + "\r\n";
    }
    return out;
}

std::string date_text(base::Instant at) {
    constexpr std::array<const char*, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto local = time::Zone::paris().local(at);
    const int offset_min = std::abs(local.offset_s) / 60;
    const int s = local.second_of_day;
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%s, %u %s %04d %02d:%02d:%02d %c%02d%02d",
                  kDays[static_cast<std::size_t>(local.date.weekday())], local.date.day(),
                  kMonths[local.date.month() - 1], local.date.year(), s / 3600, s / 60 % 60, s % 60,
                  local.offset_s < 0 ? '-' : '+', offset_min / 60, offset_min % 60);
    return out.data();
}

}  // namespace preau::notification::email
