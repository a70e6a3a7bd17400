#pragma once
// From the identity token to the domain's idea of who acts.

#include "services/booking/domain/types.hpp"
#include "shared/security/identity.hpp"

namespace preau::booking::http {

Actor actor_of(const security::Identity& identity);

}  // namespace preau::booking::http
