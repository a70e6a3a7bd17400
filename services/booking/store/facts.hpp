#pragma once
// Spaces and calendars as values, parsed once for each version of their projection row. Which
// version holds is always read from the row, inside the transaction: the cache only saves the
// parsing.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <nlohmann/json.hpp>

#include "services/booking/domain/types.hpp"
#include "shared/wire/calendar.hpp"
#include "shared/wire/tariff.hpp"

namespace preau::booking {

/// From the facts of space_changed.v1; nothing (and a log line) when they cannot be read.
SpaceRef space_from_facts(const nlohmann::json& facts);

class FactsCache {
public:
    SpaceRef find(const std::string& space_id, std::int64_t version) const;
    void put(const SpaceRef& space);

    /// `fingerprint` names the versions of all calendar rows.
    std::shared_ptr<const wire::Calendars> calendars(const std::string& fingerprint) const;
    void put(std::string fingerprint, std::shared_ptr<const wire::Calendars> calendars);

    /// As calendars, with the versions of all tariff rows.
    std::shared_ptr<const wire::Tariffs> tariffs(const std::string& fingerprint) const;
    void put(std::string fingerprint, std::shared_ptr<const wire::Tariffs> tariffs);

    /// When a feed starts anew: version numbers may come again with other facts.
    void clear();

private:
    mutable std::mutex mutex_;
    std::map<std::string, SpaceRef> spaces_;
    std::string fingerprint_;
    std::shared_ptr<const wire::Calendars> calendars_;
    std::string tariff_fingerprint_;
    std::shared_ptr<const wire::Tariffs> tariffs_;
};

}  // namespace preau::booking
