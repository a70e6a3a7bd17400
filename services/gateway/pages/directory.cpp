#include "services/gateway/pages/directory.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

constexpr std::chrono::seconds kLife{60};
constexpr std::chrono::seconds kRetry{2};
constexpr int kPagesMax = 50;  // 5,000 establishments

/// How much a town's name helps to find one's way on a map. Round postcodes were given to the towns
/// with a main post office; the others share a neighbour's.
int weight_of(std::string_view postcode) {
    constexpr int kMainTown = 6;
    constexpr int kTown = 3;
    if (postcode.ends_with("00")) return kMainTown;
    if (postcode.ends_with("50")) return kTown + 1;
    return postcode.ends_with("0") ? kTown : 1;
}

base::Result<std::vector<School>> fetch(const Backend& backend) {
    std::vector<School> schools;
    std::string after;
    for (int page = 0; page < kPagesMax; ++page) {
        auto target = std::string("/v1/establishments?limit=100");
        if (!after.empty()) target += "&after=" + percent_encode(after);
        const auto answer = backend.get("inventory", target);
        if (!answer) return std::unexpected(answer.error());
        for (const auto& item : list_of(*answer, "items"))
            schools.push_back(school_of(item));
        after = text_of(*answer, "next");
        if (after.empty()) break;
    }
    std::sort(schools.begin(), schools.end(), [](const School& a, const School& b) {
        return std::tie(a.commune, a.name) < std::tie(b.commune, b.name);
    });
    return schools;
}

}  // namespace

School school_of(const nlohmann::json& item) {
    School school;
    school.id = text_of(item, "establishment_id");
    if (school.id.empty()) school.id = text_of(item, "id");
    school.site_id = text_of(item, "site_id");
    school.body_id = text_of(item, "body_id");
    school.slug = text_of(item, "slug");
    school.name = text_of(item, "name");
    school.commune = text_of(item, "commune_name");
    school.postcode = text_of(item, "postcode");
    school.lat = number_of(item, "lat");
    school.lon = number_of(item, "lon");
    school.rooms = integer_of(item, "spaces_published");
    school.demonstration = flag_of(item, "demonstration");
    return school;
}

Directory::Schools Directory::all(const Backend& backend) {
    const auto now = std::chrono::steady_clock::now();
    {
        const std::lock_guard lock(mutex_);
        if (now < until_) return schools_;
        until_ = now + kRetry;  // one asks, the others go on with what is known
    }
    auto fresh = fetch(backend);
    const std::lock_guard lock(mutex_);
    if (fresh) {
        schools_ = std::make_shared<const std::vector<School>>(std::move(*fresh));
        until_ = now + (schools_->empty() ? kRetry : kLife);
    }
    return schools_;
}

std::vector<NamedPlace> places_of(const std::vector<School>& schools) {
    std::vector<NamedPlace> places;
    places.reserve(schools.size());
    for (const auto& school : schools) {
        places.push_back({school.commune, school.lat, school.lon, weight_of(school.postcode)});
    }
    return places;
}

std::size_t communes_of(const std::vector<School>& schools) {
    std::set<std::string> names;
    for (const auto& school : schools)
        names.insert(school.commune);
    return names.size();
}

}  // namespace preau::gateway
