#pragma once
// The operations of api/openapi/inventory.yaml: parse → authorise → domain → answer.

#include <functional>

#include "services/inventory/domain/catalogue.hpp"
#include "shared/base/clock.hpp"
#include "shared/net/router.hpp"
#include "shared/security/identity.hpp"

namespace preau::inventory {

/// What the handlers stand on. References outlive the router.
struct Operations {
    Catalogue& catalogue;
    const base::Clock& business_clock;
    /// Anonymous without a token, `unauthenticated` with a bad one.
    std::function<base::Result<security::Identity>(const net::Request&)> identify;
};

void add_routes(net::Router& router, const Operations& operations);

// One function for each operation; add_routes binds them.
net::Response list_establishments(const Operations& on, const net::Request& request);
net::Response get_establishment(const Operations& on, const net::Request& request);
net::Response list_spaces(const Operations& on, const net::Request& request);
net::Response get_space(const Operations& on, const net::Request& request);
net::Response list_calendars(const Operations& on, const net::Request& request);
net::Response list_tariffs(const Operations& on, const net::Request& request);
net::Response edit_space(const Operations& on, const net::Request& request);
net::Response list_deliberations(const Operations& on, const net::Request& request);
net::Response record_deliberation(const Operations& on, const net::Request& request);
net::Response replace_opening(const Operations& on, const net::Request& request);

}  // namespace preau::inventory
