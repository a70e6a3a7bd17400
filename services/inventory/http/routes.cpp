#include "services/inventory/http/routes.hpp"

namespace preau::inventory {

void add_routes(net::Router& router, const Operations& operations) {
    using Operation = net::Response (*)(const Operations&, const net::Request&);
    const auto add = [&](net::Method method, std::string pattern, std::string name,
                         Operation operation, std::size_t body_bytes_max = 64 * 1024) {
        net::RouteOptions options;
        options.body_bytes_max = body_bytes_max;
        router.add(
            method, std::move(pattern), std::move(name),
            [operations, operation](const net::Request& request) {
                return operation(operations, request);
            },
            std::move(options));
    };
    add(net::Method::get, "/v1/establishments", "listEstablishments", list_establishments);
    add(net::Method::get, "/v1/establishments/{id}", "getEstablishment", get_establishment);
    add(net::Method::get, "/v1/establishments/{id}/deliberations", "listDeliberations",
        list_deliberations);
    add(net::Method::post, "/v1/establishments/{id}/deliberations", "recordDeliberation",
        record_deliberation);
    add(net::Method::get, "/v1/spaces", "listSpaces", list_spaces);
    add(net::Method::get, "/v1/spaces/{id}", "getSpace", get_space);
    add(net::Method::get, "/v1/calendars", "listCalendars", list_calendars);
    add(net::Method::get, "/v1/tariffs", "listTariffs", list_tariffs);
    add(net::Method::patch, "/v1/spaces/{id}", "editSpace", edit_space);
    // 800 exceptions with their reasons
    add(net::Method::put, "/v1/spaces/{id}/opening", "replaceOpening", replace_opening, 256 * 1024);
}

}  // namespace preau::inventory
