#include "shared/net/client.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include <curl/curl.h>

#include "shared/json/parse.hpp"

namespace preau::net {
namespace {

using std::chrono::milliseconds;

struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;
using List = std::unique_ptr<curl_slist, FreeList>;

// Peers answer with lists of up to 10,000 nodes; what comes from them is bounded by size instead.
constexpr json::ParseLimits kPeerJson{.depth_max = 32, .nodes_max = 4'000'000};

CURL* thread_handle() {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    thread_local Handle handle;
    if (!handle && initialised == CURLE_OK) handle.reset(curl_easy_init());
    if (!handle) throw std::runtime_error("libcurl cannot be initialised");
    // Options go back to their defaults; connections, DNS cache and TLS sessions stay.
    curl_easy_reset(handle.get());
    return handle.get();
}

struct Incoming {
    ClientResponse response;
    std::size_t bytes_max = 0;
    std::size_t head_bytes = 0;
    bool too_large = false;
    bool started = false;
};

constexpr std::size_t kHeadBytesMax = 64 * 1024;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

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
    if (in.head_bytes > kHeadBytesMax) {
        in.too_large = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) {
        in.response.headers = {};  // a 100 Continue came before
        return line.size();
    }
    if (const auto colon = line.find(':'); colon != std::string_view::npos) {
        in.response.headers.add(lower(line.substr(0, colon)),
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

void add(List& list, const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    [[maybe_unused]] auto* same = list.release();
    list.reset(longer);
}

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_safe_to_repeat(const ClientRequest& request) {
    if (request.method != Method::post && request.method != Method::patch) return true;
    return std::ranges::any_of(request.headers, [](const auto& header) {
        return lower(header.first) == "idempotency-key";
    });
}

bool sends_body(const ClientRequest& request) {
    return !request.body.empty() || request.method == Method::post ||
           request.method == Method::put || request.method == Method::patch;
}

List header_list(const ClientRequest& request, milliseconds timeout) {
    List list;
    for (const auto& [name, value] : request.headers)
        add(list, name + ": " + value);
    if (sends_body(request)) add(list, "Content-Type: " + request.content_type);
    if (!request.trace.empty()) add(list, "traceparent: " + request.trace.traceparent());
    if (!request.request_id.empty()) add(list, "X-Request-Id: " + request.request_id);
    if (request.deadline) add(list, "X-Deadline-Ms: " + std::to_string(timeout.count()));
    // Else curl waits a second for 100 Continue before a body over 1 MB.
    add(list, "Expect:");
    return list;
}

void set_method(CURL* handle, const ClientRequest& request) {
    if (sends_body(request)) {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
    }
    if (request.method == Method::head) {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (request.method != Method::post) {
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, to_string(request.method).data());
    }
}

void set_options(CURL* handle, const ClientRequest& request, const ClientOptions& options,
                 milliseconds timeout, Incoming& incoming) {
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");  // never by the environment's wish
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::min(options.connect_timeout, timeout).count()));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle, CURLOPT_TCP_NODELAY, 1L);
    // When a kept connection turns out dead, curl sends the request again by itself, a POST too,
    // though the peer may have acted on it. A fresh connection is never retried.
    curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, is_safe_to_repeat(request) ? 0L : 1L);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &incoming);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &incoming);
    if (request.cancelled != nullptr) {
        curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &on_progress);
        curl_easy_setopt(handle, CURLOPT_XFERINFODATA, request.cancelled);
    }
    set_method(handle, request);
}

ClientError failure(CURL* handle, CURLcode code, const char* text, const Incoming& incoming) {
    ClientError error;
    error.timed_out = code == CURLE_OPERATION_TIMEDOUT;
    error.detail = incoming.too_large ? "the answer is too large"
                   : text[0] != 0     ? text
                                      : curl_easy_strerror(code);
    long sent = 0;
    curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
    // Not a byte of the request left: nobody can have acted on it.
    if (sent == 0 && !incoming.started) error.delivery = Delivery::not_sent;
    return error;
}

}  // namespace

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
        if (timeout <= milliseconds{0}) {
            return std::unexpected(ClientError{Delivery::not_sent, true, "the deadline is past"});
        }
    }
    for (const auto& [name, value] : request.headers) {
        if (has_line_break(name) || has_line_break(value)) {
            return std::unexpected(
                ClientError{Delivery::not_sent, false, "line break in header " + name});
        }
    }
    CURL* handle = thread_handle();
    Incoming incoming;
    incoming.bytes_max = options_.response_bytes_max;
    std::array<char, CURL_ERROR_SIZE> text{};
    set_options(handle, request, options_, timeout, incoming);
    const List headers = header_list(request, timeout);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, text.data());
    const CURLcode code = curl_easy_perform(handle);
    if (code != CURLE_OK) {
        const ClientError error = failure(handle, code, text.data(), incoming);
        curl_easy_reset(handle);  // it must not keep pointers to what ends here
        return std::unexpected(error);
    }
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_reset(handle);
    incoming.response.status = static_cast<int>(status);
    incoming.response.content_type = std::string(incoming.response.headers.get("content-type"));
    return std::move(incoming.response);
}

}  // namespace preau::net
