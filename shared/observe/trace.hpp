#pragma once
// W3C trace context: the ids that tie the log lines of one request together over all services.

#include <optional>
#include <string>
#include <string_view>

namespace preau::observe {

struct Trace {
    std::string trace_id;  // 32 lower-case hex digits
    std::string span_id;   // 16 lower-case hex digits: this service's own span
    bool sampled = true;

    bool empty() const { return trace_id.empty(); }
    /// "00-<trace>-<span>-01"
    std::string traceparent() const;
};

/// A new trace with a new span.
Trace new_trace();
/// The same trace with a new span, from a received `traceparent`; nothing when it is malformed.
std::optional<Trace> continue_trace(std::string_view traceparent);

}  // namespace preau::observe
