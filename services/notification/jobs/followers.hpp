#pragma once
// Follows the feeds that messages are made of.

#include <memory>
#include <string>

#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"
#include "shared/events/reader.hpp"

namespace preau::notification {

std::unique_ptr<events::Sink> accounts_sink(db::Database& database);

/// Facts of `feed` ("booking" or "payment"). They wait until accounts' posts were read once: before
/// that nobody knows whom to tell.
std::unique_ptr<events::Sink> facts_sink(db::Database& database, std::string feed,
                                         const base::Clock& business, const base::Clock& machine);

}  // namespace preau::notification
