#include "services/search/index/pricer.hpp"

#include <functional>

#include "services/search/index/question.hpp"

namespace preau::search {

std::size_t Pricer::HashCase::operator()(const Case& one) const {
    std::size_t out = std::hash<FreeDates>{}(one.free);
    for (const std::size_t more :
         {std::hash<const void*>{}(one.tariffs), std::hash<std::string>{}(one.tariff_kind),
          std::hash<const void*>{}(one.dates), std::hash<std::int32_t>{}(one.today.days)}) {
        out = out * 31 + more;
    }
    return out;
}

std::optional<base::Cents> Pricer::of(const Found& found) {
    const auto& tariffs = found.space->tariffs;
    if (!tariffs || found.free_count == 0) return std::nullopt;
    const auto today = view_.today(found.space->zone);
    const std::string& kind = found.offer->tariff_kind;
    const auto [known, fresh] =
        known_.try_emplace({tariffs.get(), kind, found.dates, today, found.free}, std::nullopt);
    if (!fresh) return known->second;
    std::vector<rules::Slot> priced;
    priced.reserve(found.free_count);
    for (std::size_t n = 0; n < found.dates->size(); ++n) {
        if (found.free[n]) priced.push_back(found.dates->slots()[n]);
    }
    const auto price =
        rules::asked_price(priced, kind, category_, *tariffs, today, found.space->calendar);
    if (price) known->second = price->total;
    return known->second;
}

}  // namespace preau::search
