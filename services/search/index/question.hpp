#pragma once
// One question over all rooms, and its answer: which rooms, how many of the dates are free, in
// which order. Values only; http/ reads the one and writes the other.

#include <optional>
#include <string>
#include <vector>

#include "services/search/index/index.hpp"
#include "services/search/index/places.hpp"

namespace preau::search {

enum class Sort { fit, free_dates, distance, capacity };

struct Question {
    rules::Recurrence when;
    std::string kind;  // empty: any
    int capacity = 1;  // persons
    std::optional<Place> near;
    double radius_km = 15;  // only with a place
    bool step_free = false;
    std::vector<std::string> equipment;  // all of them
    Sort sort = Sort::fit;
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
};

struct Answer {
    std::vector<rules::Expansion> expansions;  // one for each zone and calendar that was met
    std::vector<Found> found;                  // in the order asked for
    std::size_t full_count = 0;                // rooms with all dates free
    std::size_t partial_count = 0;             // rooms with some
};

/// Errors: those of rules::expand and rules::check_shape when no room at all escapes them.
base::Result<Answer> answer(const Index::View& view, const Question& question);

/// How many rooms would be free on all dates if the series were on `weekday` instead.
std::size_t full_on(const Index::View& view, const Question& question, time::Weekday weekday);

}  // namespace preau::search
