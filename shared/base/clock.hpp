#pragma once
// Two clocks. Business time (what day is it for bookings) can be moved by tests and demonstrations;
// machine time (tokens, sessions, leases, time-outs, webhook signatures) never is.

#include <compare>
#include <cstdint>
#include <memory>
#include <string>

namespace preau::base {

/// Seconds since 1970-01-01T00:00:00Z.
struct Instant {
    std::int64_t seconds = 0;
    auto operator<=>(const Instant&) const = default;
};

inline Instant operator+(Instant t, std::int64_t seconds) {
    return {t.seconds + seconds};
}
inline std::int64_t operator-(Instant a, Instant b) {
    return a.seconds - b.seconds;
}

class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

/// The machine's own clock.
class MachineClock final : public Clock {
public:
    Instant now() const override;
};

/// Machine time plus the offset in seconds that `file` holds, read again at most once a second. A
/// missing or unreadable file is offset 0.
class FileClock final : public Clock {
public:
    explicit FileClock(std::string file);
    ~FileClock() override;
    Instant now() const override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A clock that stands where it is put, for tests.
class FixedClock final : public Clock {
public:
    explicit FixedClock(Instant at) : at_(at) {}
    Instant now() const override { return at_; }
    void set(Instant at) { at_ = at; }

private:
    Instant at_;
};

}  // namespace preau::base
