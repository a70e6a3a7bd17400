#include "services/inventory/http/views.hpp"

#include <set>

#include "services/inventory/facts/facts.hpp"
#include "shared/wire/tariff.hpp"

namespace preau::inventory::views {
namespace {

/// The lines of one kind, by category and then unit.
nlohmann::json prices_of(const rules::TariffVersion& grid, const std::string& tariff_kind) {
    nlohmann::json out = nlohmann::json::array();
    for (char category = 'A'; category <= 'E'; ++category) {
        nlohmann::json units = nlohmann::json::array();
        for (const rules::TariffLine& line : grid.lines) {
            if (line.tariff_kind != tariff_kind || line.category != category) continue;
            units.push_back(
                {{"unit", rules::to_string(line.unit)}, {"price", wire::money(line.amount)}});
        }
        if (!units.empty()) {
            out.push_back({{"category", std::string(1, category)}, {"prices", std::move(units)}});
        }
    }
    return out;
}

/// What the vote adds for one kind of room, as it stands in the vote.
nlohmann::json of_kind(nlohmann::json list, const std::string& tariff_kind) {
    nlohmann::json out = nlohmann::json::array();
    for (auto& one : list) {
        if (one["tariff_kind"] == tariff_kind) out.push_back(std::move(one));
    }
    return out;
}

nlohmann::json extras_of(const rules::TariffVersion& grid, const std::string& tariff_kind) {
    nlohmann::json out = nlohmann::json::array();
    for (const rules::Extra* extra : rules::extras_for(grid, tariff_kind))
        out.push_back(wire::to_json(*extra));
    return out;
}

nlohmann::json tariffs_for(const Space& space, const std::vector<Tariff>& tariffs,
                           time::Date today) {
    nlohmann::json out = nlohmann::json::array();
    const Tariff* tariff = in_force(tariffs, space.establishment, today);
    if (tariff == nullptr) return out;
    const nlohmann::json rules = wire::rules_json(tariff->grid);
    std::set<std::string> done;
    for (const rules::Offer& offer : space.offers) {
        if (!done.insert(offer.tariff_kind).second) continue;
        out.push_back({{"tariff_kind", offer.tariff_kind},
                       {"tariff_id", tariff->grid.id},
                       {"version_no", tariff->grid.number},
                       {"executory_from", tariff->grid.executory_from.iso()},
                       {"vat_note", tariff->grid.vat_note},
                       {"categories", prices_of(tariff->grid, offer.tariff_kind)},
                       {"modifiers", of_kind(rules["modifiers"], offer.tariff_kind)},
                       {"extras", extras_of(tariff->grid, offer.tariff_kind)},
                       {"deposits", of_kind(rules["deposits"], offer.tariff_kind)}});
    }
    return out;
}

}  // namespace

nlohmann::json establishment(const EstablishmentFacts& facts) {
    return facts::establishment_changed(facts);
}

nlohmann::json establishment(const EstablishmentSummary& summary) {
    nlohmann::json out = establishment(summary.facts);
    out["spaces_published"] = summary.spaces_published;
    return out;
}

nlohmann::json space_short(const SpaceFacts& facts) {
    const Space& space = facts.space;
    nlohmann::json parts = nlohmann::json::array();
    for (const Part& part : space.parts) {
        parts.push_back({{"part_id", part.id.str()}, {"name", part.name}});
    }
    nlohmann::json offers = nlohmann::json::array();
    for (const rules::Offer& offer : space.offers) {
        nlohmann::json part_ids = nlohmann::json::array();
        for (const base::PartId& part : offer.parts)
            part_ids.push_back(part.str());
        offers.push_back({{"offer_id", offer.id.str()},
                          {"name", offer.name},
                          {"part_ids", std::move(part_ids)},
                          {"capacity", offer.capacity},
                          {"tariff_kind", offer.tariff_kind},
                          {"active", offer.active}});
    }
    return {
        {"space_id", space.id.str()},
        {"body_id", space.body.str()},
        {"establishment_id", space.establishment.str()},
        {"site_id", space.site.str()},
        {"slug", space.slug},
        {"name", space.name},
        {"kind", to_string(space.kind)},
        {"establishment_name", facts.at.establishment.name},
        {"commune_name", facts.at.site.commune_name},
        {"capacity_seated", space.capacity_seated},
        {"capacity_standing", space.capacity_standing},
        {"area_m2", space.area_m2},
        {"floor_step_free", space.step_free},
        {"published", space.published},
        {"demonstration", space.demonstration},
        {"parts", std::move(parts)},
        {"offers", std::move(offers)},
        {"version", space.version},
    };
}

nlohmann::json space(const SpaceFacts& facts, const std::vector<Tariff>& tariffs,
                     time::Date today) {
    nlohmann::json out = facts::space_changed(facts);
    const Establishment& at = facts.at.establishment;
    const Site& site = facts.at.site;
    out["establishment"] = {{"establishment_id", at.id.str()},
                            {"slug", at.slug},
                            {"name", at.name},
                            {"kind", at.kind},
                            {"uai", at.uai},
                            {"academie", at.academie}};
    out["site"] = {{"site_id", site.id.str()},
                   {"address", site.address},
                   {"postcode", site.postcode},
                   {"commune_insee", site.commune_insee},
                   {"commune_name", site.commune_name},
                   {"departement", site.departement},
                   {"lat", facts::degrees(site.point.lat_e6)},
                   {"lon", facts::degrees(site.point.lon_e6)},
                   {"zone", site.zone}};
    out["tariffs"] = tariffs_for(facts.space, tariffs, today);
    return out;
}

nlohmann::json calendars(const StoredCalendars& stored) {
    nlohmann::json items = nlohmann::json::array();
    for (const auto& school : stored.schools)
        items.push_back(facts::calendar_changed(school));
    for (const auto& days : stored.territories)
        items.push_back(facts::calendar_changed(days));
    return {{"items", std::move(items)}, {"next", nullptr}};
}

nlohmann::json tariff(const Tariff& tariff) {
    return facts::tariff_changed(tariff);
}

}  // namespace preau::inventory::views
