#include "services/gateway/edge/answer.hpp"

#include <string_view>

#include "services/gateway/edge/compress.hpp"
#include "shared/security/digest.hpp"

namespace preau::gateway {

namespace {

constexpr std::string_view kPolicyBeforeForms =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "form-action 'self'";
constexpr std::string_view kPolicyAfterForms = "; base-uri 'none'; frame-ancestors 'none'";

constexpr std::size_t kCompressFromBytes = 600;  // below, the gzip frame eats the gain
constexpr int kPageGzipLevel = 5;                // 6–9 cost more time than they save bytes here

std::string_view cache_control(Caching caching) {
    switch (caching) {
        case Caching::immutable:
            return "public, max-age=31536000, immutable";
        case Caching::shared:
            return "public, max-age=60";
        case Caching::revalidate:
            return "no-cache";
        case Caching::none:
            break;
    }
    return "no-store";
}

bool has_header(const net::Response& response, std::string_view name) {
    for (const auto& [known, value] : response.headers) {
        if (known == name) return true;
    }
    return false;
}

bool compressible(const net::Response& response) {
    return response.body.size() >= kCompressFromBytes &&
           !has_header(response, "Content-Encoding") &&
           (response.content_type.starts_with("text/") ||
            response.content_type.starts_with("application/") ||
            response.content_type.starts_with("image/svg"));
}

}  // namespace

Finisher::Finisher(bool https, const std::vector<std::string>& checkout_origins) {
    std::string policy(kPolicyBeforeForms);
    for (const auto& origin : checkout_origins)
        policy += " " + origin;
    policy += kPolicyAfterForms;
    security_headers_ = {
        {"Content-Security-Policy", std::move(policy)},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"}};
    if (https) {
        security_headers_.emplace_back("Strict-Transport-Security", "max-age=63072000");
    }
}

void Finisher::add_security_headers(net::Response& response) const {
    if (has_header(response, "Content-Security-Policy")) return;
    for (const auto& [name, value] : security_headers_)
        response.with(name, value);
}

void Finisher::finish(const net::Request& request, net::Response& response, Caching caching) const {
    add_security_headers(response);
    const bool read = request.method == net::Method::get || request.method == net::Method::head;
    if (!read || response.status != 200) caching = Caching::none;
    if (!has_header(response, "Cache-Control")) {
        response.with("Cache-Control", std::string(cache_control(caching)));
    }
    if (caching == Caching::shared || caching == Caching::revalidate) {
        response.with("Vary", "Accept-Encoding, Accept-Language, Cookie");
    } else if (caching == Caching::immutable) {
        response.with("Vary", "Accept-Encoding");
    }
    if (caching != Caching::none && !has_header(response, "ETag")) {
        // Weak: the same page compressed or not.
        const auto tag = "W/\"" + security::sha256_hex(response.body).substr(0, 20) + "\"";
        response.with("ETag", tag);
        if (request.headers.get("if-none-match").find(tag) != std::string_view::npos) {
            response.status = 304;
            response.body.clear();
            return;
        }
    }
    if (compressible(response) && accepts_gzip(request.headers.get("accept-encoding"))) {
        response.body = gzip(response.body, kPageGzipLevel);
        response.with("Content-Encoding", "gzip");
    }
}

bool wants_html(const net::Request& request) {
    return request.headers.get("accept").find("text/html") != std::string_view::npos;
}

}  // namespace preau::gateway
