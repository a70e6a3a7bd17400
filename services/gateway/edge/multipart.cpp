#include "services/gateway/edge/multipart.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/gateway/edge/urlencoded.hpp"

namespace preau::gateway {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kType = "multipart/form-data";
constexpr std::size_t kBoundaryLengthMax = 70;  // RFC 2046 §5.1.1

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

struct Parameter {
    std::string_view name;
    std::string value;
};

/// The next `; name=value` of a header; nothing at its end or where it is malformed (`broken`).
std::optional<Parameter> next_parameter(std::string_view& rest, bool& broken) {
    rest = trimmed(rest);
    if (rest.empty()) return std::nullopt;
    const auto equals = rest.find('=');
    broken = rest.front() != ';' || equals == std::string_view::npos;
    if (broken) return std::nullopt;
    Parameter found{trimmed(rest.substr(1, equals - 1)), {}};
    rest.remove_prefix(equals + 1);
    if (!rest.starts_with('"')) {
        const auto end = std::min(rest.find(';'), rest.size());
        found.value = trimmed(rest.substr(0, end));
        rest.remove_prefix(end);
        return found;
    }
    const auto end = rest.find('"', 1);
    broken = end == std::string_view::npos;
    if (broken) return std::nullopt;
    found.value = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return found;
}

/// Browsers write these three of a name as escapes (HTML, "multipart/form-data encoding").
std::string unescaped(std::string_view text) {
    static constexpr std::pair<std::string_view, char> kEscapes[] = {
        {"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}};
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto escape = std::ranges::find(kEscapes, text.substr(i, 3),
                                              &std::pair<std::string_view, char>::first);
        if (escape == std::end(kEscapes)) {
            out.push_back(text[i]);
        } else {
            out.push_back(escape->second);
            i += 2;
        }
    }
    return out;
}

bool read_disposition(std::string_view value, Part& part) {
    const auto end = std::min(value.find(';'), value.size());
    if (!same_word(trimmed(value.substr(0, end)), "form-data")) return false;
    auto rest = value.substr(end);
    bool broken = false;
    while (const auto parameter = next_parameter(rest, broken)) {
        if (same_word(parameter->name, "name")) part.name = unescaped(parameter->value);
        if (same_word(parameter->name, "filename")) {
            part.filename = unescaped(parameter->value);
            part.is_file = true;
        }
    }
    return !broken && !part.name.empty() && is_utf8(part.name) && is_utf8(part.filename);
}

/// The header lines of one part.
bool read_head(std::string_view head, Part& part) {
    bool named = false;
    while (!head.empty()) {
        const auto end = std::min(head.find(kLineEnd), head.size());
        const auto line = head.substr(0, end);
        head.remove_prefix(std::min(end + kLineEnd.size(), head.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return false;
        const auto value = trimmed(line.substr(colon + 1));
        if (same_word(line.substr(0, colon), "content-disposition")) {
            if (named || !read_disposition(value, part)) return false;
            named = true;
        } else if (same_word(line.substr(0, colon), "content-type")) {
            part.content_type = value;
        }
    }
    return named;
}

}  // namespace

std::string multipart_boundary(std::string_view content_type) {
    const auto end = std::min(content_type.find(';'), content_type.size());
    if (!same_word(trimmed(content_type.substr(0, end)), kType)) return {};
    auto rest = content_type.substr(end);
    bool broken = false;
    std::string boundary;
    while (const auto parameter = next_parameter(rest, broken)) {
        if (!same_word(parameter->name, "boundary")) continue;
        if (!boundary.empty()) return {};
        boundary = parameter->value;
    }
    const bool plain = std::ranges::all_of(boundary, [](char c) { return c > 0x20 && c < 0x7F; });
    return broken || !plain || boundary.size() > kBoundaryLengthMax ? std::string{} : boundary;
}

base::Result<std::vector<Part>> parse_multipart(std::string_view content_type,
                                                std::string_view body) {
    const auto refused = [](const char* why) { return base::fail("bad_request", why); };
    const auto boundary = multipart_boundary(content_type);
    if (boundary.empty()) return refused("the form names no usable boundary");
    const auto opening = "--" + boundary;
    const auto separator = std::string(kLineEnd) + opening;
    if (!body.starts_with(opening)) return refused("the form does not begin with its boundary");
    body.remove_prefix(opening.size());
    std::vector<Part> parts;
    for (;;) {
        if (body.starts_with("--")) return parts;
        if (!body.starts_with(kLineEnd)) return refused("a boundary is not on a line of its own");
        if (parts.size() == multipart_parts_max) return refused("too many parts");
        body.remove_prefix(kLineEnd.size());
        const auto head_end = body.substr(0, multipart_head_bytes_max).find("\r\n\r\n");
        if (head_end == std::string_view::npos) return refused("a part has no readable head");
        Part part;
        if (!read_head(body.substr(0, head_end), part)) return refused("a part has no name");
        body.remove_prefix(head_end + 2 * kLineEnd.size());
        const auto end = body.find(separator);
        if (end == std::string_view::npos) return refused("a part has no end");
        part.body = body.substr(0, end);
        parts.push_back(std::move(part));
        body.remove_prefix(end + separator.size());
    }
}

}  // namespace preau::gateway
