#include "shared/observe/metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <mutex>
#include <stdexcept>

namespace preau::observe {

struct Histogram::State {
    std::vector<double> upper_bounds;
    std::vector<std::atomic<std::uint64_t>> counts;  // one more than bounds: the last is +Inf
    std::atomic<double> sum{0};
};

Histogram::Histogram(std::vector<double> upper_bounds) : state_(std::make_unique<State>()) {
    std::ranges::sort(upper_bounds);
    state_->counts = std::vector<std::atomic<std::uint64_t>>(upper_bounds.size() + 1);
    state_->upper_bounds = std::move(upper_bounds);
}

Histogram::~Histogram() = default;

void Histogram::observe(double value) {
    const auto& bounds = state_->upper_bounds;
    const auto slot = std::ranges::lower_bound(bounds, value) - bounds.begin();
    state_->counts[static_cast<std::size_t>(slot)].fetch_add(1, std::memory_order_relaxed);
    state_->sum.fetch_add(value, std::memory_order_relaxed);
}

namespace {

enum class Kind { counter, gauge, histogram };

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::counter:
            return "counter";
        case Kind::gauge:
            return "gauge";
        case Kind::histogram:
            return "histogram";
    }
    return "untyped";
}

void append_escaped(std::string& out, std::string_view text, bool quotes) {
    for (const char c : text) {
        if (c == '\\') {
            out.append("\\\\");
        } else if (c == '\n') {
            out.append("\\n");
        } else if (c == '"' && quotes) {
            out.append("\\\"");
        } else {
            out.push_back(c);
        }
    }
}

// name="value",… : the inside of the braces, and the key of an instrument within its family.
std::string label_text(const Labels& labels) {
    std::string out;
    for (const auto& [name, value] : labels) {
        if (!out.empty()) out.push_back(',');
        out.append(name).append("=\"");
        append_escaped(out, value, true);
        out.push_back('"');
    }
    return out;
}

template <class Number>
void append_value(std::string& out, Number value) {
    if constexpr (std::is_floating_point_v<Number>) {
        if (std::isnan(value)) {
            out.append("NaN\n");
            return;
        }
        if (std::isinf(value)) {
            out.append(value > 0 ? "+Inf\n" : "-Inf\n");
            return;
        }
    }
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
    out.push_back('\n');
}

void append_sample(std::string& out, std::string_view name, std::string_view suffix,
                   std::string_view labels, std::string_view extra = {}) {
    out.append(name).append(suffix);
    if (!labels.empty() || !extra.empty()) {
        out.push_back('{');
        out.append(labels);
        if (!labels.empty() && !extra.empty()) out.push_back(',');
        out.append(extra).push_back('}');
    }
    out.push_back(' ');
}

struct Instrument {
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Histogram> histogram;
    std::function<double()> gauge;
};

struct Family {
    Kind kind;
    std::string help;
    std::map<std::string, Instrument> instruments;
};

}  // namespace

struct Registry::State {
    mutable std::mutex mutex;
    std::map<std::string, Family> families;

    /// Asked without the lock: a gauge may ask the database, which counts that here.
    std::map<const Instrument*, double> read_gauges() const;
    static void append_histogram(std::string& out, std::string_view name, std::string_view labels,
                                 const Histogram& histogram);

    Instrument& instrument(std::string name, std::string help, Kind kind, const Labels& labels) {
        auto [family, fresh] =
            families.try_emplace(std::move(name), Family{kind, std::move(help), {}});
        if (!fresh && family->second.kind != kind) {
            throw std::logic_error("one metric name, two kinds: " + family->first);
        }
        return family->second.instruments[label_text(labels)];
    }
};

Registry::Registry() : state_(std::make_unique<State>()) {}
Registry::~Registry() = default;

Counter& Registry::counter(std::string name, std::string help, Labels labels) {
    const std::lock_guard lock(state_->mutex);
    auto& found = state_->instrument(std::move(name), std::move(help), Kind::counter, labels);
    if (!found.counter) found.counter = std::make_unique<Counter>();
    return *found.counter;
}

Histogram& Registry::histogram(std::string name, std::string help, std::vector<double> upper_bounds,
                               Labels labels) {
    const std::lock_guard lock(state_->mutex);
    auto& found = state_->instrument(std::move(name), std::move(help), Kind::histogram, labels);
    if (!found.histogram) found.histogram = std::make_unique<Histogram>(std::move(upper_bounds));
    return *found.histogram;
}

void Registry::gauge(std::string name, std::string help, std::function<double()> value,
                     Labels labels) {
    const std::lock_guard lock(state_->mutex);
    state_->instrument(std::move(name), std::move(help), Kind::gauge, labels).gauge =
        std::move(value);
}

std::map<const Instrument*, double> Registry::State::read_gauges() const {
    std::vector<std::pair<const Instrument*, std::function<double()>>> gauges;
    {
        const std::lock_guard lock(mutex);
        for (const auto& [name, family] : families) {
            for (const auto& [labels, instrument] : family.instruments)
                if (instrument.gauge) gauges.emplace_back(&instrument, instrument.gauge);
        }
    }
    std::map<const Instrument*, double> out;
    for (const auto& [instrument, value] : gauges)
        out.emplace(instrument, value());
    return out;
}

void Registry::State::append_histogram(std::string& out, std::string_view name,
                                       std::string_view labels, const Histogram& histogram) {
    const auto& state = *histogram.state_;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < state.counts.size(); ++i) {
        total += state.counts[i].load(std::memory_order_relaxed);
        std::string bound = "le=\"";
        if (i < state.upper_bounds.size()) {
            append_value(bound, state.upper_bounds[i]);
            bound.back() = '"';  // in place of the line's end
        } else {
            bound.append("+Inf\"");
        }
        append_sample(out, name, "_bucket", labels, bound);
        append_value(out, total);
    }
    append_sample(out, name, "_sum", labels);
    append_value(out, state.sum.load(std::memory_order_relaxed));
    append_sample(out, name, "_count", labels);
    append_value(out, total);
}

std::string Registry::expose() const {
    std::string out;
    const auto gauges = state_->read_gauges();
    const std::lock_guard lock(state_->mutex);
    for (const auto& [name, family] : state_->families) {
        out.append("# HELP ").append(name).push_back(' ');
        append_escaped(out, family.help, false);
        out.append("\n# TYPE ").append(name).push_back(' ');
        out.append(name_of(family.kind)).push_back('\n');
        for (const auto& [labels, instrument] : family.instruments) {
            if (instrument.counter) {
                append_sample(out, name, "", labels);
                append_value(out, instrument.counter->value());
            } else if (instrument.histogram) {
                State::append_histogram(out, name, labels, *instrument.histogram);
            } else if (const auto read = gauges.find(&instrument); read != gauges.end()) {
                append_sample(out, name, "", labels);
                append_value(out, read->second);
            }
        }
    }
    return out;
}

}  // namespace preau::observe
