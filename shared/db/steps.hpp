#pragma once
// One step of a unit of work as a transaction of the database.

#include <functional>
#include <optional>

#include "shared/base/result.hpp"
#include "shared/db/database.hpp"

namespace preau::db {

using SessionStep = std::function<bool(Session&)>;

/// False undoes what the step did and is no error. `on_commit` may be empty.
std::optional<base::Error> write_step(Database& database, const SessionStep& step,
                                      const std::function<void()>& on_commit);
std::optional<base::Error> read_step(Database& database, const SessionStep& step);

}  // namespace preau::db
