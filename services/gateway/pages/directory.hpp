#pragma once
// All establishments of the lender, asked of inventory once a minute: the home page, the list of
// collèges and every map need them, and they rarely change.

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/backend.hpp"
#include "services/gateway/pages/map_view.hpp"
#include "shared/base/result.hpp"

namespace preau::gateway {

struct School {
    std::string id;
    std::string site_id;
    std::string body_id;
    std::string slug;
    std::string name;
    std::string commune;
    std::string postcode;
    double lat = 0;
    double lon = 0;
    std::int64_t rooms = 0;
    bool demonstration = false;
};

class Directory {
public:
    using Schools = std::shared_ptr<const std::vector<School>>;

    /// Sorted by commune, then name. While inventory does not answer, the last known list; empty
    /// before there was one.
    Schools all(const Backend& backend);

private:
    std::mutex mutex_;
    Schools schools_ = std::make_shared<const std::vector<School>>();
    std::chrono::steady_clock::time_point until_{};
};

School school_of(const nlohmann::json& establishment);
/// Each school as a place of the map; main towns weigh more.
std::vector<NamedPlace> places_of(const std::vector<School>& schools);
std::size_t communes_of(const std::vector<School>& schools);

}  // namespace preau::gateway
