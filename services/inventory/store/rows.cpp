#include "services/inventory/store/rows.hpp"

#include <map>
#include <stdexcept>
#include <unordered_map>

#include "services/inventory/store/query.hpp"
#include "shared/wire/calendar.hpp"
#include "shared/wire/space.hpp"
#include "shared/wire/tariff.hpp"

namespace preau::inventory::rows {
namespace {

using Number = long long;

constexpr const char* kEstablishmentColumns =
    "e.establishment_id, e.body_id, e.uai, e.siret, e.slug, e.name, e.kind, e.academie, "
    "e.demonstration, e.version, t.site_id, t.address, t.postcode, t.commune_insee, "
    "t.commune_name, "
    "t.departement, t.lat_e6, t.lon_e6, t.zone, t.school_zone, t.territory";

/// The targets of kEstablishmentColumns.
struct EstablishmentRow {
    std::string id, body, uai, siret, slug, name, kind, academie, site, address, postcode, insee,
        commune, departement, zone, school_zone, territory;
    Number demonstration = 0, version = 0, lat_e6 = 0, lon_e6 = 0;
    soci::indicator siret_is = soci::i_null;

    void bind(Query& query) {
        query.into(id).into(body).into(uai).into(siret, siret_is).into(slug).into(name).into(kind);
        query.into(academie).into(demonstration).into(version).into(site).into(address);
        query.into(postcode).into(insee).into(commune).into(departement).into(lat_e6).into(lon_e6);
        query.into(zone).into(school_zone).into(territory);
    }

    EstablishmentFacts facts() const {
        EstablishmentFacts out;
        out.establishment.id = base::EstablishmentId::trusted(id);
        out.establishment.body = base::BodyId::trusted(body);
        out.establishment.uai = uai;
        if (siret_is == soci::i_ok) out.establishment.siret = siret;
        out.establishment.slug = slug;
        out.establishment.name = name;
        out.establishment.kind = kind;
        out.establishment.academie = academie;
        out.establishment.demonstration = demonstration != 0;
        out.establishment.version = version;
        out.site.id = base::SiteId::trusted(site);
        out.site.establishment = out.establishment.id;
        out.site.address = address;
        out.site.postcode = postcode;
        out.site.commune_insee = insee;
        out.site.commune_name = commune;
        out.site.departement = departement;
        out.site.point = {lat_e6, lon_e6};
        out.site.zone = zone;
        out.site.school_zone = school_zone;
        out.site.territory = territory;
        return out;
    }
};

struct SpaceRow {
    std::string id, body, establishment, site, slug, name, kind, equipment, purposes, opening;
    Number seated = 0, standing = 0, area = 0, step_free = 0, published = 0, demonstration = 0,
           pending_holds = 0, two_levels = 0, auto_accept = 0, version = 0;

    void bind(Query& query) {
        query.into(id).into(body).into(establishment).into(site).into(slug).into(name).into(kind);
        query.into(seated).into(standing).into(area).into(step_free).into(equipment).into(purposes);
        query.into(published).into(demonstration).into(pending_holds).into(two_levels);
        query.into(auto_accept).into(opening).into(version);
    }

