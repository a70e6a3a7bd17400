#include "shared/net/client.hpp"

#include <algorithm>
#include <string_view>

#include "shared/json/parse.hpp"
#include "shared/net/exchange.hpp"

namespace preau::net {
namespace {

using std::chrono::milliseconds;

// Peers answer with lists of up to 10,000 nodes; what comes from them is bounded by size instead.
constexpr json::ParseLimits kPeerJson{.depth_max = 32, .nodes_max = 4'000'000};

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_safe_to_repeat(const ClientRequest& request) {
    if (request.method != Method::post && request.method != Method::patch) return true;
    return std::ranges::any_of(request.headers, [](const auto& header) {
        return lower_case(header.first) == "idempotency-key";
    });
}

bool sends_body(const ClientRequest& request) {
    return !request.body.empty() || request.method == Method::post ||
           request.method == Method::put || request.method == Method::patch;
}

std::vector<std::string> header_lines(const ClientRequest& request, milliseconds timeout) {
    std::vector<std::string> lines;
    for (const auto& [name, value] : request.headers)
        lines.push_back(name + ": " + value);
    if (sends_body(request)) lines.push_back("Content-Type: " + request.content_type);
    if (!request.trace.empty()) lines.push_back("traceparent: " + request.trace.traceparent());
    if (!request.request_id.empty()) lines.push_back("X-Request-Id: " + request.request_id);
    if (request.deadline) lines.push_back("X-Deadline-Ms: " + std::to_string(timeout.count()));
    return lines;
}

std::unexpected<ClientError> not_sent(std::string detail, bool timed_out = false) {
    return std::unexpected(ClientError{Delivery::not_sent, timed_out, std::move(detail)});
}

}  // namespace

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

base::Result<nlohmann::json> ClientResponse::json() const {
    return json::parse(body, kPeerJson);
}

Client::Client(ClientOptions options) : options_(options) {}

std::expected<ClientResponse, ClientError> Client::send(const ClientRequest& request) const {
    milliseconds timeout = options_.total_timeout;
    if (request.deadline) {
        const auto left = std::chrono::duration_cast<milliseconds>(
            *request.deadline - std::chrono::steady_clock::now());
        timeout = std::min(timeout, left);
        if (timeout <= milliseconds{0}) return not_sent("the deadline is past", true);
    }
    for (const auto& [name, value] : request.headers) {
        if (has_line_break(name) || has_line_break(value)) {
            return not_sent("line break in header " + name);
        }
    }
    const Exchange exchange{.request = request,
                            .header_lines = header_lines(request, timeout),
                            .connect_timeout = std::min(options_.connect_timeout, timeout),
                            .timeout = timeout,
                            .response_bytes_max = options_.response_bytes_max,
                            .sends_body = sends_body(request),
                            .may_repeat = is_safe_to_repeat(request)};
    const bool plain = request.url.starts_with("http://");
    if (!plain && !request.url.starts_with("https://")) return not_sent("neither http nor https");
    auto answer = plain && options_.carrier == Carrier::by_scheme ? exchange_plainly(exchange)
                                                                  : exchange_through_curl(exchange);
    if (answer) answer->content_type = std::string(answer->headers.get("content-type"));
    return answer;
}

}  // namespace preau::net
