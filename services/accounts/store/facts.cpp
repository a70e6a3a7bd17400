#include "services/accounts/store/facts.hpp"

#include <utility>

#include "services/accounts/store/rows.hpp"

namespace preau::accounts {
namespace {

using nlohmann::json;

events::Event event(const char* type, const std::string& aggregate, std::int64_t version,
                    base::Instant at, json data) {
    events::Event event;
    event.type = type;
    event.aggregate_id = aggregate;
    event.version = version;
    event.occurred_at = at;
    event.data = std::move(data);
    return event;
}

json date_or_null(const std::string& iso) {
    return iso.empty() ? json() : json(iso);
}

}  // namespace

events::Event fact(const Affiliation& affiliation, base::Instant business_now) {
    return event("affiliation_changed.v1", affiliation.id.str(), affiliation.version, business_now,
                 {{"affiliation_id", affiliation.id.str()},
                  {"organisation_id", affiliation.organisation.str()},
                  {"body_id", affiliation.body.str()},
                  {"category", std::string(1, affiliation.category)},
                  {"category_ground", affiliation.category_ground},
                  {"status", to_string(affiliation.status)},
                  {"contract_signed_on", date_or_null(affiliation.contract_signed_on)},
                  {"insurance_valid_until", date_or_null(affiliation.insurance_valid_until)},
                  {"version", affiliation.version}});
}

events::Event fact(const Membership& membership, base::Instant business_now) {
    return event("membership_changed.v1", membership.id.str(), membership.version, business_now,
                 {{"membership_id", membership.id.str()},
                  {"person_id", membership.person.str()},
                  {"organisation_id", membership.organisation.str()},
                  {"role", to_string(membership.role)},
                  {"active", membership.active},
                  {"version", membership.version}});
}

events::Event fact(const StaffPost& post, base::Instant business_now) {
    json establishments = json::array();
    for (const auto& establishment : post.establishments) {
        establishments.push_back(establishment.str());
    }
    return event("staff_changed.v1", post.id.str(), post.version, business_now,
                 {{"post_id", post.id.str()},
                  {"person_id", post.person.str()},
                  {"body_id", post.body.str()},
                  {"role", to_string(post.role)},
                  {"establishment_ids", std::move(establishments)},
                  {"active", post.active},
                  {"version", post.version}});
}

// A snapshot tells states, not happenings: its facts carry the instant 0.
void emit_all_facts(db::Session& session, const std::function<void(events::Event)>& emit) {
    for (const auto& affiliation : read_affiliations(session, ""))
        emit(fact(affiliation, {}));
    for (const auto& membership : read_memberships(session, ""))
        emit(fact(membership, {}));
    for (const auto& post : read_posts(session, ""))
        emit(fact(post, {}));
}

}  // namespace preau::accounts