    Space space() const {
        Space out;
        out.id = base::SpaceId::trusted(id);
        out.body = base::BodyId::trusted(body);
        out.establishment = base::EstablishmentId::trusted(establishment);
        out.site = base::SiteId::trusted(site);
        out.slug = slug;
        out.name = name;
        out.kind = space_kind_from(kind).value_or(SpaceKind::meeting);
        out.capacity_seated = static_cast<int>(seated);
        out.capacity_standing = static_cast<int>(standing);
        out.area_m2 = static_cast<int>(area);
        out.step_free = step_free != 0;
        out.equipment = nlohmann::json::parse(equipment).get<std::vector<std::string>>();
        out.purposes = nlohmann::json::parse(purposes).get<std::vector<std::string>>();
        out.published = published != 0;
        out.demonstration = demonstration != 0;
        out.pending_holds = pending_holds != 0;
        out.two_levels = two_levels != 0;
        out.auto_accept = auto_accept != 0;
        auto hours = wire::opening_from_json(nlohmann::json::parse(opening), "/opening");
        if (!hours) throw std::runtime_error("space " + id + ": stored opening cannot be read");
        out.opening = std::move(*hours);
        out.version = version;
        return out;
    }
};

/// "'a','b'" of ids out of our own database.
template <class Id>
std::string quoted(const std::vector<Id>& ids) {
    std::string out;
    for (const Id& id : ids)
        out += (out.empty() ? "'" : ",'") + id.str() + "'";
    return out;
}

std::string visible(const Visibility& visibility) {
    std::string out = "(s.published = 1";
    if (!visibility.bodies.empty()) out += " OR s.body_id IN (" + quoted(visibility.bodies) + ")";
    if (!visibility.establishments.empty()) {
        out += " OR s.establishment_id IN (" + quoted(visibility.establishments) + ")";
    }
    return out + ")";
}

using ById = std::unordered_map<std::string, Space*>;

/// `in`: "space_id IN (…)", or empty for all spaces.
void load_parts(soci::session& sql, const std::string& in, const ById& spaces) {
    std::string id;
    std::string space;
    std::string name;
    Query query(sql, "SELECT part_id, space_id, name FROM part");
    query.into(id).into(space).into(name);
    if (!in.empty()) query.where(in);
    query.then(" ORDER BY space_id, position").each([&] {
        const auto found = spaces.find(space);
        if (found != spaces.end())
            found->second->parts.push_back({base::PartId::trusted(id), name});
    });
}

void load_offers(soci::session& sql, const std::string& in, const ById& spaces) {
    std::string id, space, name, tariff_kind, part;
    Number capacity = 0, grid = 0, shortest = 0, longest = 0, notice = 0, horizon = 0, before = 0,
           after = 0, instant = 0, active = 0;
    Query query(sql,
                "SELECT o.offer_id, o.space_id, o.name, o.capacity, o.tariff_kind, o.grid_min, "
                "o.duration_min_min, o.duration_max_min, o.notice_days, o.horizon_days, "
                "o.buffer_before_min, o.buffer_after_min, o.instant, o.active, p.part_id "
                "FROM offer o JOIN offer_part p ON p.offer_id = o.offer_id");
    query.into(id)
        .into(space)
        .into(name)
        .into(capacity)
        .into(tariff_kind)
        .into(grid)
        .into(shortest);
    query.into(longest).into(notice).into(horizon).into(before).into(after).into(instant);
    query.into(active).into(part);
    if (!in.empty()) query.where("o." + in);
    query.then(" ORDER BY o.space_id, o.position, p.part_id").each([&] {
        const auto found = spaces.find(space);
        if (found == spaces.end()) return;
        auto& offers = found->second->offers;
        if (offers.empty() || offers.back().id.str() != id) {
            rules::Offer offer;
            offer.id = base::OfferId::trusted(id);
            offer.name = name;
            offer.capacity = static_cast<int>(capacity);
            offer.tariff_kind = tariff_kind;
            offer.grid_min = static_cast<int>(grid);
            offer.duration_min_min = static_cast<int>(shortest);
            offer.duration_max_min = static_cast<int>(longest);
            offer.notice_days = static_cast<int>(notice);
            offer.horizon_days = static_cast<int>(horizon);
            offer.buffer_before_min = static_cast<int>(before);
            offer.buffer_after_min = static_cast<int>(after);
            offer.instant = instant != 0;
            offer.active = active != 0;
            offers.push_back(std::move(offer));
        }
        offers.back().parts.push_back(base::PartId::trusted(part));
    });
}

}  // namespace

std::vector<EstablishmentFacts> establishments(db::Session& session,
                                               const EstablishmentFilter& filter) {
    EstablishmentRow row;
    Query query(session.sql(), std::string("SELECT ") + kEstablishmentColumns +
                                   " FROM establishment e JOIN site t ON t.establishment_id = "
                                   "e.establishment_id");
    row.bind(query);
    if (filter.id) query.where("e.establishment_id = :id").bind("id", *filter.id);
    if (filter.slug) query.where("e.slug = :slug").bind("slug", *filter.slug);
    if (filter.uai) query.where("e.uai = :uai").bind("uai", *filter.uai);
    if (filter.body) query.where("e.body_id = :body").bind("body", *filter.body);
    if (!filter.after.empty()) query.where("e.slug > :after").bind("after", filter.after);
    // Folded words hold only a-z, 0-9 and spaces: no LIKE wildcard, no quote.
    std::string_view words = filter.words;
    while (!words.empty()) {
        const std::string word(words.substr(0, words.find(' ')));
        words.remove_prefix(std::min(words.size(), word.size() + 1));
        query.where("e.search_words LIKE '%" + word + "%'");
    }
    query.then(" ORDER BY e.slug");
    if (filter.limit > 0) query.then(" LIMIT " + std::to_string(filter.limit));
    std::vector<EstablishmentFacts> out;
    query.each([&] { out.push_back(row.facts()); });
    return out;
}

std::map<std::string, std::int64_t> published_spaces(db::Session& session,
                                                     const std::vector<EstablishmentFacts>& of) {
    std::map<std::string, std::int64_t> out;
    if (of.empty()) return out;
    std::vector<base::EstablishmentId> ids;
    for (const EstablishmentFacts& one : of)
        ids.push_back(one.establishment.id);
    std::string id;
    Number count = 0;
    Query query(session.sql(), "SELECT establishment_id, COUNT(*) FROM space");
    query.into(id).into(count).where("published = 1");
    query.where("establishment_id IN (" + quoted(ids) + ")").then(" GROUP BY establishment_id");
    query.each([&] { out[id] = count; });
    return out;
}

std::vector<SpaceFacts> spaces(db::Session& session, const SpaceFilter& filter) {
    std::vector<SpaceFacts> out;
    {
        EstablishmentRow at;
        SpaceRow row;
        Query query(
            session.sql(),
            std::string("SELECT s.space_id, s.body_id, s.establishment_id, s.site_id, "
                        "s.slug, s.name, s.kind, s.capacity_seated, s.capacity_standing, "
                        "s.area_m2, s.step_free, s.equipment, s.purposes, s.published, "
                        "s.demonstration, s.pending_holds, s.two_levels, s.auto_accept, s.opening, "
                        "s.version, ") +
                kEstablishmentColumns +
                " FROM space s JOIN establishment e ON e.establishment_id = "
                "s.establishment_id JOIN site t ON t.site_id = s.site_id");
        row.bind(query);
        at.bind(query);
        if (filter.id) query.where("s.space_id = :id").bind("id", *filter.id);
        if (filter.slug) query.where("s.slug = :slug").bind("slug", *filter.slug);
        if (filter.body) query.where("s.body_id = :body").bind("body", *filter.body);
        if (filter.establishment) {
            query.where("s.establishment_id = :at").bind("at", *filter.establishment);
        }
        if (!filter.after.empty()) query.where("s.slug > :after").bind("after", filter.after);
        if (filter.visibility != nullptr) query.where(visible(*filter.visibility));
        query.then(" ORDER BY s.slug");
        if (filter.limit > 0) query.then(" LIMIT " + std::to_string(filter.limit));
        query.each([&] { out.push_back({row.space(), at.facts()}); });
    }
    if (out.empty()) return out;
    ById by_id;
    std::vector<base::SpaceId> ids;
    for (SpaceFacts& facts : out) {
        by_id[facts.space.id.str()] = &facts.space;
        ids.push_back(facts.space.id);
    }
    // A page is named; more than that is nearly everything.
    const std::string in = ids.size() <= 200 ? "space_id IN (" + quoted(ids) + ")" : "";
    load_parts(session.sql(), in, by_id);
    load_offers(session.sql(), in, by_id);
    return out;
}

StoredCalendars calendars(db::Session& session) {
    StoredCalendars out;
    std::string facts;
    Number version = 0;
    Query query(session.sql(), "SELECT facts, version FROM calendar");
    query.into(facts).into(version).then(" ORDER BY calendar_id").each([&] {
        auto read = wire::calendar_from_json(nlohmann::json::parse(facts));
        if (!read) throw std::runtime_error("a stored calendar cannot be read");
        if (auto* school = std::get_if<rules::SchoolCalendar>(&*read)) {
            out.schools.push_back({std::move(*school), version});
        } else {
            out.territories.push_back({std::get<rules::PublicHolidays>(std::move(*read)), version});
        }
    });
    return out;
}

std::vector<Tariff> tariffs(db::Session& session, const std::optional<std::string>& body) {
    std::vector<Tariff> out;
    std::map<std::string, std::size_t> at;
    {
        std::string id, body_id, establishment, voted, executory, vat_note, rules;
        Number number = 0, version = 0;
        soci::indicator establishment_is = soci::i_null;
        Query query(session.sql(),
                    "SELECT tariff_id, body_id, establishment_id, version_no, voted_on, "
                    "executory_from, vat_note, version, rules FROM tariff");
        query.into(id).into(body_id).into(establishment, establishment_is).into(number);
        query.into(voted).into(executory).into(vat_note).into(version).into(rules);
        if (body) query.where("body_id = :body").bind("body", *body);
        query.then(" ORDER BY body_id, executory_from, version_no").each([&] {
            Tariff tariff;
            tariff.body = base::BodyId::trusted(body_id);
            if (establishment_is == soci::i_ok) {
                tariff.establishment = base::EstablishmentId::trusted(establishment);
            }
            tariff.grid = {id,
                           static_cast<int>(number),
                           time::Date::parse(voted).value(),
                           time::Date::parse(executory).value(),
                           {},
                           vat_note};
            wire::rules_from_json(nlohmann::json::parse(rules), tariff.grid).value();
            tariff.version = version;
            at[id] = out.size();
            out.push_back(std::move(tariff));
        });
    }
    std::string id, kind, category, unit, note;
    Number cents = 0, basis_points = 0;
    Query lines(session.sql(),
                "SELECT tariff_id, tariff_kind, category, unit, amount_cents, vat_basis_points, "
                "vat_note FROM tariff_line");
    lines.into(id).into(kind).into(category).into(unit).into(cents);
    lines.into(basis_points).into(note);
    lines.then(" ORDER BY tariff_id, tariff_kind, unit, category").each([&] {
        const auto found = at.find(id);
        const auto known = rules::unit_from(unit);
        if (found == at.end() || !known) return;
        out[found->second].grid.lines.push_back(
            {kind, category.front(), *known, {cents}, {static_cast<int>(basis_points), note}});
    });
    return out;
}

}  // namespace preau::inventory::rows
