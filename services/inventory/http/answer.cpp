#include "services/inventory/http/answer.hpp"

#include <charconv>
#include <optional>

#include "shared/json/fields.hpp"
#include "shared/security/digest.hpp"

namespace preau::inventory {
namespace {

constexpr int kLimitMax = 100;
constexpr std::int64_t kVersionMax = 1'000'000'000'000;

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

/// The bare tag: no W/, no quotes.
std::string_view bare(std::string_view tag) {
    while (!tag.empty() && tag.front() == ' ')
        tag.remove_prefix(1);
    while (!tag.empty() && tag.back() == ' ')
        tag.remove_suffix(1);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') {
        tag = tag.substr(1, tag.size() - 2);
    }
    return tag;
}

bool lists(std::string_view header, std::string_view tag) {
    while (!header.empty()) {
        const std::size_t end = header.find(',');
        const std::string_view one = bare(header.substr(0, end));
        if (one == "*" || one == tag) return true;
        header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
    }
    return false;
}

}  // namespace

base::Result<Page> page_of(const net::Request& request) {
    base::Error error{"invalid", {}, {}};
    Page page;
    if (const auto limit = request.query.find("limit")) {
        const auto value = number(*limit);
        if (!value || *value < 1 || *value > kLimitMax) {
            error.fields.push_back({"/query/limit", "range", "1 to 100"});
        } else {
            page.limit = static_cast<int>(*value);
        }
    }
    if (const auto after = request.query.find("after"); after && !after->empty()) {
        page.after = security::from_base64url(*after);
        const bool slug = page.after.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
                          std::string::npos;
        if (page.after.empty() || !slug) error.fields.push_back({"/query/after", "format", {}});
    }
    if (!error.fields.empty()) return std::unexpected(std::move(error));
    return page;
}

std::string cursor_after(const std::string& slug) {
    return security::base64url(slug);
}

net::Response tagged(const net::Request& request, const nlohmann::json& body,
                     std::int64_t version) {
    net::Response response = net::Response::json(body);
    std::string tag = security::sha256_hex(response.body).substr(0, 16);
    if (version > 0) tag = std::to_string(version) + "-" + tag;
    const bool known = request.headers.find("authorization").has_value();
    if (lists(request.headers.get("if-none-match"), tag)) response = net::Response::empty(304);
    response.with("ETag", "\"" + tag + "\"");
    response.with("Cache-Control", known ? "private, no-cache" : "public, no-cache");
    response.with("Vary", "Authorization");
    return response;
}

base::Result<std::int64_t> version_seen(const net::Request& request, const nlohmann::json& body) {
    std::optional<std::int64_t> seen;
    if (const auto header = request.headers.find("if-match")) {
        const std::string_view tag = bare(*header);
        seen = number(tag.substr(0, tag.find('-')));
        if (!seen) return base::fail_field("invalid", "/header/If-Match", "a version");
    }
    json::Fields in(body);
    const auto given = in.optional_integer("version", {.min = 0, .max = kVersionMax});
    if (auto bad = in.errors()) return std::unexpected(std::move(*bad));
    if (!given && !seen) {
        return std::unexpected(base::Error{"invalid", {}, {{"/version", "required", {}}}});
    }
    if (given && seen && *given != *seen) {
        return base::fail_field("invalid", "/version", "differs from If-Match");
    }
    return given ? *given : *seen;
}

}  // namespace preau::inventory
