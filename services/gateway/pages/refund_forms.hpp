#pragma once
// The finance officer's part of a payment's page: to give money back, and to decide what another
// officer asked for.

#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// The form that gives money back, or false where there is nothing to give or nobody to do it.
nlohmann::json refund_form(const Visit& visit, const nlohmann::json& payment, bool keeps_books);
/// The two buttons beside a refund that waits for a second officer, or false.
nlohmann::json refund_decision(const nlohmann::json& payment, const nlohmann::json& refund,
                               bool keeps_books);
/// What the page says after such an act, or an empty text.
std::string refund_done(const Visit& visit);

void add_refund_pages(Site& site, net::Router& router);

}  // namespace preau::gateway
