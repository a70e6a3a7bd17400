#pragma once
// What is asked for in place of dates that a room cannot give: other hours in the same room, which
// stay in the request, or another room, which gets a booking of its own beside it. Nothing is
// chosen for anybody, and every choice has its price before it is sent.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/request_form.hpp"

namespace preau::gateway {

/// The value of a choice in addresses and forms, "2026-12-08~01OFFER~2026-12-08~20:00~22:00".
std::string instead_token(const InsteadChoice& choice);
/// The choices of an address (`instead`, repeated) or of a form (`instead_<date>`); one a date, and
/// nothing of what cannot be read.
std::vector<InsteadChoice> chosen_instead(const net::Pairs& pairs);
/// All choices in one text: whether their prices were seen.
std::string instead_tokens(const RequestForm& form);
/// An alternative of search for a date, as a choice.
InsteadChoice choice_of(const std::string& of, const nlohmann::json& alternative);

/// Dates of the form that are asked for in one other room at the same hours.
struct ElsewhereGroup {
    std::string offer_id;
    std::vector<std::string> of;
    nlohmann::json when;
};
std::vector<ElsewhereGroup> elsewhere_groups(const RequestForm& form);

/// The rule without the dates that are asked for elsewhere: what the room's own quote is for.
nlohmann::json when_here(const RequestForm& form);
/// Members `instead` and `elsewhere` of POST /v1/bookings (and `instead` of a quote).
nlohmann::json instead_body(const RequestForm& form);
nlohmann::json elsewhere_body(const RequestForm& form);

/// What the page knows besides the quote of the room itself.
struct ElsewhereQuote {
    ElsewhereGroup group;
    nlohmann::json quote;  // null where it was refused
    nlohmann::json space;
};
struct InsteadFacts {
    nlohmann::json alternatives;  // of search, for the dates that fail
    std::vector<ElsewhereQuote> elsewhere;
};
/// Asks search and booking; where search does not answer the page goes without alternatives.
InsteadFacts instead_facts(const Visit& visit, const RequestForm& form, const nlohmann::json& space,
                           const nlohmann::json& quote);

/// What search proposes for dates (at most 60) of an offer at the hours of `when`; null where it
/// does not answer.
nlohmann::json alternatives_of_dates(const Visit& visit, const nlohmann::json& space,
                                     const std::string& offer_id,
                                     const std::vector<std::string>& dates,
                                     const nlohmann::json& when);
/// Each alternative as a link to a request of its own; `start_time`: what was asked for.
nlohmann::json alternative_links(const Visit& visit, const nlohmann::json& space,
                                 const std::string& start_time, const nlohmann::json& dated);

/// The dates that fail, each with its choices, and what becomes of the others; false when all are
/// free and nothing was chosen.
nlohmann::json conflicts_view(const Visit& visit, const RequestForm& form,
                              const nlohmann::json& space, const nlohmann::json& quote,
                              const InsteadFacts& facts);
/// What the bookings beside this one cost, and the whole; false where there are none.
nlohmann::json beside_view(const Visit& visit, const nlohmann::json& quote,
                           const InsteadFacts& facts);
/// Links to what could be asked for in place of the only date, or false.
nlohmann::json instead_links(const Visit& visit, const RequestForm& form,
                             const nlohmann::json& space, const InsteadFacts& facts);

/// What is free in place of the dates to come that a closure took, date by date, or false.
/// `alternatives`: of search, for these dates.
nlohmann::json closed_dates_view(const Visit& visit, const nlohmann::json& booking,
                                 const nlohmann::json& space, const nlohmann::json& alternatives);
/// Of a booking as booking tells it.
std::vector<std::string> dates_closed(const Visit& visit, const nlohmann::json& booking);

}  // namespace preau::gateway
