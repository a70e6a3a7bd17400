#include "tests/bench/search/town.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "shared/text/csv.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::bench {
namespace {

using rules::testing::id;

constexpr double kGrenobleLat = 45.188;
constexpr double kGrenobleLon = 5.727;
constexpr std::int32_t kSeriesDates = 36;
constexpr std::int32_t kSingleDays = 365;

int below(std::mt19937_64& random, int bound) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(bound));
}

rules::Offer offer_of(const wire::Space& space, const std::string& key, int capacity) {
    rules::Offer out;
    out.id = id<base::OfferId>(space.slug + key);
    out.name = key;
    out.capacity = capacity;
    out.tariff_kind = space.kind;
    if (space.kind == "gym") out.buffer_after_min = 15;
    return out;
}

wire::Space room(const College& college, const std::string& kind, std::size_t number,
                 int capacity) {
    wire::Space out;
    out.slug = kind + std::to_string(number) + "-" + college.uai;
    out.name = "Salle " + std::to_string(number);
    out.id = id<base::SpaceId>(out.slug);
    out.body = id<base::BodyId>("body");
    out.site = id<base::SiteId>(college.uai);
    out.establishment = id<base::EstablishmentId>(college.uai);
    out.establishment_name = college.name;
    out.kind = kind;
    out.capacity_seated = capacity;
    out.equipment = {"chairs", "projector", "tables", "whiteboard"};
    out.purposes = {"exam", "meeting", "training", "workshop"};
    out.published = true;
    out.zone = "Europe/Paris";
    out.school_zone = "A";
    out.territory = "metropole";
    out.lat = college.lat;
    out.lon = college.lon;
    out.opening = {{rules::testing::always("08:00", "22:00")}, {}, true};
    out.version = 1;
    rules::Offer whole = offer_of(out, "whole", capacity);
    for (const char* part : {"A", "B", "C"}) {
        const auto part_id = id<base::PartId>(out.slug + part);
        out.parts.push_back({part_id, part});
        whole.parts.push_back(part_id);
        if (kind != "gym") break;
    }
    std::ranges::sort(whole.parts);
    out.offers.push_back(whole);
    if (kind != "gym") return out;
    for (const auto& part : out.parts) {
        out.offers.push_back(offer_of(out, part.name, capacity / 3));
        out.offers.back().parts = {part.id};
    }
    return out;
}

}  // namespace

std::vector<College> colleges(const std::string& data) {
    std::ifstream in(data + "/colleges_publics_france.csv");
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    const text::CsvTable table = text::parse_csv(all);
    const auto uai = table.column({"uai"});
    const auto name = table.column({"nom"});
    const auto lat = table.column({"lat"});
    const auto lon = table.column({"lon"});
    if (!uai || !name || !lat || !lon) throw std::runtime_error("cannot read the collèges");
    std::vector<College> out;
    for (const auto& row : table.rows) {
        if (!row.fault.empty() || row.fields[*lat].empty()) continue;
        out.push_back({row.fields[*uai], row.fields[*name],
                       std::strtod(row.fields[*lat].c_str(), nullptr),
                       std::strtod(row.fields[*lon].c_str(), nullptr)});
    }
    std::ranges::sort(out, {}, [](const College& one) {
        return search::distance_km(kGrenobleLat, kGrenobleLon, one.lat, one.lon);
    });
    return out;
}

std::vector<wire::Space> rooms_of(const std::vector<College>& colleges, std::size_t count,
                                  std::size_t total, std::mt19937_64& random) {
    std::vector<wire::Space> out;
    out.reserve(total);
    for (const College& college : colleges) {
        for (std::size_t n = 0; n < count && out.size() < total; ++n) {
            out.push_back(n == 0   ? room(college, "gym", n, 90 + 12 * below(random, 6))
                          : n <= 2 ? room(college, "polyvalente", n, 40 + 10 * below(random, 7))
                                   : room(college, "classroom", n, 26 + below(random, 9)));
        }
    }
    return out;
}

std::vector<search::Occupancy> bookings_of(const std::vector<wire::Space>& rooms,
                                           std::size_t first_number, std::size_t count,
                                           std::size_t series_one_in, time::Date first_day,
                                           std::mt19937_64& random) {
    std::vector<search::Occupancy> out;
    out.reserve(count);
    const time::Zone& paris = time::Zone::paris();
    for (std::size_t n = first_number; n < first_number + count; ++n) {
        const wire::Space& space = rooms[random() % rooms.size()];
        const rules::Offer& offer = space.offers[random() % space.offers.size()];
        const bool series = series_one_in > 0 && n % series_one_in == 0;
        rules::Occupation one;
        one.buffer_after_s = offer.buffer_after_min * 60;
        const time::Minute start = 8 * 60 + 30 * below(random, 25);
        const time::Date day = first_day + below(random, series ? 7 : kSingleDays);
        search::Occupancy occupancy{base::seeded_ulid(n, "booking"), 1, {}};
        for (std::int32_t date = 0; date < (series ? kSeriesDates : 1); ++date) {
            const auto begin = paris.instant_or_jump(day + 7 * date, start);
            one.interval = {begin, begin + 2 * 3'600};
            for (const auto& part : offer.parts) {
                one.part = part;
                occupancy.occupations.push_back(one);
            }
        }
        out.push_back(std::move(occupancy));
    }
    return out;
}

}  // namespace preau::bench
