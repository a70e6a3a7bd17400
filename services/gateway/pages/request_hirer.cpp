#include "services/gateway/pages/request_hirer.hpp"

#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

using nlohmann::json;

json bookable(const Visit& visit) {
    auto out = json::array();
    if (!visit.me) return out;
    for (const auto& membership : list_of(*visit.me, "memberships")) {
        const auto role = text_of(membership, "role");
        if (role == "president" || role == "booker") out.push_back(membership);
    }
    return out;
}

json organisation_view(const Visit& visit, const RequestForm& form, const json& quote,
                       const std::vector<base::FieldError>& faults) {
    const auto memberships = bookable(visit);
    auto options = json::array();
    if (!form.counter_name.empty()) {
        options.push_back(option_view(form.organisation_id, form.counter_name, true));
    }
    for (const auto& membership : form.counter_name.empty() ? memberships : json::array()) {
        const auto organisation = member_of(membership, "organisation");
        const auto id = text_of(organisation, "id");
        options.push_back(
            option_view(id, text_of(organisation, "name"), id == form.organisation_id));
    }
    json detail = false;
    const auto category = text_of(quote, "category");
    if (!category.empty()) {
        detail =
            visit.words.fill("request_form.category",
                             {{"category", visit.words.text_or("category." + category, category)}});
    }
    const bool one = options.size() == 1;
    return {{"error", field_error(visit, faults, "organisation_id")},
            {"single", one ? json{{"value", options[0]["value"]}, {"label", options[0]["label"]}}
                           : json(false)},
            {"options", one ? json(false) : options},
            {"detail_text", detail}};
}

bool at_a_counter(const Visit& visit) {
    if (!visit.me) return false;
    const auto posts = list_of(*visit.me, "posts");
    return std::ranges::any_of(posts, [](const json& post) {
        const auto role = text_of(post, "role");
        return role == "manager" || role == "counter" || role == "admin";
    });
}

std::string hirer_name(const Visit& visit, const std::string& organisation_id) {
    const auto found =
        visit.backend->get("accounts", "/v1/organisations/" + percent_encode(organisation_id));
    return found ? text_of(*found, "name") : std::string{};
}

}  // namespace preau::gateway
