#pragma once
// The operations of api/openapi/accounts.yaml. Each authorises for itself.

#include <functional>
#include <string>
#include <vector>

#include "services/accounts/domain/store.hpp"
#include "services/accounts/http/password_gate.hpp"
#include "shared/base/clock.hpp"
#include "shared/net/router.hpp"
#include "shared/security/identity.hpp"

namespace preau::accounts {

/// What the operations stand on; everything outlives the router.
struct Context {
    Store& store;
    PasswordGate& gate;
    const base::Clock& machine_clock;
    const base::Clock& business_clock;
    /// The caller; anonymous without a token, `unauthenticated` with a bad one.
    std::function<base::Result<security::Identity>(const net::Request&)> identify;
    /// An identity token for these services, signed with the key of accounts.
    std::function<std::string(const security::Identity&, const std::vector<std::string>& audience,
                              base::Instant machine_now)>
        sign;
};

void add_routes(net::Router& router, const Context& context);

// The operations, one function each.
net::Response create_session(const Context& context, const net::Request& request);
net::Response delete_session(const Context& context, const net::Request& request);
net::Response exchange_session(const Context& context, const net::Request& request);
net::Response set_password(const Context& context, const net::Request& request);
net::Response read_me(const Context& context, const net::Request& request);
net::Response list_organisations(const Context& context, const net::Request& request);
net::Response enrol_organisation(const Context& context, const net::Request& request);
net::Response read_organisation(const Context& context, const net::Request& request);
net::Response declare_insurance(const Context& context, const net::Request& request);
net::Response sign_contract(const Context& context, const net::Request& request);
net::Response list_people(const Context& context, const net::Request& request);
net::Response list_bodies(const Context& context, const net::Request& request);
net::Response read_body(const Context& context, const net::Request& request);

}  // namespace preau::accounts
