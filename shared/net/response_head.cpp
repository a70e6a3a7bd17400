#include "shared/net/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "shared/net/head.hpp"
#include "shared/observe/log.hpp"

namespace preau::net {
namespace {

constexpr std::pair<int, std::string_view> kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

std::string_view reason(int status) {
    for (const auto& [number, text] : kReasons) {
        if (number == status) return text;
    }
    return {};
}

void append_number(std::string& out, std::uint64_t value) {
    std::array<char, 20> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

// The Date field changes once a second, so it is made once a second.
std::string_view date_field() {
    thread_local std::time_t made_at = -1;
    thread_local std::string text;
    const std::time_t now = std::time(nullptr);
    if (now != made_at) {
        static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::tm utc{};
        gmtime_r(&now, &utc);
        std::array<char, 64> line{};
        // strftime's %a and %b follow the locale, which HTTP does not.
        const std::size_t length = std::strftime(line.data(), line.size(), "%Y %H:%M:%S", &utc);
        const std::string_view rest(line.data(), length);
        const std::string day = std::to_string(utc.tm_mday);
        text.assign("Date: ").append(kDays[utc.tm_wday]).append(", ");
        if (day.size() == 1) text.push_back('0');
        text.append(day).append(" ").append(kMonths[utc.tm_mon]).append(" ");
        text.append(rest).append(" GMT\r\n");
        made_at = now;
    }
    return text;
}

bool is_framing(std::string_view name) {
    return equal_ignoring_case(name, "content-length") ||
           equal_ignoring_case(name, "transfer-encoding") ||
           equal_ignoring_case(name, "connection");
}

bool is_safe(std::string_view name, std::string_view value) {
    const auto plain = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
    };
    const auto in_name = [](char c) { return c > 0x20 && c < 0x7F && c != ':'; };
    return !name.empty() && std::ranges::all_of(name, in_name) &&
           std::ranges::all_of(value, plain) && !is_framing(name);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool status_has_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

void append_response_head(std::string& out, const Response& response, const ResponseFrame& frame) {
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::uint64_t>(response.status));
    out.push_back(' ');
    out.append(reason(response.status)).append("\r\n").append(date_field());
    if (status_has_body(response.status)) {
        if (!response.body.empty() && !response.content_type.empty()) {
            append_field(out, "Content-Type", response.content_type);
        }
        out.append("Content-Length: ");
        append_number(out, response.body.size());
        out.append("\r\n");
    }
    bool has_cache_control = false;
    bool has_nosniff = false;
    for (const auto& [name, value] : response.headers) {
        if (!is_safe(name, value)) {
            observe::log(observe::Level::error, "http.unsafe_response_field",
                         {{"field", std::string_view(name)}});
            continue;
        }
        has_cache_control = has_cache_control || equal_ignoring_case(name, "cache-control");
        has_nosniff = has_nosniff || equal_ignoring_case(name, "x-content-type-options");
        append_field(out, name, value);
    }
    if (!has_cache_control) out.append("Cache-Control: no-store\r\n");
    if (!has_nosniff) out.append("X-Content-Type-Options: nosniff\r\n");
    if (!frame.request_id.empty()) append_field(out, "X-Request-Id", frame.request_id);
    if (!frame.keep_alive) {
        out.append("Connection: close\r\n");
    } else if (frame.http_1_0) {
        out.append("Connection: keep-alive\r\n");
    }
    out.append("\r\n");
}

}  // namespace preau::net
