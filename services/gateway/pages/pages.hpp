#pragma once
// All pages, by route. Each page is a function from a Visit to a Reply; what it shows is computed
// by a view function from the services' answers, so that it can be tested without a service.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/directory.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/site.hpp"
#include "shared/net/router.hpp"

namespace preau::gateway {

struct PageSettings {
    bool demonstration = false;
    std::string data_dir;  // demonstration accounts are listed from here
};

void add_home_pages(Site& site, net::Router& router, Directory& directory);
void add_search_pages(Site& site, net::Router& router, Directory& directory);
void add_room_pages(Site& site, net::Router& router);
void add_sign_in_pages(Site& site, net::Router& router, const PageSettings& settings);
void add_request_pages(Site& site, net::Router& router);
void add_follow_up_pages(Site& site, net::Router& router);
void add_date_pages(Site& site, net::Router& router);
void add_document_pages(Site& site, net::Router& router);
void add_inbox_pages(Site& site, net::Router& router);
void add_planning_pages(Site& site, net::Router& router, Directory& directory);
void add_bulk_closure_pages(Site& site, net::Router& router, Directory& directory);
void add_counter_pages(Site& site, net::Router& router, Directory& directory);
void add_room_office_pages(Site& site, net::Router& router, Directory& directory);
void add_payment_pages(Site& site, net::Router& router);
void add_finance_pages(Site& site, net::Router& router, Directory& directory);
void add_mailbox_pages(Site& site, net::Router& router, const PageSettings& settings);
void add_text_pages(Site& site, net::Router& router);

// Views.
nlohmann::json home_view(const Visit& visit, const std::vector<School>& schools);
nlohmann::json colleges_view(const Visit& visit, const std::vector<School>& all,
                             const std::vector<School>& shown, const std::string& query);
nlohmann::json college_view(const Visit& visit, const nlohmann::json& establishment);
nlohmann::json search_view(const Visit& visit, const SearchForm& form, const nlohmann::json& found,
                           const std::vector<School>& schools);
nlohmann::json search_errors_view(const Visit& visit, const SearchForm& form,
                                  const base::Error& error,
                                  const nlohmann::json& problem = nlohmann::json::object());
nlohmann::json series_view(const Visit& visit, const SearchForm& form, const nlohmann::json& space,
                           const std::string& offer_id, const nlohmann::json& availability,
                           const nlohmann::json& alternatives = nullptr,
                           std::optional<std::int64_t> price = std::nullopt);

}  // namespace preau::gateway
