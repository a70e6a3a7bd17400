#pragma once
// The counter: an agent of the house finds an association or makes it known, asks for a room in its
// name, and prints what others get by e-mail.

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/posts.hpp"

namespace preau::gateway {

struct CounterPage {
    std::string query;
    nlohmann::json found;              // accounts' list, null before anything was asked
    std::optional<base::Error> error;  // of a new association
    std::string name;                  // as typed
    std::string rna;
    std::string siret;
};
nlohmann::json counter_view(const Visit& visit, const CounterPage& page);

/// One association, and the rooms of the agent's establishment that can be asked for.
nlohmann::json counter_ask_view(const Visit& visit, const PostScope& scope,
                                const nlohmann::json& organisation, const nlohmann::json& spaces);

/// What an association without e-mail takes home.
nlohmann::json letter_view(const Visit& visit, const nlohmann::json& booking,
                           const nlohmann::json& organisation);

}  // namespace preau::gateway
