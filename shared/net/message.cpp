#include "shared/net/message.hpp"

#include "shared/json/parse.hpp"
#include "shared/json/problem.hpp"
#include "shared/net/head.hpp"

namespace preau::net {

std::string_view to_string(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::del:
            return "DELETE";
    }
    return "GET";
}

std::optional<Method> method_named(std::string_view token) {
    for (const Method method : all_methods) {
        if (token == to_string(method)) return method;
    }
    return std::nullopt;
}

void Pairs::add(std::string name, std::string value) {
    list_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string_view> Pairs::find(std::string_view name) const {
    for (const auto& [key, value] : list_) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::string_view Pairs::get(std::string_view name, std::string_view otherwise) const {
    return find(name).value_or(otherwise);
}

std::vector<std::string_view> Pairs::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : list_) {
        if (key == name) values.emplace_back(value);
    }
    return values;
}

base::Result<nlohmann::json> Request::json() const {
    // "application/json; charset=utf-8" and "application/merge-patch+json" are JSON too.
    std::string_view type = headers.get("content-type");
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ') || type.ends_with('\t'))
        type.remove_suffix(1);
    constexpr std::string_view kSuffix = "+json";
    const bool is_json = equal_ignoring_case(type, "application/json") ||
                         (type.size() > kSuffix.size() &&
                          equal_ignoring_case(type.substr(type.size() - kSuffix.size()), kSuffix));
    if (!is_json) return base::fail("unsupported_media_type", "the body must be application/json");
    return json::parse(body);
}

Response Response::json(const nlohmann::json& value, int status) {
    Response response;
    response.status = status;
    response.body = value.dump();
    return response;
}

Response Response::problem(const base::Error& error, const nlohmann::json& extensions) {
    Response response;
    response.status = json::problem_kind(error.code).status;
    response.content_type = "application/problem+json";
    response.body = json::problem_body(error, extensions).dump();
    if (error.code == "overloaded" || error.code == "upstream_unavailable" ||
        error.code == "in_flight" || error.code == "too_many_requests") {
        response.with("Retry-After", "1");
    }
    return response;
}

Response Response::html(std::string body, int status) {
    Response response;
    response.status = status;
    response.content_type = "text/html; charset=utf-8";
    response.body = std::move(body);
    return response;
}

Response Response::empty(int status) {
    Response response;
    response.status = status;
    response.content_type.clear();
    return response;
}

Response Response::redirect(std::string location) {
    Response response = empty(303);
    response.with("Location", std::move(location));
    return response;
}

}  // namespace preau::net
