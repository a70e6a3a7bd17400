#pragma once
// The search sentence: what the visitor asked in the address, the same question for the search
// service, links that change one part of it, and the form that shows it again.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"
#include "shared/base/result.hpp"
#include "shared/net/message.hpp"
#include "shared/time/civil.hpp"

namespace preau::gateway {

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

/// Values as they were typed; the search service judges them.
struct SearchForm {
    bool weekly = true;
    std::string kind = "gym";  // "any": every kind
    std::string capacity;
    std::string near;
    std::string radius_km = "15";
    std::string date;
    std::string weekdays = "tue";
    std::string from;
    std::string until;
    std::string start_time = "18:00";
    std::string end_time = "20:00";
    bool skip_school_holidays = true;
    bool skip_public_holidays = true;
    bool step_free = false;
    std::vector<std::string> equipment;
    // Further criteria; empty: it does not matter.
    std::string duration_min;  // that long anywhere between start and end; empty: all of it
    std::string or_weekday;    // weekly: this day would do as well
    std::string rhythm;  // weekly: "2" every other week, "m1" … "m4", "m-1" the n-th day of a month
    std::string posture;
    std::string purpose;
    std::string price_max;  // euros a date, as typed
    bool instant = false;
    std::string sort;
    std::string category;  // tariff category of the prices; empty: the visitor's own
    std::string after;

    /// Whether the address asks anything at all.
    bool asked = false;
};

/// The form that the home page begins with: next Tuesday, or every Tuesday until the end of June.
SearchForm default_search(time::Date today);

/// The form of an address; members that it does not name have the values of `default_search`.
SearchForm search_form_of(const net::Pairs& query, time::Date today);

/// The parameters of GET /v1/search (without `after`); `when` alone for availability questions.
QueryPairs search_question(const SearchForm& form);
QueryPairs when_question(const SearchForm& form);

/// The address of this search, to link to it.
std::string search_href(const SearchForm& form);

/// The `form` member of the pages home and search. `faults` are the service's, by field.
nlohmann::json search_form_view(const Visit& visit, const SearchForm& form,
                                const std::vector<base::FieldError>& faults);

/// The field's name of a pointer: "/query/near" and "/near" give "near".
std::string field_of(std::string_view pointer);

/// One <option>.
nlohmann::json option_view(std::string value, std::string label, bool selected);
/// Half hours from `first` to `last`, `chosen` selected (added when it is not a half hour).
nlohmann::json time_options(const Visit& visit, time::Minute first, time::Minute last,
                            std::string_view chosen);

}  // namespace preau::gateway
