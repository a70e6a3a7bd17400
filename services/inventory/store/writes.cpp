#include "services/inventory/store/writes.hpp"

#include <vector>

#include "shared/db/insert_many.hpp"
#include "shared/text/french.hpp"
#include "shared/wire/space.hpp"
#include "shared/wire/tariff.hpp"

namespace preau::inventory::rows {
namespace {

using Number = long long;

/// Values of an establishment as SOCI wants them: variables that outlive the statement.
struct EstablishmentValues {
    std::string id, body, siret, words;
    soci::indicator siret_is;
    Number demonstration, version;

    explicit EstablishmentValues(const EstablishmentFacts& facts)
        : id(facts.establishment.id.str()),
          body(facts.establishment.body.str()),
          siret(facts.establishment.siret.value_or("")),
          words(text::folded(facts.establishment.name + " " + facts.site.commune_name + " " +
                             facts.site.postcode)),
          siret_is(facts.establishment.siret ? soci::i_ok : soci::i_null),
          demonstration(facts.establishment.demonstration ? 1 : 0),
          version(facts.establishment.version) {}
};

std::string dumped(const std::vector<std::string>& words) {
    return nlohmann::json(words).dump();
}

struct SpaceValues {
    std::string id, body, establishment, site, kind, equipment, purposes, opening;
    Number seated, standing, area, step_free, published, demonstration, pending_holds, two_levels,
        auto_accept, version, version_before;

