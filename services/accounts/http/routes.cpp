#include "services/accounts/http/routes.hpp"

namespace preau::accounts {

void add_routes(net::Router& router, const Context& context) {
    using Operation = net::Response (*)(const Context&, const net::Request&);
    const auto add = [&](net::Method method, const char* pattern, const char* name,
                         Operation operation) {
        router.add(method, pattern, name, [context, operation](const net::Request& request) {
            return operation(context, request);
        });
    };
    using enum net::Method;
    add(post, "/v1/sessions", "createSession", create_session);
    add(del, "/v1/sessions/current", "deleteSession", delete_session);
    add(post, "/v1/identity-tokens", "exchangeSession", exchange_session);
    add(post, "/v1/password", "setPassword", set_password);
    add(get, "/v1/me", "readMe", read_me);
    add(get, "/v1/organisations", "listOrganisations", list_organisations);
    add(post, "/v1/organisations", "enrolOrganisation", enrol_organisation);
    add(get, "/v1/organisations/{id}", "readOrganisation", read_organisation);
    add(put, "/v1/affiliations/{id}/insurance", "declareInsurance", declare_insurance);
    add(put, "/v1/affiliations/{id}/contract", "signContract", sign_contract);
    add(get, "/v1/people", "listPeople", list_people);
    add(get, "/v1/bodies", "listBodies", list_bodies);
    add(get, "/v1/bodies/{id_or_slug}", "readBody", read_body);
}

}  // namespace preau::accounts
