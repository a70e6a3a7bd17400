#pragma once
// Money: integer cents of euro, never a float. Overflow is a programmer's error: amounts are
// bounded at the edge (|amount| ≤ 99,999,999.99 €).

#include <compare>
#include <cstdint>

namespace preau::base {

struct Cents {
    std::int64_t value = 0;

    auto operator<=>(const Cents&) const = default;
    Cents& operator+=(Cents other) {
        value += other.value;
        return *this;
    }
    friend Cents operator+(Cents a, Cents b) { return {a.value + b.value}; }
    friend Cents operator-(Cents a, Cents b) { return {a.value - b.value}; }
    friend Cents operator*(Cents a, std::int64_t n) { return {a.value * n}; }
};

inline constexpr Cents cents_max{9'999'999'999};

/// `amount × numerator / denominator`, rounded half up (away from zero on the exact half), as line
/// amounts are (rule R-26). `denominator` > 0.
Cents scaled(Cents amount, std::int64_t numerator, std::int64_t denominator);

}  // namespace preau::base
