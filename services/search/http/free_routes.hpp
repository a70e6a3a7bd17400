#pragma once
// The operations that look for free hours: the first of a room, those of a site by day.

#include <memory>

#include "services/search/http/handlers.hpp"

namespace preau::search {

void add_free_routes(net::Router& router, std::shared_ptr<const Context> context);

}  // namespace preau::search
