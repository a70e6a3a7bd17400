#pragma once
// Who may see what accounts keeps (reliability-security.md §8, the rows on organisations and
// people). Whatever is not allowed here answers as if it did not exist.

#include <vector>

#include "services/accounts/domain/records.hpp"
#include "shared/security/identity.hpp"

namespace preau::accounts {

/// Who shows a document of the organisation: who may book for it, or the body's people who see
/// associations (managers, counter agents, administrators).
bool may_file(const security::Identity& who, const Affiliation& affiliation);
/// Who says that he has seen it on paper: the body's people alone.
bool saw_on_paper(const security::Identity& who, const Affiliation& affiliation);

/// Who looks for a body's organisations and makes new ones known to it: the body's people who see
/// associations.
bool may_enrol(const security::Identity& who, const base::BodyId& body);

/// The organisation's members, the staff of the bodies that know it, and services.
bool may_see(const security::Identity& who, const OrganisationFile& file);

/// Of a file that may be seen, the affiliations that may be: members and services all of them,
/// staff those with their own body.
std::vector<Affiliation> visible_affiliations(const security::Identity& who,
                                              const OrganisationFile& file);

/// Names and addresses of people leave only towards the services that show or write to them.
bool may_read_people(const security::Identity& who);

/// Only the front exchanges a browser's session for an identity token.
bool may_exchange_sessions(const security::Identity& who);

/// The identity that a profile gives.
security::Identity identity_of(const Profile& profile);

}  // namespace preau::accounts
