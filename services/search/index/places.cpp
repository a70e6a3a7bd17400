#include "services/search/index/places.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <numbers>
#include <tuple>

#include "shared/text/french.hpp"

namespace preau::search {
namespace {

constexpr std::size_t kTypoLettersMax = 2;
constexpr int kLinesPerBlock = 500;

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Levenshtein distance, or `bound` + 1 as soon as it is larger.
std::size_t distance(std::string_view a, std::string_view b, std::size_t bound) {
    if (a.size() > b.size() + bound || b.size() > a.size() + bound) return bound + 1;
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        std::size_t least = row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
            least = std::min(least, row[j]);
        }
        if (least > bound) return bound + 1;
    }
    return row[b.size()];
}

}  // namespace

std::string place_key(std::string_view text) {
    std::string out;
    const std::string plain = text::folded(text);
    std::size_t at = 0;
    while (at < plain.size()) {
        const std::size_t end = std::min(plain.find(' ', at), plain.size());
        const std::string word = plain.substr(at, end - at);
        if (!out.empty()) out += ' ';
        out += word == "st" ? "saint" : word == "ste" ? "sainte" : word;
        at = end + 1;
    }
    return out;
}

double distance_km(double lat_a, double lon_a, double lat_b, double lon_b) {
    constexpr double kEarthRadiusKm = 6'371;
    constexpr double kRadians = std::numbers::pi / 180;
    const double dlat = (lat_b - lat_a) * kRadians;
    const double dlon = (lon_b - lon_a) * kRadians;
    const double h = std::pow(std::sin(dlat / 2), 2) + std::cos(lat_a * kRadians) *
                                                           std::cos(lat_b * kRadians) *
                                                           std::pow(std::sin(dlon / 2), 2);
    return 2 * kEarthRadiusKm * std::asin(std::min(1.0, std::sqrt(h)));
}

/// In blocks of lines, so that the file never lies in memory as 400,000 fields.
base::Result<Places> Places::load(const std::string& file) {
    std::ifstream in(file);
    std::string header;
    if (!std::getline(in, header)) return base::fail("internal", "cannot read " + file);
    Places places;
    while (in) {
        std::string block = header + "\n";
        std::string line;
        for (int n = 0; n < kLinesPerBlock && std::getline(in, line); ++n)
            block += line + "\n";
        if (const auto missing = places.take(text::parse_csv(block)); !missing.empty()) {
            return base::fail("internal", file + ": no column " + missing);
        }
    }
    places.pool_.shrink_to_fit();
    places.rows_.shrink_to_fit();
    std::ranges::sort(places.rows_, {}, [&](const Row& row) { return places.folded(row); });
    return places;
}

std::string Places::take(const text::CsvTable& table) {
    std::array<std::size_t, 6> at{};
    std::size_t n = 0;
    for (const char* name : {"code_insee", "nom", "codes_postaux", "population", "lat", "lon"}) {
        const auto column = table.column({name});
        if (!column) return name;
        at[n++] = *column;
    }
    for (const auto& line : table.rows) {
        if (!line.fault.empty() || line.fields[at[4]].empty()) continue;
        const std::string key = place_key(line.fields[at[1]]);
        Row row;
        row.name = static_cast<std::uint32_t>(pool_.size());
        row.name_length = keep(line.fields[at[1]]);
        row.folded_length = keep(key);
        row.postcodes_length = keep(line.fields[at[2]]);
        std::memcpy(row.insee, line.fields[at[0]].data(),
                    std::min(line.fields[at[0]].size(), sizeof row.insee));
        row.population = static_cast<std::int32_t>(std::atol(line.fields[at[3]].c_str()));
        row.lat = std::strtof(line.fields[at[4]].c_str(), nullptr);
        row.lon = std::strtof(line.fields[at[5]].c_str(), nullptr);
        rows_.push_back(row);
    }
    return {};
}

std::uint8_t Places::keep(std::string_view text) {
    text = text.substr(0, std::numeric_limits<std::uint8_t>::max());
    pool_ += text;
    return static_cast<std::uint8_t>(text.size());
}

std::string_view Places::name(const Row& row) const {
    return std::string_view(pool_).substr(row.name, row.name_length);
}

std::string_view Places::folded(const Row& row) const {
    return std::string_view(pool_).substr(row.name + row.name_length, row.folded_length);
}

std::string_view Places::postcodes(const Row& row) const {
    return std::string_view(pool_).substr(row.name + row.name_length + row.folded_length,
                                          row.postcodes_length);
}

Place Places::place(const Row& row) const {
    return {std::string(row.insee, sizeof row.insee),
            std::string(name(row)),
            std::string(postcodes(row).substr(0, 5)),
            static_cast<double>(row.lat),
            static_cast<double>(row.lon),
            row.population};
}

std::vector<const Places::Row*> Places::ranked(std::vector<const Row*> rows,
                                               std::string_view departement) const {
    const auto elsewhere = [&](const Row* row) {
        return departement.empty() || !std::string_view(row->insee, 5).starts_with(departement);
    };
    std::ranges::sort(rows, [&](const Row* a, const Row* b) {
        return std::tuple(elsewhere(a), -a->population) < std::tuple(elsewhere(b), -b->population);
    });
    return rows;
}

std::vector<const Places::Row*> Places::beginning_with(std::string_view folded_text) const {
    std::vector<const Row*> out;
    const auto first = std::ranges::lower_bound(rows_, folded_text, {},
                                                [&](const Row& row) { return folded(row); });
    for (auto row = first; row != rows_.end() && folded(*row).starts_with(folded_text); ++row) {
        out.push_back(&*row);
    }
    return out;
}

std::optional<Place> Places::find(std::string_view text, std::string_view departement) const {
    const std::string key = place_key(text);
    if (key.empty()) return std::nullopt;
    std::vector<const Row*> found;
    if (key.size() == 5 && is_digits(std::string_view(key).substr(2))) {
        // A postcode is what people write; an INSEE code what programs do.
        for (const Row& row : rows_) {
            if (postcodes(row).find(key) != std::string_view::npos) found.push_back(&row);
        }
        for (const Row& row : rows_) {
            const std::string_view insee(row.insee, sizeof row.insee);
            const bool same = std::ranges::equal(
                insee, key, [](char a, char b) { return std::tolower(a) == std::tolower(b); });
            if (same && found.empty()) found.push_back(&row);
        }
    } else {
        for (const Row* row : beginning_with(key)) {
            if (folded(*row) == key) found.push_back(row);
        }
    }
    if (found.empty()) return std::nullopt;
    return place(*ranked(std::move(found), departement).front());
}

std::vector<Place> Places::suggest(std::string_view text, std::string_view departement,
                                   std::size_t count_max) const {
    const std::string key = place_key(text);
    std::vector<const Row*> found;
    if (!key.empty() && is_digits(key)) {
        for (const Row& row : rows_) {
            if (postcodes(row).starts_with(key)) found.push_back(&row);
        }
    } else if (!key.empty()) {
        found = beginning_with(key);
    }
    if (found.empty() && key.size() >= 3 && !is_digits(key)) {
        std::size_t best = kTypoLettersMax;
        for (const Row& row : rows_) {
            const std::size_t off = distance(key, folded(row), best);
            if (off > best) continue;
            if (off < best) found.clear();
            best = off;
            found.push_back(&row);
        }
    }
    std::vector<Place> out;
    for (const Row* row : ranked(std::move(found), departement)) {
        if (out.size() == count_max) break;
        out.push_back(place(*row));
    }
    return out;
}

}  // namespace preau::search
