#pragma once
// The strip of dates: one tick a date, in months. The letters come from search: f free, t taken,
// p pending, c closed, b buffer, x other.

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"
#include "shared/time/civil.hpp"

namespace preau::gateway {

struct StripMonth {
    time::Date first;         // the first of its dates
    std::vector<char> ticks;  // letters, in the order of the dates
    int free = 0;
};

/// Months of the strip; one month without a name when there are not as many dates as letters.
std::vector<StripMonth> strip_months(std::string_view letters,
                                     const std::vector<time::Date>& dates);

/// "2 déjà prises, 1 fermeture"; empty when all are free.
std::string strip_problems(const Visit& visit, std::string_view letters);
/// "33 dates libres sur 36 : 2 déjà prises, 1 fermeture"
std::string strip_sentence(const Visit& visit, std::string_view letters);

char letter_of(std::string_view state);

}  // namespace preau::gateway
