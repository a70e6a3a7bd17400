#include "services/gateway/edge/urlencoded.hpp"

#include <cstdint>
#include <optional>

namespace preau::gateway {

namespace {

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
    return std::nullopt;
}

/// Nothing for a broken escape or a NUL.
std::optional<std::string> decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out.push_back(' ');
        } else if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const auto high = hex_digit(text[i + 1]);
            const auto low = hex_digit(text[i + 2]);
            if (!high || !low) return std::nullopt;
            out.push_back(static_cast<char>(*high * 16U + *low));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
        if (out.back() == '\0') return std::nullopt;
        // Browsers send CR LF for a line break in a text area.
        if (out.size() >= 2 && out.back() == '\n' && out[out.size() - 2] == '\r') {
            out.erase(out.size() - 2, 1);
        }
    }
    return out;
}

}  // namespace

base::Result<net::Pairs> parse_form(std::string_view body) {
    net::Pairs fields;
    std::size_t count = 0;
    while (!body.empty()) {
        const auto end = std::min(body.find('&'), body.size());
        const auto pair = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        if (pair.empty()) continue;
        if (++count > form_fields_max) return base::fail("bad_request", "too many fields");
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = decode(pair.substr(0, equals));
        auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value || !is_utf8(*name) || !is_utf8(*value)) {
            return base::fail("bad_request", "a form field cannot be read");
        }
        fields.add(std::move(*name), std::move(*value));
    }
    return fields;
}

std::string percent_encode(std::string_view text) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size() + text.size() / 4);
    for (const char c : text) {
        const bool unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                                (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
                                c == '~';
        if (unreserved) {
            out.push_back(c);
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out.push_back('%');
            out.push_back(kHex[byte / 16U]);
            out.push_back(kHex[byte % 16U]);
        }
    }
    return out;
}

std::string query_string(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::string out;
    for (const auto& [name, value] : pairs) {
        if (!out.empty()) out.push_back('&');
        out += percent_encode(name);
        out.push_back('=');
        out += percent_encode(value);
    }
    return out;
}

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        std::size_t length = 1;
        std::uint32_t point = lead;
        if (lead >= 0xF0 && lead < 0xF8) {
            length = 4;
            point = lead & 0x07U;
        } else if (lead >= 0xE0) {
            length = 3;
            point = lead & 0x0FU;
        } else if (lead >= 0xC0) {
            length = 2;
            point = lead & 0x1FU;
        } else if (lead >= 0x80) {
            return false;
        }
        if (lead >= 0xF8 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xC0U) != 0x80U) return false;
            point = (point << 6U) | (next & 0x3FU);
        }
        const bool overlong = (length == 2 && point < 0x80) || (length == 3 && point < 0x800) ||
                              (length == 4 && point < 0x10000);
        if (overlong || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
        i += length;
    }
    return true;
}

}  // namespace preau::gateway
