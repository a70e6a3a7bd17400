#pragma once
// One question over all rooms, and its answer: which rooms, how many of the dates are free, in
// which order. Values only; http/ reads the one and writes the other.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
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
    const AskedDates* dates = nullptr;  // of Answer::dates
    FreeDates free;                     // which of them are
    std::size_t free_count = 0;
    double distance_km = 0;
    std::optional<base::Cents> price;  // of the free dates; only where the order needs it

    std::size_t missing() const { return dates->size() - free_count; }
};

struct Answer {
    std::vector<std::unique_ptr<AskedDates>> dates;  // one for each zone and calendar that was met
    std::vector<Found> found;    // the first `shown_max` in the order asked for, the others behind
    std::size_t full_count = 0;  // rooms with all dates free
    std::size_t partial_count = 0;  // rooms with some
    /// For a weekly question of one weekday: by day of the week (from Monday), how many rooms would
    /// be free on all dates if the series were on that day.
    std::optional<std::array<std::size_t, 7>> full_by_weekday;
};

/// Only the first `shown_max` rooms are put in order. Errors: those of rules::expand and
/// rules::check_shape when no room at all escapes them.
base::Result<Answer> answer(const Index::View& view, const Question& question,
                            std::size_t shown_max);

/// Prices of free dates, by shared/rules; each distinct case is worked out once. Holds pointers
/// into the view and the answer.
class Pricer {
public:
    Pricer(const Index::View& view, char category) : view_(view), category_(category) {}

    /// Of the room's free dates; nothing where none is, or no tariff covers the room.
    std::optional<base::Cents> of(const Found& found);

private:
    struct Case {
        const void* tariffs;
        std::string tariff_kind;
        const AskedDates* dates;
        time::Date today;
        FreeDates free;
        bool operator==(const Case&) const = default;
    };
    struct HashCase {
        std::size_t operator()(const Case& one) const;
    };
    const Index::View& view_;
    char category_;
    std::unordered_map<Case, std::optional<base::Cents>, HashCase> known_;
};

}  // namespace preau::search
