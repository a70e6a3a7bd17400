#pragma once
// One question over all rooms, and its answer: which rooms, how many of the dates are free, in
// which order. Values only; http/ reads the one and writes the other.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/search/index/index.hpp"
#include "services/search/index/places.hpp"
#include "services/search/index/pricer.hpp"
#include "services/search/index/ways.hpp"
#include "shared/rules/vocabulary.hpp"

namespace preau::search {

enum class Sort { fit, free_dates, distance, capacity, price };
/// How the people are: for whom a room must be large enough.
enum class Posture { any, seated, standing };

struct Question {
    rules::Recurrence when;
    time::Minute length_min = 0;  // 0: the whole window of `when`; else anywhere in it (ways.hpp)
    bool any_weekday = false;     // one of the weekdays is enough
    std::string kind;             // empty: any
    int capacity = 1;             // persons
    Posture posture = Posture::any;
    std::optional<Place> near;
    double radius_km = 15;  // only with a place
    bool step_free = false;
    std::vector<std::string> equipment;    // all of them, words of shared/rules/vocabulary
    std::string purpose;                   // empty: any
    std::optional<bool> instant;           // books without a decision, or only on request
    std::optional<base::Cents> price_max;  // of a date, on average of the free ones
    Sort sort = Sort::fit;
    char category = 'C';          // of the tariff, for list prices
    bool facets = false;          // count what other filters would find
    bool other_weekdays = false;  // and what the other days of the week would
};

/// What a question can be relaxed by.
enum class Filter { kind, capacity, step_free, equipment, purpose, instant, price, radius };
inline constexpr std::size_t filters_count = 8;
std::string_view to_string(Filter filter);

/// A room that fits the filters, with the way and the offer that serve best: the most free dates,
/// then the earlier way, then the smallest offer that is large enough (S37).
struct Found {
    const SpaceEntry* space = nullptr;
    const rules::Offer* offer = nullptr;
    const rules::Recurrence* when = nullptr;  // of Answer::ways
    const AskedDates* dates = nullptr;        // likewise
    FreeDates free;                           // which of them are
    std::size_t free_count = 0;
    double distance_km = 0;
    std::optional<base::Cents> price;  // of the free dates; only where order or ceiling need it

    std::size_t missing() const { return dates->size() - free_count; }
};

/// Numbers of rooms, whatever is free in them, and of rooms with all dates free.
struct Count {
    std::size_t rooms = 0;
    std::size_t full = 0;
};

/// What other filters would find; every count with all other filters of the question in force.
struct Facets {
    /// Without one filter that is in force; the radius is not dropped but doubled.
    std::array<std::optional<Count>, filters_count> without;
    /// By number of the word: with that kind; with that equipment or purpose added.
    std::vector<Count> kinds{rules::kind_words().size()};
    std::vector<Count> equipment{rules::equipment_words().size()};
    std::vector<Count> purposes{rules::purpose_words().size()};
    Count step_free;
    Count instant;
};

/// Furthest that a radius is widened to in search of more rooms.
inline constexpr double radius_km_widest = 100;

struct Answer {
    std::vector<std::unique_ptr<Way>> ways;  // what `found` points into
    std::vector<Found> found;    // the rooms before the page, the page in order, the others
    std::size_t page_begin = 0;  // by number in `found`
    std::size_t page_end = 0;
    std::size_t full_count = 0;     // rooms with all dates free
    std::size_t partial_count = 0;  // rooms with some
    /// Where asked for, for a weekly question of one weekday that leaves no choice: by day of the
    /// week (from Monday), how many rooms would be free on all dates if the series were on that
    /// day.
    std::optional<std::array<std::size_t, 7>> full_by_weekday;
    std::optional<Facets> facets;
};

/// Which rooms are wanted: those after the room `after` where it is still found, else those after
/// the first `first`. A room that comes or goes moves no other across the border of a page.
struct Page {
    std::size_t count = 20;
    std::size_t first = 0;
    std::string after;  // a space's id, or empty
};

/// Errors: those of rules::expand and rules::check_shape when no room at all escapes them.
base::Result<Answer> answer(const Index::View& view, const Question& question, const Page& page);

/// Puts the page of the rooms found in order, and says where it lies (order.cpp).
void put_in_order(Answer& answer, Sort sort, const Page& page);

}  // namespace preau::search
