#include "shared/observe/trace.hpp"

#include <algorithm>
#include <cstdint>
#include <random>

namespace preau::observe {
namespace {

constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kSpanDigits = 16;
constexpr std::size_t kTraceparentLength = 55;  // 2 + 1 + 32 + 1 + 16 + 1 + 2

// Identifiers only have to be unlikely to repeat, so a seeded generator per thread will do.
std::uint64_t random_bits() {
    thread_local std::mt19937_64 generator = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    std::uint64_t bits = generator();
    while (bits == 0)
        bits = generator();  // an all-zero id is invalid
    return bits;
}

void append_hex(std::string& out, std::uint64_t bits) {
    static constexpr char kDigits[] = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4)
        out.push_back(kDigits[(bits >> shift) & 0xF]);
}

bool is_hex(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool all_zero(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c == '0'; });
}

std::string new_span() {
    std::string out;
    out.reserve(kSpanDigits);
    append_hex(out, random_bits());
    return out;
}

}  // namespace

std::string Trace::traceparent() const {
    std::string out;
    out.reserve(kTraceparentLength);
    out.append("00-").append(trace_id).append("-").append(span_id);
    out.append(sampled ? "-01" : "-00");
    return out;
}

Trace new_trace() {
    Trace trace;
    trace.trace_id.reserve(kTraceDigits);
    append_hex(trace.trace_id, random_bits());
    append_hex(trace.trace_id, random_bits());
    trace.span_id = new_span();
    return trace;
}

std::optional<Trace> continue_trace(std::string_view traceparent) {
    // Version 00 has exactly this length; later versions may append "-…" and must be read alike.
    if (traceparent.size() < kTraceparentLength) return std::nullopt;
    const std::string_view version = traceparent.substr(0, 2);
    const std::string_view trace_id = traceparent.substr(3, kTraceDigits);
    const std::string_view parent_id = traceparent.substr(36, kSpanDigits);
    const std::string_view flags = traceparent.substr(53, 2);
    const bool dashes = traceparent[2] == '-' && traceparent[35] == '-' && traceparent[52] == '-';
    if (!dashes || !is_hex(version) || !is_hex(trace_id) || !is_hex(parent_id) || !is_hex(flags)) {
        return std::nullopt;
    }
    if (version == "ff" || all_zero(trace_id) || all_zero(parent_id)) return std::nullopt;
    const bool longer = traceparent.size() > kTraceparentLength;
    if (longer && (version == "00" || traceparent[kTraceparentLength] != '-')) return std::nullopt;
    const char last = flags[1];
    const int low = last <= '9' ? last - '0' : last - 'a' + 10;
    return Trace{std::string(trace_id), new_span(), (low & 1) != 0};
}

}  // namespace preau::observe
