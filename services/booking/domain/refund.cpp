#include "services/booking/domain/refund.hpp"

#include <algorithm>

namespace preau::booking {

namespace {

constexpr std::int64_t kHour_s = 3'600;
constexpr std::int64_t kPercent = 100;

/// The `index`-th of `count` shares of an amount: they differ by a cent at most.
base::Cents nth_share(base::Cents amount, std::size_t index, std::size_t count) {
    const auto n = static_cast<std::int64_t>(count);
    const auto i = static_cast<std::int64_t>(index);
    return {amount.value * (i + 1) / n - amount.value * i / n};
}

/// Of an amount that is paid for these dates.
base::Cents share_among(base::Cents amount, const std::vector<time::Date>& dates, time::Date date) {
    base::Cents out;
    for (std::size_t i = 0; i < dates.size(); ++i) {
        if (dates[i] == date) out += nth_share(amount, i, dates.size());
    }
    return out;
}

}  // namespace

base::Cents share_of(const rules::Price& price, time::Date date) {
    base::Cents out;
    for (const auto& line : price.lines) {
        out += share_among(line.base_amount(), line.dates, date);
        for (const auto& supplement : line.supplements)
            out += share_among(supplement.amount, supplement.dates, date);
    }
    return out;
}

int refund_percent(const CancellationTerms& terms, const rules::Slot& slot, base::Instant now,
                   const time::Zone& zone) {
    const std::int64_t days = slot.local_date - zone.local(now).date;
    const std::int64_t seconds = slot.interval.start.seconds - now.seconds;
    int best = 0;
    for (const auto& step : terms.steps) {
        const bool kept = step.in_hours ? seconds >= step.ahead * kHour_s : days >= step.ahead;
        if (kept) best = std::max(best, step.percent);
    }
    return best;
}

HirerRefund refund_to_hirer(const rules::Price& price, const CancellationTerms& terms,
                            const std::vector<rules::Slot>& slots, base::Instant now,
                            const time::Zone& zone) {
    HirerRefund out;
    std::int64_t hundredths = 0;
    for (const auto& slot : slots) {
        const auto share = share_of(price, slot.local_date);
        hundredths += share.value * refund_percent(terms, slot, now, zone);
        const auto until_here = base::scaled({hundredths}, 1, kPercent);
        const auto kept = share - (until_here - out.amount);
        if (kept > base::Cents{}) out.kept.push_back({slot.interval, kept});
        out.amount = until_here;
    }
    return out;
}

bool give_back_is_credited(const CancellationTerms& terms, std::int32_t days_ahead) {
    return days_ahead >= terms.given_back_days;
}

base::Cents refund_in_full(const rules::Price& price, const std::vector<time::Date>& dates) {
    base::Cents out;
    for (const auto date : dates)
        out += share_of(price, date);
    return out;
}

}  // namespace preau::booking
