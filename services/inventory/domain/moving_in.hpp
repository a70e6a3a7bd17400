#pragma once
// From a body's own spreadsheets to facts of the catalogue: rooms with their parts, opening hours,
// votes of the boards, tariffs. Pure: files are read elsewhere. A line that cannot be right is a
// fault with its number and reason, and gives no record at all. Columns: docs/moving-in.md.

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/inventory/domain/establishment.hpp"
#include "services/inventory/domain/space.hpp"
#include "services/inventory/domain/tariff.hpp"
#include "shared/text/sheet.hpp"

namespace preau::inventory::moving_in {

/// Folded words that people write, and the code that they stand for.
using Words = std::map<std::string, std::string, std::less<>>;
struct Vocabulary {
    Words kinds;
    Words equipment;
    Words purposes;
};

/// The establishments of the body, by UAI.
using Establishments = std::map<std::string, EstablishmentFacts, std::less<>>;

/// A record and the line that it stands on.
template <class Record>
struct Told {
    std::size_t line = 0;
    Record record;
};

template <class Record>
struct Read {
    std::vector<Told<Record>> records;
    std::vector<text::SheetFault> faults;
};

/// Columns that must be there, then those that may.
std::span<const text::SheetColumn> room_columns();
std::span<const text::SheetColumn> hours_columns();
std::span<const text::SheetColumn> vote_columns();
std::span<const text::SheetColumn> tariff_columns();

/// Rooms, each with an offer of the whole, one for each part, and one for each set of parts that is
/// named. Ids follow from the UAI and the room's code; twice the same code is a fault.
Read<Space> read_rooms(const text::Sheet& sheet, const Establishments& establishments,
                       const Vocabulary& words);

/// Adds opening hours to the rooms: a line without a room's code is for all rooms of its
/// establishment. Gives the faults.
std::vector<text::SheetFault> add_hours(const text::Sheet& sheet, std::vector<Told<Space>>& rooms,
                                        const Establishments& establishments);

Read<Deliberation> read_votes(const text::Sheet& sheet, const Establishments& establishments,
                              time::Date today);

/// One grid for each vote: the lines of one number belong together, and a fault in one of them
/// leaves the whole grid out. Without UAI it is the body's.
Read<Tariff> read_tariffs(const text::Sheet& sheet, const Establishments& establishments,
                          const base::BodyId& body);

}  // namespace preau::inventory::moving_in
