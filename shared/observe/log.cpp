#include "shared/observe/log.hpp"

#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <ctime>

#include <unistd.h>

namespace preau::observe {
namespace {

struct Settings {
    std::string service = "preau";
    std::atomic<Level> lowest{Level::info};
};

Settings& settings() {
    static Settings instance;
    return instance;
}

struct Context {
    const Trace* trace = nullptr;
    std::string_view request_id;
};

thread_local Context current;

// The scopes that a LogScope replaced; a stack per thread, almost always one deep.
thread_local std::vector<Context> outer;

std::string_view name_of(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warn:
            return "warn";
        case Level::error:
            return "error";
    }
    return "error";
}

// Log text may hold bytes of a broken client: what is not printable ASCII or well-placed UTF-8
// continuation is still valid JSON after escaping control characters, and anything ≥ 0x80 that is
// not UTF-8 is replaced, so that every line can be parsed.
std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
    if (length == 0 || first > 0xF4 || at + length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80) return 0;
    }
    const unsigned char second = byte(at + 1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool beyond = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    return overlong || beyond ? 0 : length;
}

void append_text(std::string& out, std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    out.push_back('"');
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (c == '\n') {
            out.append("\\n");
        } else if (byte < 0x20 || byte == 0x7F) {
            out.append("\\u00");
            out.push_back(kDigits[byte >> 4]);
            out.push_back(kDigits[byte & 0xF]);
        } else if (byte < 0x80) {
            out.push_back(c);
        } else if (const std::size_t length = utf8_length(text, i); length > 0) {
            out.append(text, i, length);
            i += length;
            continue;
        } else {
            out.append("\\ufffd");
        }
        ++i;
    }
    out.push_back('"');
}

template <class Number>
void append_number(std::string& out, Number value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

struct AppendValue {
    std::string& out;
    void operator()(const std::string& text) const { append_text(out, text); }
    void operator()(std::string_view text) const { append_text(out, text); }
    void operator()(const char* text) const { append_text(out, text == nullptr ? "" : text); }
    void operator()(bool value) const { out.append(value ? "true" : "false"); }
    void operator()(double value) const {
        if (std::isfinite(value)) {
            append_number(out, value);
        } else {
            out.append("null");
        }
    }
    template <std::integral Integer>
    void operator()(Integer value) const {
        append_number(out, value);
    }
};

void append_time(std::string& out) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const std::time_t seconds = static_cast<std::time_t>(ms / 1'000);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    out.append(text.data(), length);
    const auto thousandths = static_cast<int>(ms % 1'000);
    out.push_back('.');
    out.push_back(static_cast<char>('0' + thousandths / 100));
    out.push_back(static_cast<char>('0' + thousandths / 10 % 10));
    out.push_back(static_cast<char>('0' + thousandths % 10));
    out.push_back('Z');
}

}  // namespace

void configure_log(std::string service, Level lowest) {
    settings().service = std::move(service);
    settings().lowest.store(lowest, std::memory_order_relaxed);
}

bool enabled(Level level) {
    return level >= settings().lowest.load(std::memory_order_relaxed);
}

void log(Level level, std::string_view event, std::initializer_list<LogField> fields) {
    if (!enabled(level)) return;
    thread_local std::string line;
    line.assign("{\"time\":\"");
    append_time(line);
    line.append("\",\"level\":\"").append(name_of(level));
    line.append("\",\"service\":\"").append(settings().service).append("\",\"event\":");
    append_text(line, event);
    if (current.trace != nullptr && !current.trace->empty()) {
        line.append(",\"trace_id\":\"").append(current.trace->trace_id);
        line.append("\",\"span_id\":\"").append(current.trace->span_id).push_back('"');
    }
    if (!current.request_id.empty()) {
        line.append(",\"request_id\":");
        append_text(line, current.request_id);
    }
    for (const auto& [name, value] : fields) {
        line.push_back(',');
        append_text(line, name);
        line.push_back(':');
        std::visit(AppendValue{line}, value);
    }
    line.append("}\n");
    // One write a line: lines of different threads and processes never mix. A log that cannot be
    // written must not stop the service.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

LogScope::LogScope(const Trace& trace, std::string_view request_id) {
    outer.push_back(current);
    current = {&trace, request_id};
}

LogScope::~LogScope() {
    current = outer.back();
    outer.pop_back();
}

}  // namespace preau::observe