    explicit SpaceValues(const Space& space)
        : id(space.id.str()),
          body(space.body.str()),
          establishment(space.establishment.str()),
          site(space.site.str()),
          kind(to_string(space.kind)),
          equipment(dumped(space.equipment)),
          purposes(dumped(space.purposes)),
          opening(wire::to_json(space.opening).dump()),
          seated(space.capacity_seated),
          standing(space.capacity_standing),
          area(space.area_m2),
          step_free(space.step_free ? 1 : 0),
          published(space.published ? 1 : 0),
          demonstration(space.demonstration ? 1 : 0),
          pending_holds(space.pending_holds ? 1 : 0),
          two_levels(space.two_levels ? 1 : 0),
          auto_accept(space.auto_accept ? 1 : 0),
          version(space.version),
          version_before(space.version - 1) {}
};

void insert_parts_and_offers(db::Session& session, const Space& space) {
    const std::string space_id = space.id.str();
    Number position = 0;
    for (const Part& part : space.parts) {
        const std::string id = part.id.str();
        session.sql() << "INSERT INTO part (part_id, space_id, position, name) VALUES (:id, "
                         ":space, :position, :name)",
            soci::use(id), soci::use(space_id), soci::use(position), soci::use(part.name);
        ++position;
    }
    std::vector<std::vector<db::Cell>> links;
    position = 0;
    for (const rules::Offer& offer : space.offers) {
        const std::string id = offer.id.str();
        const Number instant = offer.instant ? 1 : 0;
        const Number active = offer.active ? 1 : 0;
        session.sql()
            << "INSERT INTO offer (offer_id, space_id, position, name, capacity, tariff_kind, "
               "grid_min, duration_min_min, duration_max_min, notice_days, horizon_days, "
               "buffer_before_min, buffer_after_min, instant, active) VALUES (:id, :space, "
               ":position, :name, :capacity, :kind, :grid, :shortest, :longest, :notice, :horizon, "
               ":before, :after, :instant, :active)",
            soci::use(id), soci::use(space_id), soci::use(position), soci::use(offer.name),
            soci::use(offer.capacity), soci::use(offer.tariff_kind), soci::use(offer.grid_min),
            soci::use(offer.duration_min_min), soci::use(offer.duration_max_min),
            soci::use(offer.notice_days), soci::use(offer.horizon_days),
            soci::use(offer.buffer_before_min), soci::use(offer.buffer_after_min),
            soci::use(instant), soci::use(active);
        for (const base::PartId& part : offer.parts) {
            links.push_back({std::string_view(offer.id.str()), std::string_view(part.str())});
        }
        ++position;
    }
    db::insert_many(session, "offer_part", {"offer_id", "part_id"}, links);
}

void delete_parts_and_offers(db::Session& session, const std::string& space_id) {
    session.sql() << "DELETE FROM offer_part WHERE offer_id IN (SELECT offer_id FROM offer WHERE "
                     "space_id = :id)",
        soci::use(space_id);
    session.sql() << "DELETE FROM offer WHERE space_id = :id", soci::use(space_id);
    session.sql() << "DELETE FROM part WHERE space_id = :id", soci::use(space_id);
}

}  // namespace

void insert(db::Session& session, const EstablishmentFacts& facts) {
    EstablishmentValues values(facts);
    const Establishment& one = facts.establishment;
    const Site& site = facts.site;
    session.sql()
        << "INSERT INTO establishment (establishment_id, body_id, uai, siret, slug, name, "
           "kind, academie, demonstration, search_words, version) VALUES (:id, :body, "
           ":uai, :siret, :slug, :name, :kind, :academie, :demonstration, :words, "
           ":version)",
        soci::use(values.id), soci::use(values.body), soci::use(one.uai),
        soci::use(values.siret, values.siret_is), soci::use(one.slug), soci::use(one.name),
        soci::use(one.kind), soci::use(one.academie), soci::use(values.demonstration),
        soci::use(values.words), soci::use(values.version);
    const std::string site_id = site.id.str();
    const Number lat = site.point.lat_e6;
    const Number lon = site.point.lon_e6;
    session.sql() << "INSERT INTO site (site_id, establishment_id, address, postcode, "
                     "commune_insee, commune_name, departement, lat_e6, lon_e6, zone, school_zone, "
                     "territory) VALUES (:site, :id, :address, :postcode, :insee, :commune, "
                     ":departement, :lat, :lon, :zone, :school_zone, :territory)",
        soci::use(site_id), soci::use(values.id), soci::use(site.address), soci::use(site.postcode),
        soci::use(site.commune_insee), soci::use(site.commune_name), soci::use(site.departement),
        soci::use(lat), soci::use(lon), soci::use(site.zone), soci::use(site.school_zone),
        soci::use(site.territory);
}

void update(db::Session& session, const EstablishmentFacts& facts) {
    EstablishmentValues values(facts);
    const Establishment& one = facts.establishment;
    const Site& site = facts.site;
    session.sql()
        << "UPDATE establishment SET siret = :siret, name = :name, kind = :kind, academie "
           "= :academie, search_words = :words, version = :version WHERE "
           "establishment_id = :id",
        soci::use(values.siret, values.siret_is), soci::use(one.name), soci::use(one.kind),
        soci::use(one.academie), soci::use(values.words), soci::use(values.version),
        soci::use(values.id);
    const Number lat = site.point.lat_e6;
    const Number lon = site.point.lon_e6;
    session.sql() << "UPDATE site SET address = :address, postcode = :postcode, commune_insee = "
                     ":insee, commune_name = :commune, departement = :departement, lat_e6 = :lat, "
                     "lon_e6 = :lon, zone = :zone, school_zone = :school_zone, territory = "
                     ":territory WHERE establishment_id = :id",
        soci::use(site.address), soci::use(site.postcode), soci::use(site.commune_insee),
        soci::use(site.commune_name), soci::use(site.departement), soci::use(lat), soci::use(lon),
        soci::use(site.zone), soci::use(site.school_zone), soci::use(site.territory),
        soci::use(values.id);
}

bool establishment_slug_taken(db::Session& session, const std::string& slug) {
    Number count = 0;
    session.sql() << "SELECT COUNT(*) FROM establishment WHERE slug = :slug", soci::use(slug),
        soci::into(count);
    return count > 0;
}

void insert(db::Session& session, const Space& space) {
    const SpaceValues values(space);
    session.sql()
        << "INSERT INTO space (space_id, body_id, establishment_id, site_id, slug, name, "
           "kind, capacity_seated, capacity_standing, area_m2, step_free, equipment, "
           "purposes, published, demonstration, pending_holds, two_levels, auto_accept, opening, "
           "version) VALUES "
           "(:id, :body, :establishment, :site, :slug, :name, :kind, :seated, :standing, "
           ":area, :step_free, :equipment, :purposes, :published, :demonstration, :holds, "
           ":levels, :auto, :opening, :version)",
        soci::use(values.id), soci::use(values.body), soci::use(values.establishment),
        soci::use(values.site), soci::use(space.slug), soci::use(space.name),
        soci::use(values.kind), soci::use(values.seated), soci::use(values.standing),
        soci::use(values.area), soci::use(values.step_free), soci::use(values.equipment),
        soci::use(values.purposes), soci::use(values.published), soci::use(values.demonstration),
        soci::use(values.pending_holds), soci::use(values.two_levels),
        soci::use(values.auto_accept), soci::use(values.opening), soci::use(values.version);
    insert_parts_and_offers(session, space);
}

bool update(db::Session& session, const Space& space) {
    const SpaceValues values(space);
    soci::statement statement =
        (session.sql().prepare
             << "UPDATE space SET name = :name, kind = :kind, capacity_seated = :seated, "
                "capacity_standing = :standing, area_m2 = :area, step_free = :step_free, equipment "
                "= :equipment, purposes = :purposes, published = :published, demonstration = "
                ":demonstration, pending_holds = :holds, two_levels = :levels, auto_accept = "
                ":auto, opening = :opening, version = :version "
                "WHERE space_id = :id AND version = :before",
         soci::use(space.name), soci::use(values.kind), soci::use(values.seated),
         soci::use(values.standing), soci::use(values.area), soci::use(values.step_free),
         soci::use(values.equipment), soci::use(values.purposes), soci::use(values.published),
         soci::use(values.demonstration), soci::use(values.pending_holds),
         soci::use(values.two_levels), soci::use(values.auto_accept), soci::use(values.opening),
         soci::use(values.version), soci::use(values.id), soci::use(values.version_before));
    statement.execute(true);
    if (statement.get_affected_rows() != 1) return false;
    delete_parts_and_offers(session, values.id);
    insert_parts_and_offers(session, space);
    return true;
}

void insert(db::Session& session, const Tariff& tariff) {
    const rules::TariffVersion& grid = tariff.grid;
    const std::string body = tariff.body.str();
    const std::string establishment = tariff.establishment ? tariff.establishment->str() : "";
    soci::indicator establishment_is = tariff.establishment ? soci::i_ok : soci::i_null;
    const std::string voted = grid.voted_on.iso();
    const std::string executory = grid.executory_from.iso();
    const Number version = tariff.version;
    const std::string rules = wire::rules_json(grid).dump();
    session.sql() << "INSERT INTO tariff (tariff_id, body_id, establishment_id, version_no, "
                     "voted_on, executory_from, vat_note, version, rules) VALUES (:id, :body, "
                     ":establishment, :number, :voted, :executory, :vat, :version, :rules)",
        soci::use(grid.id), soci::use(body), soci::use(establishment, establishment_is),
        soci::use(grid.number), soci::use(voted), soci::use(executory), soci::use(grid.vat_note),
        soci::use(version), soci::use(rules);
    for (const rules::TariffLine& line : grid.lines) {
        const std::string category(1, line.category);
        const std::string unit(rules::to_string(line.unit));
        const Number cents = line.amount.value;
        const Number basis_points = line.vat.basis_points;
        session.sql() << "INSERT INTO tariff_line (tariff_id, tariff_kind, category, unit, "
                         "amount_cents, vat_basis_points, vat_note) VALUES (:id, :kind, "
                         ":category, :unit, :cents, :points, :note)",
            soci::use(grid.id), soci::use(line.tariff_kind), soci::use(category), soci::use(unit),
            soci::use(cents), soci::use(basis_points), soci::use(line.vat.note);
    }
}

bool tariff_exists(db::Session& session, const std::string& id) {
    Number count = 0;
    session.sql() << "SELECT COUNT(*) FROM tariff WHERE tariff_id = :id", soci::use(id),
        soci::into(count);
    return count > 0;
}

}  // namespace preau::inventory::rows
