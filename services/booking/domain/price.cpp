#include "services/booking/domain/price.hpp"

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

std::string_view payment_kind(const rules::Price& price, char category) {
    if (price.total == base::Cents{}) return "none";
    return category == kPublicBody ? "later" : "before";
}

}  // namespace preau::booking
