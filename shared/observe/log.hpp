#pragma once
// One JSON object a line on standard error. Never personal data, tokens, keys or bodies.
//
//     observe::log(observe::Level::info, "booking.accepted", {{"booking_id", id.str()}});

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "shared/observe/trace.hpp"

namespace preau::observe {

enum class Level { debug, info, warn, error };

using LogValue = std::variant<std::string, std::string_view, const char*, long long, int, long,
                              unsigned, unsigned long, unsigned long long, double, bool>;
using LogField = std::pair<std::string_view, LogValue>;

/// Called once by the frame: the service's name and the lowest level that is written.
void configure_log(std::string service, Level lowest);

/// Whether lines of this level are written: to spare the work of computing costly fields.
bool enabled(Level level);

/// `event` is a dotted, constant name; the time, service and the thread's current trace are added.
void log(Level level, std::string_view event, std::initializer_list<LogField> fields = {});

/// While it lives, the thread's log lines carry this trace and request id, which must outlive it.
class LogScope {
public:
    LogScope(const Trace& trace, std::string_view request_id);
    ~LogScope();
    LogScope(const LogScope&) = delete;
    LogScope& operator=(const LogScope&) = delete;
};

}  // namespace preau::observe
