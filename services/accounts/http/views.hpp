#pragma once
// The JSON forms of api/openapi/accounts.yaml.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/accounts/domain/records.hpp"
#include "shared/base/clock.hpp"

namespace preau::accounts {

nlohmann::json view(const Body& body);
nlohmann::json view(const Affiliation& affiliation);
/// With the given affiliations, each only as far as a member or the body's staff may see it.
nlohmann::json view(const Organisation& organisation, const std::vector<Affiliation>& affiliations);
/// For services that write to people or show their names.
nlohmann::json view(const Person& person);
/// GET /v1/me
nlohmann::json view(const Profile& profile);

/// RFC 3339, in UTC: sessions belong to no place.
std::string moment(base::Instant instant);

}  // namespace preau::accounts
