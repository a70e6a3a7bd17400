#pragma once
// Who may see and change what: published spaces are everybody's, drafts the staff's of their
// establishment, changes the manager's or the body's administrator's. Others get `not_found`, so
// that an answer never tells what exists.

#include "services/inventory/domain/catalogue.hpp"
#include "shared/base/result.hpp"
#include "shared/security/identity.hpp"

namespace preau::inventory {

/// The drafts that these posts open: any role at an establishment, or in the whole body.
Visibility visibility_of(const security::Identity& identity);

bool may_see(const security::Identity& identity, const Space& space);

/// `unauthenticated` without an identity, `not_found` without the role.
base::Result<void> may_change(const security::Identity& identity, const Space& space);

}  // namespace preau::inventory
