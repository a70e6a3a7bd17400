#pragma once
// The further criteria of the search form: a choice of times and weekdays, the rhythm, how the
// people are, what they do, what they can pay.

#include "services/gateway/pages/search_form.hpp"

namespace preau::gateway {

/// Reads them from the page's address, or from the parameters of a search.
void read_criteria(const net::Pairs& query, SearchForm& form);
bool has_criteria(const SearchForm& form);

/// The parameters of GET /v1/search that they stand for, without the weekdays.
QueryPairs criteria_question(const SearchForm& form);
/// Which days of which weeks or months: weekdays, interval_weeks, interval_months, week_of_month.
QueryPairs rhythm_question(const SearchForm& form);

/// Their members of the `form` view.
nlohmann::json criteria_view(const Visit& visit, const SearchForm& form,
                             const std::vector<base::FieldError>& faults);

/// A criterion that is in force, and the same search without it.
struct Criterion {
    std::string filter;  // as search calls it: "capacity", "price_max"
    std::string text;
    SearchForm without;
};
std::vector<Criterion> criteria_in_force(const Visit& visit, const SearchForm& form);

}  // namespace preau::gateway
