#pragma once
// The operations of search: all public reads, answered from the index.

#include <functional>

#include "services/search/index/index.hpp"
#include "services/search/index/places.hpp"
#include "shared/net/router.hpp"

namespace preau::search {

/// How far the index has followed its feeds.
struct AsOf {
    std::uint64_t inventory_seq = 0;
    std::uint64_t booking_seq = 0;
    double lag_s = 0;
};

struct Context {
    const Index& index;
    const Places& places;
    std::function<AsOf()> as_of;
    std::string departement;  // preferred for names of places that exist twice, may be empty
};

/// GET /v1/search, /v1/places, /v1/spaces/{id}/{week,availability,alternatives,first-free},
/// /v1/sites/{id}/availability
void add_routes(net::Router& router, Context context);

}  // namespace preau::search
