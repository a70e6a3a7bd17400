#include "shared/net/head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace preau::net {
namespace {

// The longest method that is worth reading; ours have at most 6 letters.
constexpr std::size_t kMethodBytesMax = 16;
// A start line is METHOD SP target SP HTTP/1.1 CR: what stands there besides the target.
constexpr std::size_t kStartLineRestMax = kMethodBytesMax + 11;

constexpr std::array<bool, 256> token_table() {
    std::array<bool, 256> table{};
    for (int c = '0'; c <= '9'; ++c)
        table[static_cast<std::size_t>(c)] = true;
    for (int c = 'a'; c <= 'z'; ++c)
        table[static_cast<std::size_t>(c)] = true;
    for (int c = 'A'; c <= 'Z'; ++c)
        table[static_cast<std::size_t>(c)] = true;
    for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
        table[static_cast<std::size_t>(c)] = true;
    return table;
}

constexpr std::array<bool, 256> kToken = token_table();

bool is_token(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return kToken[static_cast<unsigned char>(c)]; });
}

// RFC 9110 field values: visible ASCII, space, tab and the obsolete upper half; no control
// character.
bool is_field_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
    });
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trim(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

bool valid_port(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && is_digit(text.front()) &&
           port >= 1 && port <= 65'535;
}

bool valid_name(std::string_view name) {
    constexpr std::size_t kNameBytesMax = 253;
    if (name.empty() || name.size() > kNameBytesMax || name.front() == '.') return false;
    char before = 0;
    for (const char c : name) {
        const bool letter = (lower(c) >= 'a' && lower(c) <= 'z') || is_digit(c);
        if (!letter && c != '-' && c != '_' && (c != '.' || before == '.')) return false;
        before = c;
    }
    return true;
}

bool valid_ipv6(std::string_view text) {
    return text.size() >= 2 && text.size() <= 45 &&
           std::ranges::all_of(text,
                               [](char c) {
                                   return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') ||
                                          c == ':' || c == '.';
                               }) &&
           text.find(':') != std::string_view::npos;
}

struct HostParts {
    std::string_view name;
    std::string_view port;  // empty when none was given
};

std::optional<HostParts> split_host(std::string_view text) {
    HostParts parts;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || !valid_ipv6(text.substr(1, end - 1))) return {};
        parts.name = text.substr(0, end + 1);
        text.remove_prefix(end + 1);
        if (!text.empty() && text.front() != ':') return {};
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        parts.name = text.substr(0, colon);
        if (!valid_name(parts.name)) return {};
        text.remove_prefix(colon);
    }
    if (!text.empty()) {
        parts.port = text.substr(1);
        if (parts.port.empty() || !valid_port(parts.port)) return {};
    }
    return parts;
}

bool host_allowed(std::string_view host, const std::vector<std::string>& allowed) {
    if (allowed.empty()) return true;
    const auto parts = split_host(host);
    return parts && std::ranges::any_of(allowed, [&](const std::string& entry) {
               return equal_ignoring_case(entry, host) || equal_ignoring_case(entry, parts->name);
           });
}

base::Error fault(std::string code, std::string detail) {
    return {std::move(code), std::move(detail), {}};
}

base::Error bad(std::string detail) {
    return fault("bad_request", std::move(detail));
}

// Splits "METHOD SP target SP HTTP/1.x"; exactly one space each time.
std::optional<base::Error> read_start_line(std::string_view line, const HeadLimits& limits,
                                           Head& head) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || last == first) return bad("malformed request line");
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    if (!is_token(head.method) || head.method.size() > kMethodBytesMax) return bad("bad method");
    if (head.target.size() > limits.target_bytes_max) return fault("uri_too_long", "");
    if (head.target.empty() || !std::ranges::all_of(head.target, [](char c) {
            return c > 0x20 && c < 0x7F && c != '#' && c != '"' && c != '<' && c != '>' &&
                   c != '\\';
        })) {
        return bad("bad character in the request target");
    }
    const bool shaped = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.' &&
                        is_digit(version[5]) && is_digit(version[7]);
    if (!shaped) return bad("malformed HTTP version");
    if (version[5] != '1' || version[7] > '1') {
        return fault("version_not_supported", "HTTP/1.0 and HTTP/1.1 are spoken here");
    }
    head.version_minor = version[7] - '0';
    return std::nullopt;
}

std::optional<base::Error> read_content_length(std::string_view value, Head& head) {
    if (head.content_length) return bad("more than one Content-Length");
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    // from_chars takes a leading minus for signed types only, and never a plus or blanks.
    if (error != std::errc{} || end != value.data() + value.size())
        return bad("bad Content-Length");
    head.content_length = length;
    return std::nullopt;
}

std::optional<base::Error> read_transfer_encoding(std::string_view value, Head& head) {
    if (head.chunked) return bad("more than one Transfer-Encoding");
    if (head.version_minor == 0) return bad("Transfer-Encoding on HTTP/1.0");
    if (!equal_ignoring_case(value, "chunked")) return fault("not_implemented", "");
    head.chunked = true;
    return std::nullopt;
}

