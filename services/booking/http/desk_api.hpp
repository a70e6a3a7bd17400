#pragma once
// The operations of this service over HTTP: parse -> authorise -> domain -> answer.

#include <functional>

#include "services/booking/domain/desk.hpp"
#include "shared/net/router.hpp"
#include "shared/security/identity.hpp"

namespace preau::booking::http {

/// What the handlers work with; wired in main.cpp, and by the tests without a server.
struct DeskApi {
    Store& store;
    const Desk& desk;
    /// The caller, or `unauthenticated`.
    std::function<base::Result<security::Identity>(const net::Request&)> require;
};

/// Adds every operation of api/openapi/booking.yaml. The handlers copy `api`.
void add_routes(net::Router& router, const DeskApi& api);

// One function for each family; add_routes calls them all.
void add_booking_routes(net::Router& router, const DeskApi& api);
void add_decision_routes(net::Router& router, const DeskApi& api);
void add_proposal_routes(net::Router& router, const DeskApi& api);
void add_series_routes(net::Router& router, const DeskApi& api);
void add_closure_routes(net::Router& router, const DeskApi& api);
void add_planning_routes(net::Router& router, const DeskApi& api);

}  // namespace preau::booking::http
