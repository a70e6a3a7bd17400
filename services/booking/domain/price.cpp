#include "services/booking/domain/price.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace preau::booking {

namespace {

constexpr base::Cents kAmountEnd{100'000'000};
constexpr char kPublicBody = 'D';
constexpr std::string_view kBefore = "before";

}  // namespace

Priced price_of(const rules::PriceQuestion& question,
                const std::vector<rules::TariffVersion>& tariffs, const rules::Calendar& calendar,
                const std::optional<rules::FreeUse>& free_use) {
    auto computed = rules::full_price(question, tariffs, calendar);
    if (!computed) {
        const base::Error& error = computed.error();
        if (error.code == "not_bookable") return {std::nullopt, "no_tariff"};
        return {std::nullopt, error.code, error.fields};
    }
    if (free_use) *computed = rules::with_free_use(*std::move(computed), *free_use);
    const auto total = computed->total;
    if (total != base::Cents{} && (total < amount_min || total >= kAmountEnd)) {
        return {std::nullopt, "amount_out_of_range"};
    }
    const auto* vote = rules::vote_of(question, tariffs);
    if (vote != nullptr && payment_kind(*computed, question.category) == kBefore) {
        computed->down_payment = rules::down_payment_of(
            total, vote->down_payment, question.slots.front().local_date, question.requested_on);
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
    price.down_payment.reset();  // it was a share of another total
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
    return category == kPublicBody ? "later" : kBefore;
}

}  // namespace preau::booking
