#include "services/booking/domain/price.hpp"

#include <algorithm>
#include <iterator>

namespace preau::booking {

namespace {

constexpr base::Cents kAmountMin{50};
constexpr base::Cents kAmountEnd{100'000'000};
constexpr char kPublicBody = 'D';

}  // namespace

Priced price_of(const std::vector<rules::Slot>& slots, const std::string& tariff_kind,
                char category, const std::vector<rules::TariffVersion>& tariffs,
                time::Date requested_on) {
    auto computed = rules::asked_price(slots, tariff_kind, category, tariffs, requested_on);
    if (!computed) return {std::nullopt, "no_tariff"};
    const auto total = computed->total;
    if (total != base::Cents{} && (total < kAmountMin || total >= kAmountEnd)) {
        return {std::nullopt, "amount_out_of_range"};
    }
    return {*std::move(computed), {}};
}

rules::Price price_part(rules::Price price, const std::vector<rules::Slot>& slots) {
    const auto remains = [&](time::Date date) {
        return std::ranges::find(slots, date, &rules::Slot::local_date) != slots.end();
    };
    std::erase_if(price.lines, [&](rules::PriceLine& line) {
        const bool had = !line.dates.empty();
        std::erase_if(line.dates, [&](time::Date date) { return !remains(date); });
        return had && line.dates.empty();
    });
    price.total = {};
    for (const auto& line : price.lines)
        price.total = price.total + line.amount;
    return price;
}

std::vector<rules::TariffVersion> frozen_votes(const rules::Price& price,
                                               const std::vector<rules::TariffVersion>& votes) {
    std::vector<rules::TariffVersion> out;
    std::ranges::copy_if(votes, std::back_inserter(out), [&](const rules::TariffVersion& vote) {
        return std::ranges::find(price.lines, vote.id, &rules::PriceLine::tariff_id) !=
               price.lines.end();
    });
    return out;
}

std::string_view payment_kind(const rules::Price& price, char category) {
    if (price.total == base::Cents{}) return "none";
    return category == kPublicBody ? "later" : "before";
}

}  // namespace preau::booking
