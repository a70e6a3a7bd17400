#pragma once
// Rows of accounts' tables as values. The conditions ("WHERE …") are made here in store/ and hold
// only constants and ids; what a person typed is bound with soci::use by the caller's own
// statement.

#include <optional>
#include <string>
#include <vector>

#include "services/accounts/domain/records.hpp"
#include "shared/db/database.hpp"

namespace preau::accounts {

std::vector<Body> read_bodies(db::Session& session, const std::string& condition,
                              const std::string& bound = "");
std::vector<Person> read_people(db::Session& session, const std::string& condition,
                                const std::string& bound = "");
std::vector<Organisation> read_organisations(db::Session& session, const std::string& condition);
std::vector<Affiliation> read_affiliations(db::Session& session, const std::string& condition);
std::vector<Membership> read_memberships(db::Session& session, const std::string& condition);
std::vector<StaffPost> read_posts(db::Session& session, const std::string& condition);

/// As a first version; the rows written.
long long insert_row(db::Session& session, const Organisation& organisation);
long long insert_row(db::Session& session, const Affiliation& affiliation);
/// An organisation with how all bodies see it.
std::vector<OrganisationFile> files_of(db::Session& session,
                                       const std::vector<base::OrganisationId>& ids);

/// "'01…','01…'" for an IN list; the ids are ULIDs (asserted), so that nothing needs quoting. An
/// empty list gives "''", which matches nothing.
template <class IdType>
std::string in_list(const std::vector<IdType>& ids);
std::string quoted_id(const std::string& ulid);

template <class IdType>
std::string in_list(const std::vector<IdType>& ids) {
    std::string text;
    for (const IdType& id : ids) {
        if (!text.empty()) text += ',';
        text += quoted_id(id.str());
    }
    return text.empty() ? "''" : text;
}

}  // namespace preau::accounts
