#pragma once
// Ids of the demonstration data, the same on every installation and in every service, so that
// accounts can give a post at an establishment that only inventory stores, without a table between
// them.

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/id.hpp"

namespace preau::base::demo {

/// 2025-06-15T15:06:40Z: an instant before the product existed, so that real ids sort after these.
inline constexpr std::uint64_t unix_ms = 1'750'000'000'000ULL;

template <class IdType>
IdType id(std::string_view kind, std::string_view key) {
    return IdType::seeded(unix_ms, std::string(kind) + ":" + std::string(key));
}

inline BodyId body_id(std::string_view slug) {
    return id<BodyId>("body", slug);
}
/// `uai` as in the open data: "0382042N".
inline EstablishmentId establishment_id(std::string_view uai) {
    return id<EstablishmentId>("establishment", uai);
}
inline OrganisationId organisation_id(std::string_view slug) {
    return id<OrganisationId>("organisation", slug);
}
inline PersonId person_id(std::string_view slug) {
    return id<PersonId>("person", slug);
}

}  // namespace preau::base::demo
