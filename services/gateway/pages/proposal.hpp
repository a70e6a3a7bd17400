#pragma once
// What a hirer is asked before a decision: a question to answer, a proposal to accept or decline.

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// The question and, where the visitor may act, the form of the answer; false where nothing is
/// asked. `error`: of an answer that was refused; it keeps what was typed.
nlohmann::json asked_view(const Visit& visit, const nlohmann::json& booking, bool may_act,
                          const std::optional<base::Error>& error);
/// What is held out, with its dates, its price beside that of the request, and the two answers.
nlohmann::json proposal_view(const Visit& visit, const nlohmann::json& booking, bool may_act);

}  // namespace preau::gateway
