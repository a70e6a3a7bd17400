#pragma once
// Ids of what a body brings in its own spreadsheets: functions of its natural keys, so that a
// second run meets the same records and every service names them without a table between them.

#include <string>
#include <string_view>

#include "shared/base/demo_ids.hpp"

namespace preau::base::imported {

template <class IdType>
IdType id(std::string_view kind, std::string_view key) {
    return demo::id<IdType>("import-" + std::string(kind), key);
}

/// `code` names a room within its establishment, folded as in an address: "gymnase", "b-12".
inline SpaceId space_id(std::string_view uai, std::string_view code) {
    return id<SpaceId>("space", std::string(uai) + ":" + std::string(code));
}

/// `number` is what the body itself calls the booking by.
inline BookingId booking_id(const BodyId& body, std::string_view number) {
    return id<BookingId>("booking", body.str() + ":" + std::string(number));
}

/// `register_number`: RNA, SIRET or SIREN without blanks.
inline OrganisationId organisation_id(std::string_view register_number) {
    return id<OrganisationId>("organisation", register_number);
}

}  // namespace preau::base::imported
