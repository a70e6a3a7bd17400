#include "services/inventory/domain/open_data.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

#include "services/inventory/domain/territory.hpp"
#include "services/inventory/domain/uai.hpp"
#include "shared/base/demo_ids.hpp"
#include "shared/text/french.hpp"

namespace preau::inventory {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t end = text.find(separator);
        out.push_back(text::collapsed(text.substr(0, end)));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

/// Two columns of a table as a map; rows with faults or without a key are left out.
base::Result<std::map<std::string, std::string, std::less<>>> pairs_of(const text::CsvTable& table,
                                                                       std::string_view key,
                                                                       std::string_view value) {
    const auto key_at = table.column({key});
    const auto value_at = table.column({value});
    if (!key_at || !value_at)
        return base::fail("invalid", "no column " + std::string(!key_at ? key : value));
    std::map<std::string, std::string, std::less<>> out;
    for (const text::CsvRow& row : table.rows) {
        if (row.fault.empty() && !row.fields[*key_at].empty()) {
            out[text::collapsed(row.fields[*key_at])] = text::collapsed(row.fields[*value_at]);
        }
    }
    return out;
}

/// Columns of a file of collèges, under our names or the Ministry's.
struct CollegeColumns {
    enum Column {
        uai,
        name,
        address,
        postcode,
        commune,
        insee,
        departement,
        academie,
        lat,
        lon,
        state,
        count
    };
    std::array<std::size_t, count> at{};
    std::optional<std::size_t> sector;
    std::optional<std::size_t> nature;
    std::optional<std::size_t> siret;
};

base::Result<CollegeColumns> college_columns(const text::CsvTable& table) {
    using C = CollegeColumns;
    static constexpr std::array<std::pair<std::string_view, std::string_view>, C::count> kNames{{
        {"uai", "numero_uai"},
        {"nom", "appellation_officielle"},
        {"adresse", "adresse_uai"},
        {"code_postal", "code_postal_uai"},
        {"commune", "libelle_commune"},
        {"code_insee", "code_commune"},
        {"code_departement", "code_departement"},
        {"academie", "libelle_academie"},
        {"lat", "latitude"},
        {"lon", "longitude"},
        {"etat", "etat_etablissement_libe"},
    }};
    CollegeColumns columns;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        const auto found = table.column({kNames[i].first, kNames[i].second});
        if (!found) return base::fail("invalid", "no column " + std::string(kNames[i].first));
        columns.at[i] = *found;
    }
    columns.sector = table.column({"secteur", "secteur_public_prive_libe"});
    columns.nature = table.column({"nature_uai"});
    columns.siret = table.column({"siret", "siren_siret"});
    return columns;
}

/// "College X" and "Collége X" are slips of the source.
std::string college_name(std::string_view text) {
    std::string name = text::collapsed(text);
    for (const std::string_view slip : {"College ", "Collége ", "COLLEGE "}) {
        if (name.starts_with(slip)) return "Collège " + name.substr(slip.size());
    }
    return name;
}

/// The address of a building has no CEDEX code: where the commune has only one postcode, take that.
std::string street_postcode(const std::string& published, const Commune* commune) {
    if (commune == nullptr || commune->postcodes.size() != 1) return published;
    return commune->postcodes.front();
}

bool is_postcode(std::string_view text) {
    return text.size() == 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Readable and unique: the UAI is added only when another collège has the same words.
std::string establishment_slug(const EstablishmentFacts& facts,
                               const std::set<std::string>& taken) {
    const std::string name = text::slug(facts.establishment.name);
    const std::string commune = text::slug(facts.site.commune_name);
    std::string out = name.ends_with("-" + commune) ? name : name + "-" + commune;
    if (out.size() > 100) out.resize(out.rfind('-', 100));
    if (taken.contains(out)) out += "-" + text::slug(facts.establishment.uai);
    return out;
}

/// Without what people put between groups of digits.
std::string digits_of(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= '0' && c <= '9') out += c;
    }
    return out;
}

struct CollegeReader {
    const CollegeColumns& columns;
    const Gazetteer& gazetteer;
    std::optional<base::BodyId> body;

    std::string get(const text::CsvRow& row, CollegeColumns::Column column) const {
        return text::collapsed(row.fields[columns.at[column]]);
    }

    /// Why the line cannot be right, without a code when it can. Fills `out`.
    text::SheetFault read(const text::CsvRow& row, EstablishmentFacts& out) const {
        using C = CollegeColumns;
        Establishment& establishment = out.establishment;
        Site& site = out.site;
        establishment.uai = get(row, C::uai);
        if (!is_uai(establishment.uai)) return {row.line, "uai", "uai", establishment.uai};
        establishment.name = college_name(get(row, C::name));
        if (columns.siret && !row.fields[*columns.siret].empty()) {
            establishment.siret = digits_of(row.fields[*columns.siret]);
            if (establishment.siret->size() != 14)
                return {row.line, "siret", "siret", row.fields[*columns.siret]};
        }
        establishment.academie = get(row, C::academie);
        const auto zone = gazetteer.academies.find(establishment.academie);
        if (zone == gazetteer.academies.end())
            return {row.line, "unknown_word", "academie", establishment.academie};
        site.departement = departement_code(get(row, C::departement));
        const auto departement = gazetteer.departements.find(site.departement);
        if (departement == gazetteer.departements.end())
            return {row.line, "unknown_word", "code_departement", get(row, C::departement)};
        if (auto fault = read_place(row, site); !fault.code.empty()) return fault;
        site.school_zone = zone->second;
        site.zone = zone_of(site.departement, site.commune_insee);
        site.territory = territory_of(site.departement);
        establishment.id = base::demo::establishment_id(establishment.uai);
        establishment.body = body.value_or(base::demo::body_id(text::slug(departement->second)));
        site.id = base::demo::id<base::SiteId>("site", establishment.uai);
        site.establishment = establishment.id;
        return {};
    }

