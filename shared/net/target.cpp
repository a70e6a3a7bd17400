#include "shared/net/target.hpp"

#include <algorithm>

namespace preau::net {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool has_control_character(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        const auto slash = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, slash);
        if (segment == "." || segment == "..") return true;
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return false;
}

// An encoded slash would be one after decoding, and the router would read another path than a proxy
// in front of it; none of our ids holds one.
bool has_encoded_separator(std::string_view raw) {
    for (std::size_t at = raw.find('%'); at < raw.size(); at = raw.find('%', at + 1)) {
        const std::string_view escape = raw.substr(at + 1, 2);
        if (escape == "2f" || escape == "2F" || escape == "5c" || escape == "5C") return true;
    }
    return false;
}

}  // namespace

bool is_utf8(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char first = byte(i);
        if (first < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (first < 0xC2 || first > 0xF4 || i + length > text.size()) return false;
        const unsigned char second = byte(i + 1);
        const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
        const bool beyond = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
        if (overlong || beyond) return false;
        for (std::size_t next = i + 1; next < i + length; ++next) {
            if ((byte(next) & 0xC0) != 0x80) return false;
        }
        i += length;
    }
    return true;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out.push_back(' ');
        } else if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_value(text[i + 1]);
            const int low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size() + 16);
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        if (letter || digit || c == '-' || c == '.' || c == '_' || c == '~') {
            out.push_back(c);
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out.push_back('%');
            out.push_back(kDigits[byte >> 4]);
            out.push_back(kDigits[byte & 0xF]);
        }
    }
    return out;
}

std::optional<Pairs> parse_form(std::string_view text) {
    Pairs pairs;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const std::string_view item = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (item.empty()) continue;
        const auto equals = std::min(item.find('='), item.size());
        auto name = percent_decode(item.substr(0, equals), true);
        auto value = percent_decode(item.substr(std::min(equals + 1, item.size())), true);
        if (!name || !value || !is_utf8(*name) || !is_utf8(*value)) return std::nullopt;
        if (name->find('\0') != std::string::npos || value->find('\0') != std::string::npos) {
            return std::nullopt;
        }
        pairs.add(std::move(*name), std::move(*value));
    }
    return pairs;
}

base::Result<Target> parse_target(std::string_view target) {
    const auto mark = std::min(target.find('?'), target.size());
    const std::string_view raw_path = target.substr(0, mark);
    Target out;
    if (raw_path.find('%') == std::string_view::npos) {
        out.path = raw_path;
    } else {
        auto decoded = percent_decode(raw_path, false);
        if (!decoded) return base::fail("bad_request", "malformed percent escape in the path");
        if (has_encoded_separator(raw_path) || has_control_character(*decoded)) {
            return base::fail("bad_request", "this character may not be encoded in the path");
        }
        out.path = std::move(*decoded);
    }
    if (has_dot_segment(out.path)) return base::fail("bad_request", "dot segment in the path");
    if (!is_utf8(out.path)) return base::fail("bad_request", "the path is not UTF-8");
    if (mark < target.size()) {
        auto query = parse_form(target.substr(mark + 1));
        if (!query) return base::fail("bad_request", "malformed query");
        out.query = std::move(*query);
    }
    return out;
}

}  // namespace preau::net
