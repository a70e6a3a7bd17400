#pragma once
// The table of operations of a service. A handler runs on a worker thread (it may block on its
// database or on another service) unless its route says that it is quick.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/net/message.hpp"

namespace preau::net {

enum class RunOn {
    worker,     // the bounded worker pool: anything that may block or take more than 100 µs
    io_thread,  // in place: never blocks
};

class Signal;

inline constexpr std::size_t default_body_bytes_max = 64 * 1024;

struct RouteOptions {
    RunOn run_on = RunOn::worker;
    std::size_t body_bytes_max = default_body_bytes_max;
    /// Answered even when the service sheds load (health, webhooks, feeds).
    bool never_shed = false;
    /// A long poll: the handler is called once `signal->value() > after(request)`, or when
    /// `wait_ms(request)` (at most 25,000) has passed. Null: called at once.
    std::shared_ptr<Signal> signal{};
    std::function<std::uint64_t(const Request&)> after{};
    std::function<std::uint32_t(const Request&)> wait_ms{};
};

struct Route {
    Method method;
    std::string pattern;    // "/v1/bookings/{id}/accept"; "/static/{file...}" takes the whole rest
    std::string operation;  // the operationId of api/openapi, also the metric label
    Handler handler;
    RouteOptions options;
};

/// A fixed segment goes before a parameter, and a parameter before a rest. Everything is added
/// before the server starts; from then on the router is only read.
class Router {
public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    /// Throws std::logic_error when the pattern is malformed or already there for this method.
    void add(Method method, std::string pattern, std::string operation, Handler handler,
             RouteOptions options = {});
    /// Replaces the handler of every route by what `around` makes of it. Before the server starts.
    void wrap(const std::function<Handler(const Route&)>& around);
    /// What answers paths that no pattern matches (the gateway's 404 page); default: problem 404.
    void set_fallback(Handler handler);

    struct Match {
        const Route* route = nullptr;
        Pairs params;
        bool path_known = false;      // the path exists, but not for this method (405)
        std::vector<Method> allowed;  // the methods that it does know; only when `route` is null
    };
    /// `path` is percent-decoded. HEAD finds the route of GET where it has none of its own. No
    /// method stands for one that we do not know: only `path_known` and `allowed` are answered.
    Match find(std::optional<Method> method, std::string_view path) const;
    const std::vector<Route>& routes() const { return routes_; }
    const Handler& fallback() const { return fallback_; }

private:
    struct Node;

    std::vector<Route> routes_;
    std::vector<std::vector<std::string>> parameter_names_;  // of each route
    std::unique_ptr<Node> root_;
    Handler fallback_;
};

}  // namespace preau::net
