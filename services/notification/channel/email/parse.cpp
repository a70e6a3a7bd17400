// Reading back what compose() wrote, for the demonstration's mailbox.

#include <array>
#include <cstdint>
#include <map>

#include "services/notification/channel/email/encoding.hpp"
#include "services/notification/channel/email/mime.hpp"

namespace preau::notification::email {

namespace {

int value_of(char letter) {
    if (letter >= 'A' && letter <= 'Z') return letter - 'A';
    if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9') return letter - '0' + 52;
    if (letter == '+') return 62;
    return letter == '/' ? 63 : -1;
}

std::string from_base64(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned have = 0;
    for (const char letter : text) {
        const int value = value_of(letter);
        if (value < 0) continue;
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        have += 6;
        if (have >= 8) {
            have -= 8;
            out += static_cast<char>(bits >> have & 0xffU);
        }
    }
    return out;
}

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string from_quoted_printable(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r') continue;
        if (text[i] != '=') {
            out += text[i];
        } else if (text.substr(i + 1, 2) == "\r\n") {
            i += 2;
        } else if (i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        }
    }
    return out;
}

/// Encoded words decoded; what stands between two of them is no text.
std::string decoded_words(std::string_view text) {
    constexpr std::string_view kHead = "=?UTF-8?B?";
    std::string out;
    bool after_word = false;
    while (!text.empty()) {
        const auto start = text.find(kHead);
        const auto plain = text.substr(0, start);
        if (!after_word || plain.find_first_not_of(' ') != std::string_view::npos) out += plain;
        if (start == std::string_view::npos) break;
        text.remove_prefix(start + kHead.size());
        const auto end = std::min(text.find("?="), text.size());
        out += from_base64(text.substr(0, end));
        text.remove_prefix(std::min(end + 2, text.size()));
        after_word = true;
    }
    return out;
}

struct Part {
    std::map<std::string, std::string> headers;  // unfolded
    std::string_view body;
};

std::optional<Part> read_part(std::string_view text) {
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    Part out;
    out.body = text.substr(end + 4);
    std::string* last = nullptr;
    for (auto head = text.substr(0, end); !head.empty();) {
        const auto line_end = std::min(head.find("\r\n"), head.size());
        const auto line = head.substr(0, line_end);
        head.remove_prefix(std::min(line_end + 2, head.size()));
        if (line.starts_with(' ')) {
            if (last == nullptr) return std::nullopt;
            *last += line;
            continue;
        }
        const auto colon = line.find(": ");
        if (colon == std::string_view::npos) return std::nullopt;
        last = &out.headers[std::string(line.substr(0, colon))];
        *last = std::string(line.substr(colon + 2));
    }
    return out;
}

/// The value of `name="…"` in a header.
std::string parameter(std::string_view header, const std::string& name) {
    const auto mark = name + "=\"";
    const auto start = header.find(mark);
    if (start == std::string_view::npos) return {};
    header.remove_prefix(start + mark.size());
    return std::string(header.substr(0, header.find('"')));
}

void read_leaf(const Part& part, Mail& out) {
    const auto& type = part.headers.at("Content-Type");
    auto body = part.body;
    if (body.ends_with("\r\n")) body.remove_suffix(2);
    if (part.headers.contains("Content-Disposition")) {
        out.attachments.push_back({parameter(part.headers.at("Content-Disposition"), "filename"),
                                   type.substr(0, type.find("; name=")), from_base64(body)});
    } else if (type.starts_with("text/plain")) {
        out.text = from_quoted_printable(body);
    } else if (type.starts_with("text/html")) {
        out.html = from_quoted_printable(body);
    }
}

bool read_tree(const Part& part, Mail& out, int depth) {
    const auto type = part.headers.find("Content-Type");
    if (type == part.headers.end() || depth > 3) return false;
    if (!type->second.starts_with("multipart/")) {
        read_leaf(part, out);
        return true;
    }
    const std::string limit = "--" + parameter(type->second, "boundary");
    auto rest = part.body;
    auto start = rest.find(limit + "\r\n");
    while (start != std::string_view::npos) {
        rest.remove_prefix(start + limit.size() + 2);
        const auto end = rest.find(limit);
        if (end == std::string_view::npos) return false;
        const auto inner = read_part(rest.substr(0, end));
        if (!inner || !read_tree(*inner, out, depth + 1)) return false;
        rest.remove_prefix(end);
        start = rest.starts_with(limit + "--") ? std::string_view::npos : 0;
    }
    return true;
}

Address decoded_address(std::string_view text) {
    const auto open = text.rfind('<');
    if (open == std::string_view::npos) return {{}, std::string(text)};
    Address out;
    out.address = std::string(text.substr(open + 1, text.find('>', open) - open - 1));
    auto name = text.substr(0, open);
    while (name.ends_with(' '))
        name.remove_suffix(1);
    if (!name.starts_with('"')) {
        out.name = decoded_words(name);
        return out;
    }
    for (std::size_t i = 1; i + 1 < name.size(); ++i) {
        if (name[i] == '\\') ++i;
        out.name += name[i];
    }
    return out;
}

}  // namespace

base::Result<Mail> parse(std::string_view message) {
    const auto head = read_part(message);
    Mail out;
    if (!head || !read_tree(*head, out, 0)) return base::fail("internal", "not a message of ours");
    const auto header = [&](const char* name) {
        const auto at = head->headers.find(name);
        return at == head->headers.end() ? std::string() : at->second;
    };
    out.subject = decoded_words(header("Subject"));
    out.from = decoded_address(header("From"));
    out.to = decoded_address(header("To"));
    out.language = header("Content-Language");
    const auto id = header("Message-ID");
    out.id = id.substr(0, id.find('@'));
    if (out.id.starts_with('<')) out.id.erase(0, 1);
    return out;
}

}  // namespace preau::notification::email
