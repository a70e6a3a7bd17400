// Looking up bodies, people and organisations.
#include <algorithm>

#include "preau_migrations_accounts.hpp"
#include "services/accounts/domain/registers.hpp"
#include "services/accounts/store/rows.hpp"
#include "services/accounts/store/sql_store.hpp"

namespace preau::accounts {

std::vector<OrganisationFile> files_of(db::Session& session,
                                       const std::vector<base::OrganisationId>& ids) {
    if (ids.empty()) return {};
    const std::string condition = "WHERE organisation_id IN (" + in_list(ids) + ")";
    std::vector<OrganisationFile> files;
    for (auto& organisation : read_organisations(session, condition)) {
        files.push_back({std::move(organisation), {}});
    }
    for (auto& affiliation : read_affiliations(session, condition)) {
        for (auto& file : files) {
            if (file.organisation.id == affiliation.organisation) {
                file.affiliations.push_back(affiliation);
            }
        }
    }
    return files;
}

std::span<const db::Migration> migrations() {
    return migrations_accounts;
}

SqlStore::SqlStore(db::Database& database, std::function<void()> published)
    : database_(database), published_(std::move(published)) {}

base::Result<std::optional<Body>> SqlStore::body(const std::string& id_or_slug) {
    if (id_or_slug.empty()) return std::nullopt;
    const char* condition =
        base::is_ulid(id_or_slug) ? "WHERE body_id = :key" : "WHERE slug = :key";
    return database_.read([&](db::Session& session) -> base::Result<std::optional<Body>> {
        const auto found = read_bodies(session, condition, id_or_slug);
        if (found.empty()) return std::nullopt;
        return found.front();
    });
}

base::Result<std::vector<Body>> SqlStore::bodies(const std::string& after, int limit) {
    const std::string page = " ORDER BY body_id LIMIT " + std::to_string(limit);
    return database_.read([&](db::Session& session) -> base::Result<std::vector<Body>> {
        if (after.empty()) return read_bodies(session, page);
        return read_bodies(session, "WHERE body_id > :after" + page, after);
    });
}

base::Result<std::vector<Person>> SqlStore::people(const std::vector<base::PersonId>& ids) {
    return database_.read([&](db::Session& session) -> base::Result<std::vector<Person>> {
        return read_people(session, "WHERE person_id IN (" + in_list(ids) + ")");
    });
}

base::Result<std::vector<OrganisationFile>> SqlStore::organisations(
    const std::vector<base::OrganisationId>& ids) {
    return database_.read([&](db::Session& session) -> base::Result<std::vector<OrganisationFile>> {
        return files_of(session, ids);
    });
}

base::Result<std::vector<OrganisationFile>> SqlStore::organisations_in_registers(
    const std::vector<std::string>& numbers) {
    // In the text of the statement, where only what is a register number may stand.
    std::string rna, siren, siret;
    std::vector<base::OrganisationId> ids;
    const auto add = [](std::string& list, const std::string& number) {
        list += (list.empty() ? "'" : ",'") + number + "'";
    };
    for (const std::string& number : numbers) {
        if (is_rna(number)) add(rna, number);
        if (is_siren(number)) add(siren, number);
        if (is_siret(number)) add(siret, number);
        if (const auto id = base::OrganisationId::parse(number)) ids.push_back(*id);
    }
    return database_.read([&](db::Session& session) -> base::Result<std::vector<OrganisationFile>> {
        for (const auto& [column, list] :
             {std::pair("rna", rna), std::pair("siren", siren), std::pair("siret", siret)}) {
            if (list.empty()) continue;
            const std::string condition = std::string("WHERE ") + column + " IN (" + list + ")";
            for (const auto& found : read_organisations(session, condition))
                ids.push_back(found.id);
        }
        std::ranges::sort(ids);
        ids.erase(std::ranges::unique(ids).begin(), ids.end());
        return files_of(session, ids);
    });
}

base::Result<std::optional<Profile>> SqlStore::profile(const base::PersonId& person) {
    const std::string who = "WHERE person_id = " + quoted_id(person.str());
    return database_.read([&](db::Session& session) -> base::Result<std::optional<Profile>> {
        const auto found = read_people(session, who);
        if (found.empty() || !found.front().active) return std::nullopt;
        Profile profile{found.front(), {}, {}};
        const std::string active = who + " AND active = 1";

        const auto memberships = read_memberships(session, active + " ORDER BY membership_id");
        std::vector<base::OrganisationId> organisations;
        for (const auto& membership : memberships)
            organisations.push_back(membership.organisation);
        const auto files = files_of(session, organisations);
        for (const auto& membership : memberships) {
            for (const auto& file : files) {
                if (file.organisation.id == membership.organisation) {
                    profile.seats.push_back({membership, file});
                }
            }
        }
        for (const auto& post : read_posts(session, active)) {
            if (!post.active) continue;
            const auto bodies =
                read_bodies(session, "WHERE body_id = " + quoted_id(post.body.str()));
            profile.posts.push_back({post, bodies.empty() ? std::string() : bodies.front().name});
        }
        return profile;
    });
}

}  // namespace preau::accounts
