#pragma once
// What the demonstration draws from: the spaces and organisations that the projections know.

#include <vector>

#include "services/booking/store/facts.hpp"
#include "shared/db/database.hpp"

namespace preau::booking {

struct KnownOrganisation {
    base::OrganisationId id;
    base::BodyId body;
    char category = 'C';
};

/// All published demonstration spaces, by slug.
std::vector<SpaceRef> demonstration_spaces(db::Session& session);
/// Organisations with an active affiliation, by id.
std::vector<KnownOrganisation> active_organisations(db::Session& session);

}  // namespace preau::booking
