#pragma once
// The first administrator of a public body on an empty installation.

#include <string>

#include "services/accounts/domain/store.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

namespace preau::accounts {

struct FirstAdministrator {
    std::string body_slug;
    std::string body_name;
    std::string person_name;
    std::string email;
};

/// Creates the body and the administrator where they do not exist yet, and gives a one-use token
/// for POST /v1/password. Called again, it gives a new token and the earlier one is void. `invalid`
/// with pointers "/body" "/body-name" "/name" "/email".
base::Result<std::string> bootstrap(Store& store, const FirstAdministrator& first,
                                    base::Instant business_now, base::Instant machine_now);

}  // namespace preau::accounts
