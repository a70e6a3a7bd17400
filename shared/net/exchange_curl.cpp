// HTTPS through libcurl.

#include <array>

#include "shared/net/curl.hpp"
#include "shared/net/exchange.hpp"

namespace preau::net {
namespace {

CURL* thread_handle() {
    thread_local const auto handle = new_curl_handle();
    // Options go back to their defaults; connections, DNS cache and TLS sessions stay.
    Curl::loaded().easy_reset(handle.get());
    return handle.get();
}

struct Incoming {
    ClientResponse response;
    std::size_t bytes_max = 0;
    std::size_t head_bytes = 0;
    bool too_large = false;
    bool started = false;
};

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* target) {
    auto& in = *static_cast<Incoming*>(target);
    const std::string_view line(data, size * count);
    in.started = true;
    in.head_bytes += line.size();
    if (in.head_bytes > answer_head_bytes_max) {
        in.too_large = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) {
        in.response.headers = {};  // a 100 Continue came before
        return line.size();
    }
    if (const auto colon = line.find(':'); colon != std::string_view::npos) {
        in.response.headers.add(lower_case(line.substr(0, colon)),
                                std::string(trim(line.substr(colon + 1))));
    }
    return line.size();
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* target) {
    auto& in = *static_cast<Incoming*>(target);
    const std::size_t bytes = size * count;
    if (in.response.body.size() + bytes > in.bytes_max) {
        in.too_large = true;
        return 0;  // makes curl end the transfer
    }
    in.response.body.append(data, bytes);
    return bytes;
}

int on_progress(void* flag, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::atomic<bool>*>(flag)->load(std::memory_order_relaxed) ? 1 : 0;
}

void set_method(const Curl& curl, CURL* handle, const Exchange& exchange) {
    const ClientRequest& request = exchange.request;
    if (exchange.sends_body) {
        curl.easy_setopt(handle, CURLOPT_POST, 1L);
        curl.easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
        curl.easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
    }
    if (request.method == Method::head) {
        curl.easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (request.method != Method::post) {
        curl.easy_setopt(handle, CURLOPT_CUSTOMREQUEST, to_string(request.method).data());
    }
}

void set_options(const Curl& curl, CURL* handle, const Exchange& exchange, Incoming& incoming) {
    const ClientRequest& request = exchange.request;
    curl.easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl.easy_setopt(handle, CURLOPT_PROXY, "");  // never by the environment's wish
    curl.easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(exchange.connect_timeout.count()));
    curl.easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(exchange.timeout.count()));
    curl.easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl.easy_setopt(handle, CURLOPT_TCP_NODELAY, 1L);
    // When a kept connection turns out dead, curl sends the request again by itself, a POST too,
    // though the peer may have acted on it. A fresh connection is never retried.
    curl.easy_setopt(handle, CURLOPT_FRESH_CONNECT, exchange.may_repeat ? 0L : 1L);
    curl.easy_setopt(handle, CURLOPT_HEADERFUNCTION, &on_header);
    curl.easy_setopt(handle, CURLOPT_HEADERDATA, &incoming);
    curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_body);
    curl.easy_setopt(handle, CURLOPT_WRITEDATA, &incoming);
    if (request.cancelled != nullptr) {
        curl.easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
        curl.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &on_progress);
        curl.easy_setopt(handle, CURLOPT_XFERINFODATA, request.cancelled);
    }
    set_method(curl, handle, exchange);
}

ClientError failure(const Curl& curl, CURL* handle, CURLcode code, const char* text,
                    const Incoming& incoming) {
    ClientError error;
    error.timed_out = code == CURLE_OPERATION_TIMEDOUT;
    error.detail = incoming.too_large ? too_large_detail
                   : text[0] != 0     ? text
                                      : curl.easy_strerror(code);
    long sent = 0;
    curl.easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
    // Not a byte of the request left: nobody can have acted on it.
    if (sent == 0 && !incoming.started) error.delivery = Delivery::not_sent;
    return error;
}

}  // namespace

Answered exchange_through_curl(const Exchange& exchange) {
    const Curl& curl = Curl::loaded();
    CURL* handle = thread_handle();
    Incoming incoming;
    incoming.bytes_max = exchange.response_bytes_max;
    std::array<char, CURL_ERROR_SIZE> text{};
    set_options(curl, handle, exchange, incoming);
    CurlList headers;
    for (const auto& line : exchange.header_lines)
        headers.add(line);
    headers.add("Expect:");  // else curl waits a second for 100 Continue before a body over 1 MB
    curl.easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl.easy_setopt(handle, CURLOPT_ERRORBUFFER, text.data());
    const CURLcode code = curl.easy_perform(handle);
    if (code != CURLE_OK) {
        const ClientError error = failure(curl, handle, code, text.data(), incoming);
        curl.easy_reset(handle);  // it must not keep pointers to what ends here
        return std::unexpected(error);
    }
    long status = 0;
    curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl.easy_reset(handle);
    incoming.response.status = static_cast<int>(status);
    return std::move(incoming.response);
}

}  // namespace preau::net
