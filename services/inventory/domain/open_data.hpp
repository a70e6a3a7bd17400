#pragma once
// From lines of the open data to facts of the catalogue. Pure: files are read elsewhere. A line
// that cannot be right is a fault with its number and reason, and gives no record at all.

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/inventory/domain/establishment.hpp"
#include "shared/base/result.hpp"
#include "shared/rules/calendar.hpp"
#include "shared/text/csv.hpp"
#include "shared/text/sheet.hpp"

namespace preau::inventory {

struct Commune {
    std::string name;
    std::vector<std::string> postcodes;
};

/// What the collèges are looked up in.
struct Gazetteer {
    std::map<std::string, Commune, std::less<>> communes;       // by INSEE code
    std::map<std::string, std::string, std::less<>> academies;  // name -> school zone, may be empty
    std::map<std::string, std::string, std::less<>> departements;  // code -> name
};

/// communes_france.csv, academies_zones.csv, departements.csv. Error `invalid` with the missing
/// column.
base::Result<Gazetteer> read_gazetteer(const text::CsvTable& communes,
                                       const text::CsvTable& academies,
                                       const text::CsvTable& departements);

struct Colleges {
    std::vector<EstablishmentFacts> open;
    std::vector<text::SheetFault> faults;
    std::size_t elsewhere = 0;   // other départements
    std::size_t not_public = 0;  // private, or not a collège
    std::size_t not_open = 0;    // "A OUVRIR", or without a name
    std::size_t read = 0;        // all lines
};

/// The public collèges of `departements` (empty: all), as the Ministry publishes them or in the
/// columns of data/README.md. Ids and slugs follow from the UAI, names and communes. `body` gives
/// the lending body of a département's name; nothing means that it is derived from the name.
base::Result<Colleges> read_colleges(const text::CsvTable& table,
                                     const std::set<std::string>& departements,
                                     const Gazetteer& gazetteer,
                                     const std::optional<base::BodyId>& body = std::nullopt);

struct SchoolCalendars {
    std::vector<rules::SchoolCalendar> zones;
    std::vector<text::SheetFault> faults;
};

/// vacances_scolaires.csv. A calendar is known from its first published day to its last one: a
/// period whose end is not published counts for its first day only, and nothing is known after it.
base::Result<SchoolCalendars> read_school_holidays(const text::CsvTable& table);

struct HolidayCalendars {
    std::vector<rules::PublicHolidays> territories;
    std::vector<text::SheetFault> faults;
};

/// jours_feries.csv. Known for the whole of the years that the file covers.
base::Result<HolidayCalendars> read_public_holidays(const text::CsvTable& table);

/// Degrees with at most six decimals as millionths, exactly; nothing when it is not such a number.
std::optional<std::int64_t> microdegrees(std::string_view text);

}  // namespace preau::inventory
