#include "shared/text/french.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace preau::text {
namespace {

constexpr char32_t kBroken = 0xFFFFFFFF;

bool is_continuation(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<std::uint8_t>(text[at]) & 0xC0U) == 0x80U;
}

/// The code point at `at`, which moves behind it; kBroken (and one byte on) when ill-formed.
char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<std::uint8_t>(text[at]);
    const std::size_t length = lead < 0x80U                     ? 1
                               : lead >= 0xC2U && lead <= 0xDFU ? 2
                               : lead >= 0xE0U && lead <= 0xEFU ? 3
                               : lead >= 0xF0U && lead <= 0xF4U ? 4
                                                                : 0;
    char32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(text, at + i)) {
            ++at;
            return kBroken;
        }
        code = (code << 6U) | (static_cast<std::uint8_t>(text[at + i]) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    const bool sane = length > 0 && code >= kSmallest[length] && code <= 0x10FFFF &&
                      (code < 0xD800 || code > 0xDFFF);
    at += sane ? length : 1;
    return sane ? code : kBroken;
}

void append_utf8(std::string& out, char32_t code) {
    const auto byte = [](char32_t value) { return static_cast<char>(value); };
    if (code < 0x80) {
        out += byte(code);
    } else if (code < 0x800) {
        out += byte(0xC0U | (code >> 6U));
        out += byte(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        out += byte(0xE0U | (code >> 12U));
        out += byte(0x80U | ((code >> 6U) & 0x3FU));
        out += byte(0x80U | (code & 0x3FU));
    } else {
        out += byte(0xF0U | (code >> 18U));
        out += byte(0x80U | ((code >> 12U) & 0x3FU));
        out += byte(0x80U | ((code >> 6U) & 0x3FU));
        out += byte(0x80U | (code & 0x3FU));
    }
}

std::vector<char32_t> code_points(std::string_view text) {
    std::vector<char32_t> out;
    for (std::size_t at = 0; at < text.size();)
        out.push_back(next_code_point(text, at));
    return out;
}

/// Latin letters of French text as lower-case ASCII; empty for what separates words.
std::string_view ascii_of(char32_t code) {
    static constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
    static constexpr std::string_view kDigits = "0123456789";
    if (code >= U'a' && code <= U'z') return kLower.substr(code - U'a', 1);
    if (code >= U'A' && code <= U'Z') return kLower.substr(code - U'A', 1);
    if (code >= U'0' && code <= U'9') return kDigits.substr(code - U'0', 1);
    // Latin-1: the lower-case half mirrors the upper-case one.
    if (code >= 0xE0 && code <= 0xFE) code -= 0x20;
    if (code >= 0xC0 && code <= 0xC5) return "a";
    if (code == 0xC6) return "ae";
    if (code == 0xC7) return "c";
    if (code >= 0xC8 && code <= 0xCB) return "e";
    if (code >= 0xCC && code <= 0xCF) return "i";
    if (code == 0xD1) return "n";
    if ((code >= 0xD2 && code <= 0xD6) || code == 0xD8) return "o";
    if (code >= 0xD9 && code <= 0xDC) return "u";
    if (code == 0xDD || code == 0xFF || code == 0x178) return "y";
    if (code == 0x152 || code == 0x153) return "oe";
    return {};
}

bool is_upper(char32_t code) {
    return (code >= U'A' && code <= U'Z') || (code >= 0xC0 && code <= 0xDE && code != 0xD7) ||
           code == 0x152;
}

bool is_letter(char32_t code) {
    const std::string_view ascii = ascii_of(code);
    return !ascii.empty() && (ascii[0] < '0' || ascii[0] > '9');
}

char32_t lower(char32_t code) {
    if (!is_upper(code)) return code;
    return code == 0x152 ? char32_t{0x153} : code + 0x20;
}

/// `word` is all capitals. Roman numbers stay, small words go down, others keep their first
/// capital.
void append_calm(std::string& out, const std::vector<char32_t>& word, bool before_apostrophe) {
    static constexpr std::array<std::string_view, 14> kSmall{
        "de", "du", "des", "la", "le", "les", "et", "aux", "au", "sur", "sous", "en", "d", "l"};
    std::string plain;
    for (const char32_t code : word)
        plain += ascii_of(code);
    const bool roman = plain.find_first_not_of("ivxlc") == std::string::npos && plain != "l";
    const bool elided = word.size() == 1 && before_apostrophe;
    const bool small = std::ranges::find(kSmall, plain) != kSmall.end();
    if ((word.size() == 1 && !elided) || (roman && !small)) {
        for (const char32_t code : word)
            append_utf8(out, code);
        return;
    }
    for (std::size_t i = 0; i < word.size(); ++i) {
        append_utf8(out, i == 0 && !small ? word[i] : lower(word[i]));
    }
}

}  // namespace

std::string folded(std::string_view text) {
    std::string out;
    bool gap = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view ascii = ascii_of(next_code_point(text, at));
        if (ascii.empty()) {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        out += ascii;
    }
    return out;
}

std::string slug(std::string_view text) {
    std::string out = folded(text);
    std::ranges::replace(out, ' ', '-');
    return out;
}

std::string collapsed(std::string_view text) {
    std::string out;
    bool gap = false;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        out += c;
    }
    return out;
}

std::string without_shouting(std::string_view text) {
    const std::vector<char32_t> codes = code_points(collapsed(text));
    std::string out;
    for (std::size_t at = 0; at < codes.size();) {
        if (!is_letter(codes[at])) {
            append_utf8(out, codes[at] == kBroken ? char32_t{0xFFFD} : codes[at]);
            ++at;
            continue;
        }
        std::vector<char32_t> word;
        while (at < codes.size() && is_letter(codes[at]))
            word.push_back(codes[at++]);
        const bool apostrophe = at < codes.size() && (codes[at] == U'\'' || codes[at] == 0x2019);
        if (std::ranges::all_of(word, is_upper)) {
            append_calm(out, word, apostrophe);
        } else {
            for (const char32_t code : word)
                append_utf8(out, code);
        }
    }
    return out;
}

bool is_clean_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const char32_t code = next_code_point(text, at);
        const bool gap = code == U'\t' || code == U'\n' || code == U'\r';
        if (code == kBroken || (code < 0x20 && !gap) || (code >= 0x7F && code < 0xA0)) return false;
    }
    return true;
}

}  // namespace preau::text
