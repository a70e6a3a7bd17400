#pragma once
// The value types that handlers see. They know nothing of Beast or Asio, so that a handler is a
// plain function from Request to Response, testable without a socket.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/result.hpp"
#include "shared/observe/trace.hpp"

namespace preau::net {

enum class Method { get, head, post, put, patch, del };
inline constexpr Method all_methods[] = {Method::get, Method::head,  Method::post,
                                         Method::put, Method::patch, Method::del};
std::string_view to_string(Method method);
std::optional<Method> method_named(std::string_view token);

using Deadline = std::chrono::steady_clock::time_point;

/// Name-value pairs in their order of arrival.
class Pairs {
public:
    void add(std::string name, std::string value);
    /// The first value of `name`, or nothing. Names are compared exactly (header names are stored
    /// in lower case).
    std::optional<std::string_view> find(std::string_view name) const;
    std::string_view get(std::string_view name, std::string_view otherwise = {}) const;
    std::vector<std::string_view> all(std::string_view name) const;
    const std::vector<std::pair<std::string, std::string>>& list() const { return list_; }

private:
    std::vector<std::pair<std::string, std::string>> list_;
};

struct Request {
    Method method = Method::get;
    std::string target;  // as received, at most 2 kB
    std::string path;    // percent-decoded, no dot segments
    Pairs query;         // percent-decoded
    Pairs headers;       // names in lower case
    Pairs params;        // of the route's pattern: "/v1/bookings/{id}" gives "id"
    std::string body;
    std::string peer;  // address of the client
    std::string request_id;
    observe::Trace trace;
    Deadline deadline{};  // nobody waits for the answer after this

    /// The body as JSON within the limits of json::parse; `unsupported_media_type` when the content
    /// type is not JSON.
    base::Result<nlohmann::json> json() const;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  // names as they shall be sent

    Response& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }

    static Response json(const nlohmann::json& value, int status = 200);
    static Response problem(const base::Error& error, const nlohmann::json& extensions = {});
    static Response html(std::string body, int status = 200);
    static Response empty(int status = 204);
    /// 303 See Other.
    static Response redirect(std::string location);
};

using Handler = std::function<Response(const Request&)>;

}  // namespace preau::net
