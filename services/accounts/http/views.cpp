#include "services/accounts/http/views.hpp"

#include "shared/time/zone.hpp"

namespace preau::accounts {
namespace {

using nlohmann::json;

json or_null(const std::string& text) {
    return text.empty() ? json() : json(text);
}

void put_if_known(json& object, const char* name, const std::string& text) {
    if (!text.empty()) object[name] = text;
}

}  // namespace

json view(const Body& body) {
    return {{"id", body.id.str()},
            {"slug", body.slug},
            {"name", body.name},
            {"contact",
             {{"email", or_null(body.contact_email)},
              {"phone", or_null(body.contact_phone)},
              {"hours", or_null(body.contact_hours)}}},
            {"texts", body.texts},
            {"demonstration", body.demonstration},
            {"version", body.version}};
}

json view(const Affiliation& affiliation) {
    return {{"id", affiliation.id.str()},
            {"body_id", affiliation.body.str()},
            {"category", std::string(1, affiliation.category)},
            {"category_ground", or_null(affiliation.category_ground)},
            {"status", to_string(affiliation.status)},
            {"contract_signed_on", or_null(affiliation.contract_signed_on)},
            {"insurance_valid_until", or_null(affiliation.insurance_valid_until)},
            {"version", affiliation.version}};
}

json view(const Organisation& organisation, const std::vector<Affiliation>& affiliations) {
    json object = {
        {"id", organisation.id.str()},          {"name", organisation.name},
        {"kind", to_string(organisation.kind)}, {"demonstration", organisation.demonstration},
        {"version", organisation.version},      {"affiliations", json::array()}};
    put_if_known(object, "rna", organisation.rna);
    put_if_known(object, "siren", organisation.siren);
    put_if_known(object, "siret", organisation.siret);
    put_if_known(object, "court_register", organisation.court_register);
    for (const auto& affiliation : affiliations) {
        object["affiliations"].push_back(view(affiliation));
    }
    return object;
}

json view(const Person& person) {
    return {{"id", person.id.str()},
            {"name", person.name},
            {"email", or_null(person.email)},
            {"language", person.language}};
}

json view(const Profile& profile) {
    json memberships = json::array();
    for (const auto& seat : profile.seats) {
        json organisation = view(seat.of.organisation, {});
        organisation.erase("affiliations");
        json affiliations = json::array();
        for (const auto& affiliation : seat.of.affiliations) {
            affiliations.push_back(view(affiliation));
        }
        memberships.push_back({{"organisation", std::move(organisation)},
                               {"role", to_string(seat.membership.role)},
                               {"affiliations", std::move(affiliations)}});
    }
    json posts = json::array();
    for (const auto& [post, body_name] : profile.posts) {
        json establishments = json::array();
        for (const auto& id : post.establishments)
            establishments.push_back(id.str());
        posts.push_back({{"body", {{"id", post.body.str()}, {"name", body_name}}},
                         {"role", to_string(post.role)},
                         {"establishment_ids", std::move(establishments)}});
    }
    return {{"person", view(profile.person)},
            {"memberships", std::move(memberships)},
            {"posts", std::move(posts)}};
}

std::string moment(base::Instant instant) {
    static const auto utc = time::Zone::find("UTC");
    return (utc ? *utc : time::Zone::paris()).rfc3339(instant);
}

}  // namespace preau::accounts
