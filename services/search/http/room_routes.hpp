#pragma once
// The operations that look at one room: its week, and the dates of a question one by one.

#include <memory>

#include "services/search/http/handlers.hpp"

namespace preau::search {

void add_room_routes(net::Router& router, std::shared_ptr<const Context> context);

}  // namespace preau::search