void read_connection(std::string_view value, bool& close, bool& keep_alive) {
    while (!value.empty()) {
        const auto comma = std::min(value.find(','), value.size());
        const std::string_view option = trim(value.substr(0, comma));
        close = close || equal_ignoring_case(option, "close");
        keep_alive = keep_alive || equal_ignoring_case(option, "keep-alive");
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
}

// What the fields that frame the message say; `head` gathers it.
class Framing {
public:
    explicit Framing(Head& head) : head_(head) {}

    std::optional<base::Error> read(std::string_view name, std::string_view value) {
        // The length tells most names apart before a letter is compared.
        switch (name.size()) {
            case 4:
                if (equal_ignoring_case(name, "host")) return read_host(value);
                break;
            case 6:
                if (equal_ignoring_case(name, "expect")) {
                    head_.expect_continue = equal_ignoring_case(value, "100-continue");
                }
                break;
            case 10:
                if (equal_ignoring_case(name, "connection")) {
                    read_connection(value, close_, keep_alive_);
                }
                break;
            case 14:
                if (equal_ignoring_case(name, "content-length")) {
                    return read_content_length(value, head_);
                }
                break;
            case 17:
                if (equal_ignoring_case(name, "transfer-encoding")) {
                    return read_transfer_encoding(value, head_);
                }
                break;
            default:
                break;
        }
        return std::nullopt;
    }

    std::optional<base::Error> finish(const HeadLimits& limits) {
        if (!host_seen_) return fault("bad_host", "no Host");
        if (!valid_host(head_.host)) return fault("bad_host", "malformed Host");
        if (!host_allowed(head_.host, limits.hosts_allowed)) {
            return fault("bad_host", "this host is not served here");
        }
        if (head_.chunked && head_.content_length) {
            return bad("both Transfer-Encoding and Content-Length");
        }
        head_.keep_alive = !close_ && (head_.version_minor == 1 || keep_alive_);
        head_.expect_continue = head_.expect_continue && head_.version_minor == 1;
        return std::nullopt;
    }

private:
    std::optional<base::Error> read_host(std::string_view value) {
        if (host_seen_) return fault("bad_host", "more than one Host");
        host_seen_ = true;
        head_.host = value;
        return std::nullopt;
    }

    Head& head_;
    bool host_seen_ = false;
    bool close_ = false;
    bool keep_alive_ = false;
};

std::optional<base::Error> read_fields(std::string_view lines, const HeadLimits& limits,
                                       Head& head) {
    Framing framing(head);
    while (!lines.empty()) {
        const auto end = lines.find("\r\n");
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end + 2);
        if (head.fields.size() == limits.fields_max) {
            return fault("headers_too_large", "too many fields");
        }
        const auto colon = line.find(':');
        if (line.front() == ' ' || line.front() == '\t') return bad("folded header field");
        if (colon == std::string_view::npos) return bad("header field without a colon");
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trim(line.substr(colon + 1));
        if (!is_token(name)) return bad("bad header field name");
        if (!is_field_value(value)) return bad("bad character in a header field");
        if (auto error = framing.read(name, value)) return error;
        head.fields.emplace_back(name, value);
    }
    return framing.finish(limits);
}

// Absolute form is for proxies, but every server must take it; its authority must be the Host.
std::optional<base::Error> reduce_to_origin_form(Head& head) {
    if (head.target.front() == '/') return std::nullopt;
    constexpr std::string_view kScheme = "http://";
    if (!equal_ignoring_case(head.target.substr(0, kScheme.size()), kScheme)) {
        return bad("the request target must begin with a slash");
    }
    const std::string_view rest = head.target.substr(kScheme.size());
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos || !equal_ignoring_case(rest.substr(0, slash), head.host)) {
        return fault("bad_host", "the target's authority is not the Host");
    }
    head.target = rest.substr(slash);
    return std::nullopt;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return x == y || lower(x) == lower(y);
           });
}

bool valid_host(std::string_view text) {
    return split_host(text).has_value();
}

HeadScan scan_head(std::string_view bytes, std::size_t resume_at, const HeadLimits& limits) {
    HeadScan scan;
    std::size_t line = resume_at;  // always the beginning of a line
    while (true) {
        const auto end = bytes.find('\n', line);
        if (end == std::string_view::npos) break;
        if (end == line || bytes[end - 1] != '\r') {
            scan.error = bad("a line must end with CR LF");
            return scan;
        }
        if (line == 0 && end > limits.target_bytes_max + kStartLineRestMax) break;
        if (end - line == 1 && line > 0) {
            scan.length = end + 1;
            break;
        }
        if (end - line == 1) {
            scan.error = bad("empty request line");
            return scan;
        }
        line = end + 1;
    }
    scan.resume_at = line;
    if (line == 0 && bytes.size() > limits.target_bytes_max + kStartLineRestMax) {
        scan.error = fault("uri_too_long", "");
    } else if (scan.length.value_or(bytes.size()) > limits.head_bytes_max) {
        scan.error = fault("headers_too_large", "");
    }
    return scan;
}

base::Result<Head> check_head(std::string_view bytes, const HeadLimits& limits) {
    Head head;
    const auto end = bytes.find("\r\n");
    if (end == std::string_view::npos || !bytes.ends_with("\r\n\r\n")) {
        return std::unexpected(bad("the head has no end"));
    }
    if (auto error = read_start_line(bytes.substr(0, end), limits, head)) {
        return std::unexpected(std::move(*error));
    }
    head.fields.reserve(16);
    const std::string_view lines = bytes.substr(end + 2, bytes.size() - end - 4);
    if (auto error = read_fields(lines, limits, head)) return std::unexpected(std::move(*error));
    if (auto error = reduce_to_origin_form(head)) return std::unexpected(std::move(*error));
    return head;
}

}  // namespace preau::net
