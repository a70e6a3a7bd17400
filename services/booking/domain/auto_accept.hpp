#pragma once
// Which requests need no person where a college has opted in (rule R-13), and which never go
// without one. Pure: a list of what stands in the way, in the order in which people read it.

#include <string>
#include <string_view>
#include <vector>

#include "services/booking/domain/debt.hpp"

namespace preau::booking {

inline constexpr int auto_accept_people_max = 30;
/// So many people are never accepted without a person, not even in an instant room.
inline constexpr int decided_people_min = 200;
inline constexpr int incident_months = 12;

struct AutoAcceptFacts {
    char category = 'C';
    std::string affiliation;       // status
    bool contract_signed = false;  // contrat d'engagement républicain
    bool insured = false;          // on every date
    int incidents = 0;             // no-shows and refusals for an incident in twelve months
    int headcount = 0;
    std::string space_kind;    // "classroom", …
    bool known_slot = false;   // had in twelve months: same offer, weekday and hours
    bool ground_known = true;  // of a price of zero
    bool two_levels = false;
    DebtState debt = DebtState::none;
};

/// Codes: two_levels, category, affiliation, contract, insurance, incident, headcount, room, debt,
/// ground. Empty: it is accepted at once.
std::vector<std::string_view> auto_accept_obstacles(const AutoAcceptFacts& facts);

}  // namespace preau::booking
