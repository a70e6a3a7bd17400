#include "services/search/http/views.hpp"

#include <cmath>

#include "shared/wire/when.hpp"

namespace preau::search {
namespace {

using nlohmann::json;

constexpr double kStaleSeconds = 10;

/// The verdict on one date, by what occupies the offer around it. Its `clash` is not to be
/// followed.
rules::Verdict verdict_on(const Index::View& view, const SpaceEntry& space,
                          const rules::Offer& offer, const rules::Slot& slot) {
    const auto occupations = view.occupations(offer, slot.interval);
    rules::Verdict verdict = view.judge(space, offer, slot, occupations);
    verdict.clash = nullptr;
    return verdict;
}

double rounded_km(double km) {
    return std::round(km * 10) / 10;
}

}  // namespace

json to_json(const Place& place) {
    return {{"insee", place.insee}, {"name", place.name}, {"postcode", place.postcode},
            {"lat", place.lat},     {"lon", place.lon},   {"population", place.population}};
}

json to_json(const AsOf& as_of) {
    json out = {{"inventory", as_of.inventory_seq},
                {"booking", as_of.booking_seq},
                {"lag_s", static_cast<std::int64_t>(as_of.lag_s)}};
    if (as_of.lag_s > kStaleSeconds) out["stale"] = true;
    return out;
}

json room(const Index::View& view, const Found& found, Pricer& pricer, bool with_distance) {
    const wire::Space& facts = found.space->facts;
    std::string strip;
    json problems = json::array();
    for (std::size_t n = 0; n < found.dates->size(); ++n) {
        if (found.free[n]) {
            strip += rules::strip_letter(rules::SlotState::free);
            continue;
        }
        const rules::Slot& slot = found.dates->slots()[n];
        const auto verdict = verdict_on(view, *found.space, *found.offer, slot);
        strip += rules::strip_letter(verdict.state);
        problems.push_back({{"date", slot.local_date.iso()},
                            {"state", rules::to_string(verdict.state)},
                            {"reason", verdict.reason}});
    }
    json out = {{"space_id", facts.id.str()},
                {"slug", facts.slug},
                {"name", facts.name},
                {"kind", facts.kind},
                {"establishment_id", facts.establishment.str()},
                {"establishment_name", facts.establishment_name},
                {"commune_name", facts.commune_name},
                {"lat", facts.lat},
                {"lon", facts.lon},
                {"offer",
                 {{"offer_id", found.offer->id.str()},
                  {"name", found.offer->name},
                  {"capacity", found.offer->capacity},
                  {"instant", found.offer->instant}}},
                {"free_dates", found.free_count},
                {"dates_total", found.dates->size()},
                {"strip", strip},
                {"problems", std::move(problems)},
                {"capacity_seated", facts.capacity_seated},
                {"capacity_standing", facts.capacity_standing},
                {"area_m2", facts.area_m2},
                {"step_free", facts.step_free},
                {"equipment", facts.equipment},
                {"demonstration", facts.demonstration},
                {"hold_policy", facts.pending_holds ? "hold" : "no_hold"}};
    const auto price = pricer.of(found);
    out["price"] = price ? wire::money(*price) : json(nullptr);
    if (with_distance) out["distance_km"] = rounded_km(found.distance_km);
    return out;
}

json room_reference(const SpaceEntry& space, const rules::Offer& offer, double distance_km) {
    const wire::Space& facts = space.facts;
    return {{"space_id", facts.id.str()},
            {"slug", facts.slug},
            {"name", facts.name},
            {"kind", facts.kind},
            {"establishment_name", facts.establishment_name},
            {"commune_name", facts.commune_name},
            {"distance_km", rounded_km(distance_km)},
            {"area_m2", facts.area_m2},
            {"demonstration", facts.demonstration},
            {"offer",
             {{"offer_id", offer.id.str()},
              {"name", offer.name},
              {"capacity", offer.capacity},
              {"whole", offer.parts.size() == facts.parts.size()},
              {"instant", offer.instant}}}};
}

json judged_date(const Index::View& view, const SpaceEntry& space, const rules::Offer& offer,
                 const rules::Slot& slot) {
    const auto verdict = verdict_on(view, space, offer, slot);
    json date = {{"slot", wire::to_json(slot, space.zone)},
                 {"state", rules::to_string(verdict.state)}};
    if (!verdict.reason.empty()) date["reason"] = verdict.reason;
    return date;
}

json judged_dates(const Index::View& view, const SpaceEntry& space, const rules::Offer& offer,
                  const std::vector<rules::Slot>& slots) {
    json out = json::array();
    for (const rules::Slot& slot : slots)
        out.push_back(judged_date(view, space, offer, slot));
    return out;
}

}  // namespace preau::search
