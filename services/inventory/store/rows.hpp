#pragma once
// Rows to facts: the SELECTs of the catalogue inside a running transaction.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/inventory/domain/catalogue.hpp"
#include "shared/db/database.hpp"

namespace preau::inventory::rows {

struct EstablishmentFilter {
    std::optional<std::string> id;
    std::optional<std::string> slug;
    std::optional<std::string> uai;
    std::optional<std::string> body;
    std::string words;  // folded
    std::string after;  // slug
    int limit = 0;      // 0: all
};

std::vector<EstablishmentFacts> establishments(db::Session& session,
                                               const EstablishmentFilter& filter);

/// How many spaces of each of these establishments are published.
std::map<std::string, std::int64_t> published_spaces(db::Session& session,
                                                     const std::vector<EstablishmentFacts>& of);

struct SpaceFilter {
    std::optional<std::string> id;
    std::optional<std::string> slug;
    std::optional<std::string> establishment;
    std::optional<std::string> body;
    const Visibility* visibility = nullptr;  // null: drafts too
    std::string after;
    int limit = 0;
};

/// In the order of slugs. Throws std::runtime_error when stored JSON cannot be read.
std::vector<SpaceFacts> spaces(db::Session& session, const SpaceFilter& filter);

/// In the order of their beginning.
std::vector<Deliberation> deliberations(db::Session& session,
                                        const base::EstablishmentId& establishment);

StoredCalendars calendars(db::Session& session);
std::vector<Tariff> tariffs(db::Session& session, const std::optional<std::string>& body);

}  // namespace preau::inventory::rows
