#pragma once
// Facts to rows: the INSERTs and UPDATEs of the catalogue inside a running transaction.

#include <string>

#include "services/inventory/domain/catalogue.hpp"
#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"

namespace preau::inventory::rows {

void insert(db::Session& session, const EstablishmentFacts& facts);
void update(db::Session& session, const EstablishmentFacts& facts);
bool establishment_slug_taken(db::Session& session, const std::string& slug);

/// With its parts and offers.
void insert(db::Session& session, const Space& space);
/// Moves from version `space.version - 1` to `space.version`; false when another version is stored.
/// Parts and offers are written anew: other services know them by id and by events, never by row.
bool update(db::Session& session, const Space& space);

void insert(db::Session& session, const Deliberation& one, base::Instant now);

void insert(db::Session& session, const Tariff& tariff);
bool tariff_exists(db::Session& session, const std::string& id);

}  // namespace preau::inventory::rows
