#pragma once
// One question over all rooms, and its answer: which rooms, how many of the dates are free, in
// which order. Values only; http/ reads the one and writes the other.

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/search/index/index.hpp"
#include "services/search/index/places.hpp"

namespace preau::search {

enum class Sort { fit, free_dates, distance, capacity, price };

struct Question {
    rules::Recurrence when;
    std::string kind;  // empty: any
    int capacity = 1;  // persons
    std::optional<Place> near;
    double radius_km = 15;  // only with a place
    bool step_free = false;
    std::vector<std::string> equipment;  // all of them
    Sort sort = Sort::fit;
    char category = 'C';  // of the tariff, for list prices
};

/// A room that fits the filters, with the offer that serves best: the one with the most free dates,
/// then the smallest that is large enough (S37).
struct Found {
    const SpaceEntry* space = nullptr;
    const rules::Offer* offer = nullptr;
    std::size_t dates = 0;  // index into Answer::expansions
    std::size_t free_dates = 0;
    std::size_t dates_total = 0;
    double distance_km = 0;
    std::optional<base::Cents> price;  // of the free dates; only where the order needs it
};

struct Answer {
    std::vector<rules::Expansion> expansions;  // one for each zone and calendar that was met
    std::vector<Found> found;                  // in the order asked for
    std::size_t full_count = 0;                // rooms with all dates free
    std::size_t partial_count = 0;             // rooms with some
};

/// Errors: those of rules::expand and rules::check_shape when no room at all escapes them.
base::Result<Answer> answer(const Index::View& view, const Question& question);

/// Prices of free dates, by shared/rules; each distinct case is worked out once. Holds pointers
/// into the view.
class Pricer {
public:
    Pricer(const Index::View& view, char category) : view_(view), category_(category) {}

    /// Of those `slots` that are marked free; nothing where none is, or no tariff covers the room.
    std::optional<base::Cents> of(const SpaceEntry& space, const rules::Offer& offer,
                                  const std::vector<rules::Slot>& slots,
                                  const std::vector<bool>& free);

private:
    using Case = std::tuple<const void*, std::string, const void*, const void*, std::int32_t,
                            std::vector<bool>>;
    const Index::View& view_;
    char category_;
    std::map<Case, std::optional<base::Cents>> known_;
};

/// How many rooms would be free on all dates if the series were on `weekday` instead.
std::size_t full_on(const Index::View& view, const Question& question, time::Weekday weekday);

}  // namespace preau::search