    text::SheetFault read_place(const text::CsvRow& row, Site& site) const {
        using C = CollegeColumns;
        site.commune_insee = get(row, C::insee);
        if (site.commune_insee.size() != 5)
            return {row.line, "insee", "code_insee", site.commune_insee};
        const auto found = gazetteer.communes.find(site.commune_insee);
        const Commune* commune = found == gazetteer.communes.end() ? nullptr : &found->second;
        site.commune_name = commune == nullptr ? get(row, C::commune) : commune->name;
        if (site.commune_name.empty()) return {row.line, "required", "commune"};
        const std::string postcode = get(row, C::postcode);
        if (!is_postcode(postcode)) return {row.line, "postcode", "code_postal", postcode};
        site.postcode = street_postcode(postcode, commune);
        site.address = text::without_shouting(get(row, C::address));
        const std::string lat = get(row, C::lat);
        const std::string lon = get(row, C::lon);
        if (lat.empty() || lon.empty()) return {row.line, "coordinates_missing"};
        const auto lat_e6 = microdegrees(lat);
        const auto lon_e6 = microdegrees(lon);
        if (!lat_e6 || !lon_e6 || std::abs(*lat_e6) > 90'000'000 ||
            std::abs(*lon_e6) > 180'000'000 || (*lat_e6 == 0 && *lon_e6 == 0)) {
            return {row.line, "coordinates", {}, lat + " ; " + lon};
        }
        site.point = {*lat_e6, *lon_e6};
        return {};
    }
};

bool is_public_college(const text::CsvRow& row, const CollegeColumns& columns) {
    if (columns.sector && text::folded(row.fields[*columns.sector]) != "public") return false;
    // 340 collège, 350 climatic collège, 352 collège of special education.
    const std::string nature =
        columns.nature ? text::collapsed(row.fields[*columns.nature]) : "340";
    return nature == "340" || nature == "350" || nature == "352";
}

}  // namespace

std::optional<std::int64_t> microdegrees(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view decimals = point == std::string_view::npos ? "" : text.substr(point + 1);
    if (whole.empty() || whole.size() > 3) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : whole) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    for (std::size_t i = 0; i < decimals.size(); ++i) {
        if (decimals[i] < '0' || decimals[i] > '9') return std::nullopt;
        if (i < 6) value = value * 10 + (decimals[i] - '0');
        if (i == 6 && decimals[i] >= '5') ++value;  // the Ministry publishes more decimals
    }
    for (std::size_t i = decimals.size(); i < 6; ++i)
        value *= 10;
    return negative ? -value : value;
}

base::Result<Gazetteer> read_gazetteer(const text::CsvTable& communes,
                                       const text::CsvTable& academies,
                                       const text::CsvTable& departements) {
    Gazetteer out;
    const auto code = communes.column({"code_insee"});
    const auto name = communes.column({"nom"});
    const auto postcodes = communes.column({"codes_postaux"});
    if (!code || !name || !postcodes)
        return base::fail("invalid", "communes: no column code_insee, nom or codes_postaux");
    for (const text::CsvRow& row : communes.rows) {
        if (!row.fault.empty()) continue;
        out.communes[row.fields[*code]] = {text::collapsed(row.fields[*name]),
                                           split(row.fields[*postcodes], '|')};
    }
    auto zones = pairs_of(academies, "academie", "zone");
    if (!zones) return std::unexpected(zones.error());
    out.academies = std::move(*zones);
    auto names = pairs_of(departements, "code", "nom");
    if (!names) return std::unexpected(names.error());
    out.departements = std::move(*names);
    return out;
}

base::Result<Colleges> read_colleges(const text::CsvTable& table,
                                     const std::set<std::string>& departements,
                                     const Gazetteer& gazetteer,
                                     const std::optional<base::BodyId>& body) {
    using C = CollegeColumns;
    const auto columns = college_columns(table);
    if (!columns) return std::unexpected(columns.error());
    const CollegeReader reader{*columns, gazetteer, body};
    Colleges out;
    std::set<std::string> seen;
    std::set<std::string> slugs;
    for (const text::CsvRow& row : table.rows) {
        ++out.read;
        if (!row.fault.empty()) {
            out.faults.push_back(text::fault_of(row, table.header.size()));
            continue;
        }
        if (!departements.empty() &&
            !departements.contains(departement_code(reader.get(row, C::departement)))) {
            ++out.elsewhere;
            continue;
        }
        if (!is_public_college(row, *columns)) {
            ++out.not_public;
            continue;
        }
        if (text::folded(reader.get(row, C::state)) != "ouvert" ||
            text::folded(reader.get(row, C::name)).empty()) {
            ++out.not_open;
            continue;
        }
        EstablishmentFacts facts;
        text::SheetFault fault = reader.read(row, facts);
        if (fault.code.empty() && !seen.insert(facts.establishment.uai).second)
            fault = {row.line, "uai_twice", "uai", facts.establishment.uai};
        if (!fault.code.empty()) {
            out.faults.push_back(std::move(fault));
            continue;
        }
        facts.establishment.slug = establishment_slug(facts, slugs);
        slugs.insert(facts.establishment.slug);
        out.open.push_back(std::move(facts));
    }
    return out;
}

}  // namespace preau::inventory
