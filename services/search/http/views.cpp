#include "services/search/http/views.hpp"

#include <cmath>

#include "shared/wire/when.hpp"

namespace preau::search {
namespace {

using nlohmann::json;

constexpr double kStaleSeconds = 10;

struct Judged {
    const rules::Slot* slot;
    rules::Verdict verdict;
};

std::vector<Judged> judge_all(const Index::View& view, const SpaceEntry& space,
                              const rules::Offer& offer, const std::vector<rules::Slot>& slots,
                              const std::vector<rules::Occupation>& occupations) {
    std::vector<Judged> out;
    out.reserve(slots.size());
    for (const auto& slot : slots)
        out.push_back({&slot, view.judge(space, offer, slot, occupations)});
    return out;
}

/// What occupies the offer over all slots; kept by the caller while verdicts point into it.
std::vector<rules::Occupation> occupations_over(const Index::View& view, const rules::Offer& offer,
                                                const std::vector<rules::Slot>& slots) {
    if (slots.empty()) return {};
    return view.occupations(offer, {slots.front().interval.start, slots.back().interval.end});
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

json room(const Index::View& view, const Found& found, const Answer& answer, Pricer& pricer,
          bool with_distance) {
    const wire::Space& facts = found.space->facts;
    const auto& slots = answer.expansions[found.dates].slots;
    const auto occupations = occupations_over(view, *found.offer, slots);
    std::string strip;
    std::vector<bool> free;
    json problems = json::array();
    for (const auto& [slot, verdict] :
         judge_all(view, *found.space, *found.offer, slots, occupations)) {
        strip += rules::strip_letter(verdict.state);
        free.push_back(verdict.state == rules::SlotState::free);
        if (verdict.state == rules::SlotState::free) continue;
        problems.push_back({{"date", slot->local_date.iso()},
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
                {"free_dates", found.free_dates},
                {"dates_total", found.dates_total},
                {"strip", strip},
                {"problems", std::move(problems)},
                {"capacity_seated", facts.capacity_seated},
                {"capacity_standing", facts.capacity_standing},
                {"area_m2", facts.area_m2},
                {"step_free", facts.step_free},
                {"equipment", facts.equipment},
                {"demonstration", facts.demonstration},
                {"hold_policy", facts.pending_holds ? "hold" : "no_hold"}};
    const auto price = pricer.of(*found.space, *found.offer, slots, free);
    out["price"] = price ? wire::money(*price) : json(nullptr);
    if (with_distance) out["distance_km"] = rounded_km(found.distance_km);
    return out;
}

json judged_dates(const Index::View& view, const SpaceEntry& space, const rules::Offer& offer,
                  const std::vector<rules::Slot>& slots) {
    const auto occupations = occupations_over(view, offer, slots);
    json out = json::array();
    for (const auto& [slot, verdict] : judge_all(view, space, offer, slots, occupations)) {
        json date = {{"slot", wire::to_json(*slot, space.zone)},
                     {"state", rules::to_string(verdict.state)}};
        if (!verdict.reason.empty()) date["reason"] = verdict.reason;
        out.push_back(std::move(date));
    }
    return out;
}

}  // namespace preau::search
