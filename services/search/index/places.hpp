#pragma once
// The communes of France by name, postcode or INSEE code, offline. Names are compared without
// accents, hyphens and case, and "St" is "Saint".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/text/csv.hpp"

namespace preau::search {

struct Place {
    std::string insee;
    std::string name;
    std::string postcode;  // the first of its postcodes
    double lat = 0;
    double lon = 0;
    std::int64_t population = 0;
};

/// A name as it is compared: folded, with "st" and "ste" written out.
std::string place_key(std::string_view text);

/// Great-circle distance in kilometres on a sphere of 6,371 km.
double distance_km(double lat_a, double lon_a, double lat_b, double lon_b);

class Places {
public:
    /// Reads data/communes_france.csv; rows without a centroid are left out, since nothing can be
    /// near them. The error names the file.
    static base::Result<Places> load(const std::string& file);

    /// The commune that `text` means: an INSEE code, a postcode (its largest commune) or a name. Of
    /// several of one name the one in `departement` wins, then the largest.
    std::optional<Place> find(std::string_view text, std::string_view departement) const;

    /// For typing along: names that begin with `text`, or postcodes; if there are none, names at
    /// most two letters off. Those of `departement` first, then the largest. At most `count_max`.
    std::vector<Place> suggest(std::string_view text, std::string_view departement,
                               std::size_t count_max) const;

    std::size_t size() const { return rows_.size(); }

private:
    /// Texts lie in one pool, a row's three behind one another: 35,000 small strings would cost
    /// more in headers than in letters.
    struct Row {
        std::uint32_t name = 0;  // where it begins
        std::uint8_t name_length = 0;
        std::uint8_t folded_length = 0;
        std::uint8_t postcodes_length = 0;
        char insee[5] = {};
        float lat = 0;
        float lon = 0;
        std::int32_t population = 0;
    };
    /// Keeps the lines; the name of a column that is missing, or nothing.
    std::string take(const text::CsvTable& table);
    /// Puts the text behind the pool, cut to 255 bytes; how many it took.
    std::uint8_t keep(std::string_view text);
    std::string_view name(const Row& row) const;
    std::string_view folded(const Row& row) const;
    std::string_view postcodes(const Row& row) const;
    Place place(const Row& row) const;
    std::vector<const Row*> ranked(std::vector<const Row*> rows,
                                   std::string_view departement) const;
    std::vector<const Row*> beginning_with(std::string_view folded_text) const;

    std::string pool_;
    std::vector<Row> rows_;  // sorted by folded name
};

}  // namespace preau::search
