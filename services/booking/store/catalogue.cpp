#include "services/booking/store/catalogue.hpp"

#include <algorithm>

#include "services/booking/store/sql.hpp"

namespace preau::booking {

std::vector<SpaceRef> demonstration_spaces(db::Session& session) {
    std::vector<SpaceRef> out;
    std::string facts;
    soci::statement query =
        (session.sql().prepare << "SELECT facts FROM space_projection", soci::into(facts));
    each(query, [&] {
        auto space = space_from_facts(nlohmann::json::parse(facts, nullptr, false));
        if (space && space->demonstration && space->published) out.push_back(std::move(space));
    });
    std::ranges::sort(out, {}, [](const SpaceRef& space) { return space->slug; });
    return out;
}

std::vector<KnownOrganisation> active_organisations(db::Session& session) {
    std::vector<KnownOrganisation> out;
    std::string id;
    std::string body;
    std::string category;
    soci::statement query =
        (session.sql().prepare << "SELECT organisation_id, body_id, category FROM "
                                  "affiliation_projection WHERE status = 'active' "
                                  "ORDER BY organisation_id",
         soci::into(id), soci::into(body), soci::into(category));
    each(query, [&] {
        out.push_back({base::OrganisationId::trusted(id), base::BodyId::trusted(body),
                       category.empty() ? 'C' : category.front()});
    });
    return out;
}

}  // namespace preau::booking
