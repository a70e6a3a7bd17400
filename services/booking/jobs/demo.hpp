#pragma once
// `preau-booking demo --seed 38`: fills a demonstration instance through the guard, as an import of
// a body's old calendar would. Running it again changes nothing.

#include <cstdint>
#include <string>
#include <vector>

#include "services/booking/domain/desk.hpp"
#include "services/booking/store/sql_store.hpp"
#include "shared/db/database.hpp"

namespace preau::booking::demo {

struct Loaded {
    int created = 0;
    int known = 0;     // were there already
    int left_out = 0;  // no free date, or beyond the published calendar
    int occurrences = 0;
    int closures = 0;
    int clashes = 0;  // dates of the planted series that are not free, per school year at most 3
};

/// `invalid` with the argument's name.
base::Result<std::uint64_t> seed_of(const std::vector<std::string>& arguments);

base::Result<Loaded> load(db::Database& database, SqlStore& store, const Desk& desk,
                          std::uint64_t seed);

}  // namespace preau::booking::demo
