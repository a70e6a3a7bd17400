#include "services/booking/store/facts.hpp"

#include <algorithm>

#include "shared/wire/space.hpp"

namespace preau::booking {

namespace {
// About 8 kB each; a département has a few thousand.
constexpr std::size_t kSpacesMax = 10'000;
}  // namespace

SpaceRef space_from_facts(const nlohmann::json& facts) {
    auto parsed = wire::space_from_json(facts);
    if (!parsed) return nullptr;
    const auto zone = time::Zone::find(parsed->zone);
    if (!zone) return nullptr;
    auto out = std::make_shared<Space>();
    out->id = parsed->id;
    out->body = parsed->body;
    out->site = parsed->site;
    out->establishment = parsed->establishment;
    out->name = parsed->name;
    out->establishment_name = parsed->establishment_name;
    out->kind = parsed->kind;
    out->commune_name = parsed->commune_name;
    out->slug = parsed->slug;
    out->published = parsed->published;
    out->demonstration = parsed->demonstration;
    out->pending_holds = parsed->pending_holds;
    out->two_levels = parsed->two_levels;
    out->auto_accept = parsed->auto_accept;
    out->purposes = std::move(parsed->purposes);
    out->zone = *zone;
    out->school_zone = parsed->school_zone;
    out->territory = parsed->territory;
    for (const auto& part : parsed->parts)
        out->parts.push_back(part.id);
    std::ranges::sort(out->parts);
    out->offers = std::move(parsed->offers);
    for (auto& offer : out->offers)
        std::ranges::sort(offer.parts);
    out->opening = std::move(parsed->opening);
    out->version = parsed->version;
    return out;
}

SpaceRef FactsCache::find(const std::string& space_id, std::int64_t version) const {
    const std::lock_guard lock(mutex_);
    const auto it = spaces_.find(space_id);
    if (it == spaces_.end() || it->second->version != version) return nullptr;
    return it->second;
}

void FactsCache::put(const SpaceRef& space) {
    const std::lock_guard lock(mutex_);
    if (spaces_.size() >= kSpacesMax) spaces_.clear();
    spaces_[space->id.str()] = space;
}

std::shared_ptr<const wire::Calendars> FactsCache::calendars(const std::string& fingerprint) const {
    const std::lock_guard lock(mutex_);
    return fingerprint == fingerprint_ ? calendars_ : nullptr;
}

void FactsCache::put(std::string fingerprint, std::shared_ptr<const wire::Calendars> calendars) {
    const std::lock_guard lock(mutex_);
    fingerprint_ = std::move(fingerprint);
    calendars_ = std::move(calendars);
}

std::shared_ptr<const wire::Tariffs> FactsCache::tariffs(const std::string& fingerprint) const {
    const std::lock_guard lock(mutex_);
    return fingerprint == tariff_fingerprint_ ? tariffs_ : nullptr;
}

void FactsCache::put(std::string fingerprint, std::shared_ptr<const wire::Tariffs> tariffs) {
    const std::lock_guard lock(mutex_);
    tariff_fingerprint_ = std::move(fingerprint);
    tariffs_ = std::move(tariffs);
}

void FactsCache::clear() {
    const std::lock_guard lock(mutex_);
    spaces_.clear();
    fingerprint_.clear();
    calendars_.reset();
    tariff_fingerprint_.clear();
    tariffs_.reset();
}

}  // namespace preau::booking
