#pragma once
// The table of operations of a service. A handler runs on a worker thread (it may block on its
// database or on another service) unless its route says that it is quick.

#include <cstddef>
#include <cstdint>
#include <memory>
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

struct RouteOptions {
    RunOn run_on = RunOn::worker;
    std::size_t body_bytes_max = 64 * 1024;
    /// Answered even when the service sheds load (health, webhooks, feeds).
    bool never_shed = false;
    /// A long poll: the handler is called once `signal->value() > after(request)`, or when
    /// `wait_ms(request)` (at most 25,000) has passed. Null: called at once.
    std::shared_ptr<Signal> signal;
    std::function<std::uint64_t(const Request&)> after;
    std::function<std::uint32_t(const Request&)> wait_ms;
};

struct Route {
    Method method;
    std::string pattern;    // "/v1/bookings/{id}/accept"
    std::string operation;  // the operationId of api/openapi, also the metric label
    Handler handler;
    RouteOptions options;
};

class Router {
public:
    void add(Method method, std::string pattern, std::string operation, Handler handler,
             RouteOptions options = {});
    /// What answers paths that no pattern matches (the gateway's 404 page); default: problem 404.
    void set_fallback(Handler handler);

    struct Match {
        const Route* route = nullptr;
        Pairs params;
        bool path_known = false;  // the path exists, but not for this method (405)
    };
    Match find(Method method, std::string_view path) const;
    const std::vector<Route>& routes() const { return routes_; }
    const Handler& fallback() const { return fallback_; }

private:
    std::vector<Route> routes_;
    Handler fallback_;
};

}  // namespace preau::net
