#include "services/inventory/facts/facts.hpp"

#include "shared/wire/calendar.hpp"
#include "shared/wire/tariff.hpp"

namespace preau::inventory::facts {
namespace {

nlohmann::json text_or_null(const std::string& text) {
    return text.empty() ? nlohmann::json(nullptr) : nlohmann::json(text);
}

}  // namespace

double degrees(std::int64_t e6) {
    return static_cast<double>(e6) / 1e6;
}

wire::Space wire_space(const SpaceFacts& facts) {
    const Space& space = facts.space;
    const Site& site = facts.at.site;
    wire::Space out;
    out.id = space.id;
    out.body = space.body;
    out.site = space.site;
    out.establishment = space.establishment;
    out.slug = space.slug;
    out.name = space.name;
    out.kind = to_string(space.kind);
    out.capacity_seated = space.capacity_seated;
    out.capacity_standing = space.capacity_standing;
    out.area_m2 = space.area_m2;
    out.step_free = space.step_free;
    out.equipment = space.equipment;
    out.purposes = space.purposes;
    out.published = space.published;
    out.demonstration = space.demonstration;
    out.zone = site.zone;
    out.school_zone = site.school_zone;
    out.territory = site.territory;
    out.lat = degrees(site.point.lat_e6);
    out.lon = degrees(site.point.lon_e6);
    out.commune_insee = site.commune_insee;
    out.commune_name = site.commune_name;
    out.establishment_name = facts.at.establishment.name;
    out.pending_holds = space.pending_holds;
    out.two_levels = space.two_levels;
    out.auto_accept = space.auto_accept;
    for (const Part& part : space.parts)
        out.parts.push_back({part.id, part.name});
    out.offers = space.offers;
    out.opening = space.opening;
    out.version = space.version;
    return out;
}

nlohmann::json space_changed(const SpaceFacts& facts) {
    return wire::to_json(wire_space(facts));
}

nlohmann::json establishment_changed(const EstablishmentFacts& facts) {
    const Establishment& establishment = facts.establishment;
    const Site& site = facts.site;
    return {
        {"establishment_id", establishment.id.str()},
        {"site_id", site.id.str()},
        {"body_id", establishment.body.str()},
        {"uai", establishment.uai},
        {"siret", text_or_null(establishment.siret.value_or(""))},
        {"slug", establishment.slug},
        {"name", establishment.name},
        {"kind", establishment.kind},
        {"academie", establishment.academie},
        {"address", site.address},
        {"postcode", site.postcode},
        {"commune_insee", site.commune_insee},
        {"commune_name", site.commune_name},
        {"departement", site.departement},
        {"lat", degrees(site.point.lat_e6)},
        {"lon", degrees(site.point.lon_e6)},
        {"zone", site.zone},
        {"school_zone", text_or_null(site.school_zone)},
        {"territory", site.territory},
        {"demonstration", establishment.demonstration},
        {"version", establishment.version},
    };
}

std::string calendar_id(const rules::SchoolCalendar& calendar) {
    return "school:" + calendar.zone;
}

std::string calendar_id(const rules::PublicHolidays& holidays) {
    return "public:" + holidays.territory;
}

nlohmann::json calendar_changed(const StoredSchoolCalendar& stored) {
    nlohmann::json out = wire::to_json(stored.calendar);
    out["calendar_id"] = calendar_id(stored.calendar);
    out["version"] = stored.version;
    return out;
}

nlohmann::json calendar_changed(const StoredPublicHolidays& stored) {
    nlohmann::json out = wire::to_json(stored.holidays);
    out["calendar_id"] = calendar_id(stored.holidays);
    out["version"] = stored.version;
    return out;
}

nlohmann::json tariff_changed(const Tariff& tariff) {
    return wire::to_json(
        wire::Tariff{tariff.body, tariff.establishment, tariff.grid, tariff.version});
}

}  // namespace preau::inventory::facts
