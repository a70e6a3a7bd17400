#pragma once
// The invented people and organisations of the demonstration: a pure function of the seed and of
// today's date, with ids that are the same everywhere (shared/base/demo_ids.hpp). Every address
// ends in ".example", every register number lies in a range that was never given out.

#include <cstdint>
#include <string>
#include <vector>

#include "services/accounts/domain/records.hpp"
#include "shared/time/civil.hpp"

namespace preau::accounts {

/// Someone of the demonstration who can sign in. `role` is what scripts and tests look for:
/// association_free (category A), association_paying (B), association_03 … association_20,
/// suspended_association, manager (of La Garenne), manager_other, manager_all, finance, admin,
/// counter, caretaker.
struct DemoAccount {
    std::string role;
    std::string label;  // in French, for the list of accounts
    base::PersonId person;
    std::string organisation;   // id, or empty
    std::string establishment;  // id, or empty
};

struct DemoWorld {
    Body body;
    std::vector<Organisation> organisations;
    std::vector<Affiliation> affiliations;
    std::vector<Person> people;
    std::vector<Membership> memberships;
    std::vector<StaffPost> posts;
    std::vector<DemoAccount> accounts;
};

DemoWorld demo_world(std::uint32_t seed, time::Date today);

}  // namespace preau::accounts
