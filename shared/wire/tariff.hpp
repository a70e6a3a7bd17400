#pragma once
// The JSON form of a vote of a tariff grid, as in tariff_changed.v1, and the set of votes that a
// reader keeps.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/id.hpp"
#include "shared/base/result.hpp"
#include "shared/rules/tariff.hpp"
#include "shared/wire/price.hpp"

namespace preau::wire {

/// A vote with whose it is.
struct Tariff {
    base::BodyId body;
    std::optional<base::EstablishmentId> establishment;  // nothing: the whole body
    rules::TariffVersion grid;
    std::int64_t version = 0;  // of the aggregate
};

nlohmann::json to_json(const Tariff& tariff);
/// `invalid` with pointers when a member is missing or out of range.
base::Result<Tariff> tariff_from_json(const nlohmann::json& value);

/// What a vote says besides its lines: modifiers, extras, deposits, down payment, free uses.
nlohmann::json rules_json(const rules::TariffVersion& grid);
/// Adds them to `grid`; members that are missing leave it as it is. `invalid` with pointers.
base::Result<void> rules_from_json(const nlohmann::json& value, rules::TariffVersion& grid);

/// All votes known to a reader.
class Tariffs {
public:
    /// A version that is not newer than the known one is ignored.
    void put(Tariff tariff);
    void clear() { known_.clear(); }
    /// What may apply at an establishment: its own votes, marked so, and those of its body.
    std::vector<rules::TariffVersion> at(const base::BodyId& body,
                                         const base::EstablishmentId& establishment) const;

private:
    std::map<std::string, Tariff> known_;  // by tariff id
};

}  // namespace preau::wire
