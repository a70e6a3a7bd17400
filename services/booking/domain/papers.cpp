#include "services/booking/domain/papers.hpp"

namespace preau::booking {

bool insured_on(const rules::Slot& slot, const std::optional<time::Date>& insured_until) {
    const bool over_midnight = slot.end_minute > time::minutes_per_day;
    return insured_until && slot.local_date + (over_midnight ? 1 : 0) <= *insured_until;
}

bool needs_contract(char category, const rules::Price& price) {
    return category <= 'C' && price.total < price.reference;
}

}  // namespace preau::booking
