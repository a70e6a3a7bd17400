// In which order rooms are shown, and where a page of them begins.
#include <algorithm>
#include <array>
#include <tuple>

#include "services/search/index/question.hpp"

namespace preau::search {
namespace {

using Rank = std::array<double, 5>;  // less is better

Rank rank(const Found& found, Sort sort) {
    const auto missing = static_cast<double>(found.missing());
    const auto capacity = static_cast<double>(found.offer->capacity);
    switch (sort) {
        case Sort::distance:
            return {found.distance_km, missing, capacity};
        case Sort::capacity:
            return {capacity, missing, found.distance_km};
        case Sort::price: {
            // A room that is free on fewer dates costs less and is no bargain.
            const double unpriced = found.price ? 0 : 1;
            const double partial = missing > 0 ? 1 : 0;
            const auto cents = static_cast<double>(found.price.value_or(base::Cents{}).value);
            return {2 * unpriced + partial, cents, missing, found.distance_km, capacity};
        }
        case Sort::free_dates:
            return {-static_cast<double>(found.free_count), found.distance_km, capacity};
        case Sort::fit:
            break;
    }
    return {missing, found.distance_km, capacity};
}

bool before(const Found& a, const Found& b, Sort sort) {
    const Rank rank_a = rank(a, sort);
    const Rank rank_b = rank(b, sort);
    if (rank_a != rank_b) return rank_a < rank_b;
    const auto name = [](const Found& found) {
        const wire::Space& facts = found.space->facts;
        return std::tie(facts.establishment_name, facts.name, facts.id);
    };
    return name(a) < name(b);
}

}  // namespace

void put_in_order(Answer& answer, Sort sort, const Page& page) {
    auto& found = answer.found;
    const auto less = [sort](const Found& a, const Found& b) { return before(a, b, sort); };
    const auto last = page.after.empty()
                          ? found.end()
                          : std::ranges::find(found, page.after, [](const Found& one) {
                                return one.space->facts.id.str();
                            });
    auto begin = found.begin();
    if (last != found.end()) {
        const Found shown = *last;
        begin = std::partition(found.begin(), found.end(),
                               [&](const Found& one) { return !less(shown, one); });
    } else {
        begin += static_cast<std::ptrdiff_t>(std::min(page.first, found.size()));
        if (begin != found.end()) std::nth_element(found.begin(), begin, found.end(), less);
    }
    const auto end = begin + std::min(static_cast<std::ptrdiff_t>(page.count), found.end() - begin);
    std::partial_sort(begin, end, found.end(), less);
    answer.page_begin = static_cast<std::size_t>(begin - found.begin());
    answer.page_end = static_cast<std::size_t>(end - found.begin());
}

}  // namespace preau::search
