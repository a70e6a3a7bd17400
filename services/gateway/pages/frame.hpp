#pragma once
// What every page carries around its own content: the view model's common members, and error pages.

#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"
#include "shared/base/result.hpp"

namespace preau::gateway {

/// lang, path, user, nav (with `section` current), language, and false for the optional members.
nlohmann::json frame_view(const Visit& visit, const std::string& section);

/// `body`: the public body whose rooms these are, from accounts' GET /v1/bodies (null when accounts
/// does not answer).
nlohmann::json lender_view(Language language, const nlohmann::json& bodies);

/// The error page of an HTTP status.
nlohmann::json error_view(const Visit& visit, int status, const base::Error& error);

/// "CR" of "Claire Roussel".
std::string initials(std::string_view name);

/// "tel:+33465713800" of "04 65 71 38 00".
std::string phone_href(std::string_view phone);

}  // namespace preau::gateway
