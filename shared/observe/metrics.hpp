#pragma once
// Counters, gauges and histograms in Prometheus' text exposition format. Names follow
// preau_<noun>_<unit>(_total); label values must come from a bounded set.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace preau::observe {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
public:
    void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

class Histogram {
public:
    explicit Histogram(std::vector<double> upper_bounds);
    ~Histogram();
    void observe(double value);

private:
    friend class Registry;
    struct State;
    std::unique_ptr<State> state_;
};

class Registry {
public:
    Registry();
    ~Registry();
    /// The same name and labels give the same instrument; references stay valid for the registry's
    /// life. `help` is taken from the first call.
    Counter& counter(std::string name, std::string help, Labels labels = {});
    Histogram& histogram(std::string name, std::string help, std::vector<double> upper_bounds,
                         Labels labels = {});
    /// A value asked for at each scrape.
    void gauge(std::string name, std::string help, std::function<double()> value,
               Labels labels = {});
    std::string expose() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace preau::observe
