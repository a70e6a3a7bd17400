#include "services/booking/domain/refund.hpp"

namespace preau::booking {

namespace {

constexpr std::int32_t kFullDays = 15;
constexpr std::int32_t kHalfDays = 7;
constexpr std::int32_t kGiveBackDays = 3;

/// The `index`-th of `count` shares of an amount: they differ by a cent at most.
base::Cents nth_share(base::Cents amount, std::size_t index, std::size_t count) {
    const auto n = static_cast<std::int64_t>(count);
    const auto i = static_cast<std::int64_t>(index);
    return {amount.value * (i + 1) / n - amount.value * i / n};
}

}  // namespace

base::Cents share_of(const rules::Price& price, time::Date date) {
    base::Cents out;
    for (const auto& line : price.lines) {
        for (std::size_t i = 0; i < line.dates.size(); ++i) {
            if (line.dates[i] == date) out += nth_share(line.amount, i, line.dates.size());
        }
    }
    return out;
}

int refund_percent(std::int32_t days_ahead) {
    if (days_ahead >= kFullDays) return 100;
    return days_ahead >= kHalfDays ? 50 : 0;
}

base::Cents refund_to_hirer(const rules::Price& price, const std::vector<time::Date>& dates,
                            time::Date on) {
    base::Cents full;
    base::Cents half;
    for (const auto date : dates) {
        const int percent = refund_percent(date - on);
        if (percent == 100) full += share_of(price, date);
        if (percent == 50) half += share_of(price, date);
    }
    return full + base::scaled(half, 1, 2);
}

bool give_back_is_credited(std::int32_t days_ahead) {
    return days_ahead >= kGiveBackDays;
}

base::Cents refund_in_full(const rules::Price& price, const std::vector<time::Date>& dates) {
    base::Cents out;
    for (const auto date : dates)
        out += share_of(price, date);
    return out;
}

}  // namespace preau::booking
