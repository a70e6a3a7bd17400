#include "tests/unit/services/search/rooms.hpp"

#include <algorithm>
#include <stdexcept>

namespace preau::search::testing {

using rules::testing::always;
using rules::testing::id;

const Places& isere_places() {
    static const Places places = Places::load(PREAU_TEST_DATA "/communes_isere.csv").value();
    return places;
}

base::OfferId offer_id(const wire::Space& space, std::string_view part) {
    return id<base::OfferId>(space.slug + " " + std::string(part));
}

wire::Space room(const RoomTraits& traits) {
    wire::Space out;
    out.slug = traits.slug;
    out.name = "Salle " + traits.slug;
    out.id = id<base::SpaceId>(traits.slug);
    out.body = id<base::BodyId>("isere");
    out.site = id<base::SiteId>(traits.slug);
    out.establishment = id<base::EstablishmentId>(traits.slug);
    out.establishment_name = "Collège " + traits.slug;
    out.kind = traits.kind;
    out.capacity_seated = traits.capacity;
    out.published = true;
    out.demonstration = true;
    out.zone = "Europe/Paris";
    out.school_zone = "A";
    out.territory = "metropole";
    out.lat = traits.lat;
    out.lon = traits.lon;
    out.opening = {{always("08:00", "22:00")}, {}, true};
    out.version = 1;
    rules::Offer all;
    all.id = offer_id(out);
    all.name = "Tout";
    all.capacity = traits.capacity;
    all.tariff_kind = traits.kind;
    for (const auto& name : traits.parts) {
        const auto part = id<base::PartId>(traits.slug + " " + name);
        out.parts.push_back({part, name});
        all.parts.push_back(part);
    }
    std::ranges::sort(all.parts);
    out.offers.push_back(all);
    if (traits.parts.size() == 1) return out;
    for (const auto& part : out.parts) {
        auto offer = all;
        offer.id = offer_id(out, part.name);
        offer.name = part.name;
        offer.parts = {part.id};
        offer.capacity = traits.capacity / static_cast<int>(traits.parts.size());
        out.offers.push_back(offer);
    }
    return out;
}

wire::Tariff vote(const std::string& name,
                  const std::vector<std::pair<std::string, std::int64_t>>& hours,
                  const std::string& own_slug, std::int64_t version) {
    wire::Tariff out;
    out.body = id<base::BodyId>("isere");
    if (!own_slug.empty()) out.establishment = id<base::EstablishmentId>(own_slug);
    out.grid.id = base::seeded_ulid(1, name);
    out.grid.number = 1;
    out.grid.voted_on = rules::testing::day("2026-06-26");
    out.grid.executory_from = rules::testing::day("2026-09-01");
    out.version = version;
    for (const auto& [kind, cents] : hours) {
        out.grid.lines.push_back({kind, 'C', rules::Unit::hour, {cents}});
        out.grid.lines.push_back({kind, 'A', rules::Unit::hour, {0}});
    }
    return out;
}

Occupancy occupancy(const std::string& id, std::int64_t version, const wire::Space& space,
                    const std::vector<rules::Slot>& slots, rules::OccupationKind kind,
                    std::string_view part) {
    Occupancy out{id, version, {}};
    const auto offer = std::ranges::find(space.offers, offer_id(space, part), &rules::Offer::id);
    for (const auto& slot : slots) {
        for (const auto& one : offer->parts) {
            rules::Occupation taken;
            taken.part = one;
            taken.interval = slot.interval;
            taken.kind = kind;
            taken.offer = offer->id;
            taken.buffer_before_s = offer->buffer_before_min * 60;
            taken.buffer_after_s = offer->buffer_after_min * 60;
            out.occupations.push_back(taken);
        }
    }
    return out;
}

bool is_free(const Index::View& view, const SpaceEntry& space, const rules::Offer& offer,
             const rules::Slot& slot) {
    return view.free_time(space, offer).among(AskedDates({{slot}, {}}, view.horizon()))[0];
}

SearchWorld::SearchWorld() {
    Facts calendars;
    calendars.schools = {rules::testing::school('A')};
    calendars.holidays = {rules::testing::metropole()};
    index.apply(std::move(calendars));
    add_routes(router_, {.index = index,
                         .places = isere_places(),
                         .as_of = [this] { return as_of; },
                         .departement = "38"});
}

void SearchWorld::put(const std::vector<wire::Space>& spaces) {
    Facts facts;
    facts.spaces = spaces;
    index.apply(std::move(facts));
}

void SearchWorld::put(Occupancy one) {
    Facts facts;
    facts.occupancies.push_back(std::move(one));
    index.apply(std::move(facts));
}

void SearchWorld::put(const wire::Tariff& tariff) {
    Facts facts;
    facts.tariffs.push_back(tariff);
    index.apply(std::move(facts));
}

nlohmann::json SearchWorld::get(const std::string& path, const Query& query) {
    const auto match = router_.find(net::Method::get, path);
    if (match.route == nullptr) throw std::logic_error("no route " + path);
    net::Request request;
    request.path = path;
    request.params = match.params;
    for (const auto& [name, value] : query)
        request.query.add(name, value);
    const auto response = match.route->handler(request);
    status = response.status;
    return nlohmann::json::parse(response.body);
}

std::vector<std::string> SearchWorld::rooms(const Query& query) {
    const auto answer = get("/v1/search", query);
    if (status != 200) throw std::logic_error(answer.dump());
    std::vector<std::string> out;
    for (const auto& item : answer["items"])
        out.push_back(item["slug"]);
    return out;
}

std::vector<std::string> SearchWorld::faults(const std::string& path, const Query& query) {
    const auto answer = get(path, query);
    std::vector<std::string> out;
    for (const auto& error : answer.value("errors", nlohmann::json::array())) {
        out.push_back(error["pointer"].get<std::string>() + " " + error["code"].get<std::string>());
    }
    return out;
}

Query one_evening() {
    return {{"date", "2026-12-01"}, {"start_time", "18:00"}, {"end_time", "20:00"}};
}

Query ten_tuesdays() {
    return {{"weekdays", "tue"},
            {"from", "2026-12-01"},
            {"until", "2027-02-02"},
            {"start_time", "19:00"},
            {"end_time", "21:00"}};
}

Query with(Query query, const std::string& name, const std::string& value) {
    std::erase_if(query, [&](const auto& pair) { return pair.first == name; });
    query.emplace_back(name, value);
    return query;
}

}  // namespace preau::search::testing
