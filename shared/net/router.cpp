#include "shared/net/router.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

namespace preau::net {
namespace {

constexpr std::size_t kMethods = std::size(all_methods);
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

std::size_t index_of(Method method) {
    return static_cast<std::size_t>(method);
}

// Takes the first segment off `path`, which begins with a slash.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    path.remove_prefix(slash);
    return segment;
}

}  // namespace

// One place in the tree of paths. Routes are named by their index, since the list of routes grows.
struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
    std::unique_ptr<Node> parameter;
    std::unique_ptr<Node> rest;
    std::array<std::size_t, kMethods> routes;

    Node() { routes.fill(kNone); }

    bool ends_here() const {
        return std::ranges::any_of(routes, [](std::size_t route) { return route != kNone; });
    }

    // The node that `path` leads to; its parameters' values are appended to `values`.
    const Node* follow(std::string_view path, std::vector<std::string_view>& values) const {
        if (path.empty()) return ends_here() ? this : nullptr;
        std::string_view remaining = path;
        const std::string_view segment = take_segment(remaining);
        if (const auto found = fixed.find(segment); found != fixed.end()) {
            if (const Node* node = found->second->follow(remaining, values)) return node;
        }
        if (parameter && !segment.empty()) {
            const std::size_t before = values.size();
            values.push_back(segment);
            if (const Node* node = parameter->follow(remaining, values)) return node;
            values.resize(before);
        }
        if (rest) {
            values.push_back(path.substr(1));
            return rest.get();
        }
        return nullptr;
    }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string pattern, std::string operation, Handler handler,
                 RouteOptions options) {
    if (!pattern.starts_with('/')) throw std::logic_error("malformed route pattern " + pattern);
    Node* node = root_.get();
    std::vector<std::string> names;
    std::string_view remaining = pattern;
    const auto step = [](std::unique_ptr<Node>& child) {
        if (!child) child = std::make_unique<Node>();
        return child.get();
    };
    while (!remaining.empty()) {
        const std::string_view segment = take_segment(remaining);
        if (!segment.starts_with('{')) {
            node = step(node->fixed[std::string(segment)]);
            continue;
        }
        const bool rest = segment.ends_with("...}");
        const std::size_t tail = rest ? 4 : 1;
        if (!segment.ends_with('}') || segment.size() < tail + 2 || (rest && !remaining.empty())) {
            throw std::logic_error("malformed route pattern " + pattern);
        }
        names.emplace_back(segment.substr(1, segment.size() - 1 - tail));
        node = step(rest ? node->rest : node->parameter);
    }
    std::size_t& place = node->routes[index_of(method)];
    if (place != kNone) throw std::logic_error("two routes for " + pattern);
    place = routes_.size();
    routes_.push_back(
        {method, std::move(pattern), std::move(operation), std::move(handler), std::move(options)});
    parameter_names_.push_back(std::move(names));
}

void Router::wrap(const std::function<Handler(const Route&)>& around) {
    for (Route& route : routes_)
        route.handler = around(route);
}

void Router::set_fallback(Handler handler) {
    fallback_ = std::move(handler);
}

Router::Match Router::find(std::optional<Method> method, std::string_view path) const {
    Match match;
    std::vector<std::string_view> values;
    if (!path.starts_with('/')) return match;
    const Node* node = root_->follow(path, values);
    if (node == nullptr) return match;
    match.path_known = true;
    std::size_t route = method ? node->routes[index_of(*method)] : kNone;
    if (route == kNone && method == Method::head) route = node->routes[index_of(Method::get)];
    if (route == kNone) {
        const bool has_get = node->routes[index_of(Method::get)] != kNone;
        for (const Method known : all_methods) {
            const bool implied = known == Method::head && has_get;
            if (implied || node->routes[index_of(known)] != kNone) match.allowed.push_back(known);
        }
        return match;
    }
    match.route = &routes_[route];
    const auto& names = parameter_names_[route];
    for (std::size_t i = 0; i < names.size(); ++i) {
        match.params.add(names[i], std::string(values[i]));
    }
    return match;
}

}  // namespace preau::net
