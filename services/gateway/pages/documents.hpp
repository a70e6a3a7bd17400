#pragma once
// The page of an association's documents: insurance and commitment contract, for each public body
// that knows it.

#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"
#include "shared/base/result.hpp"

namespace preau::gateway {

/// What one page of documents shows.
struct Documents {
    std::map<std::string, std::string> bodies;  // names by id
    std::string sent;                           // affiliation of the form that failed, or empty
    std::string form;                           // "assurance" or "contrat"
    std::optional<base::Error> error;           // of it
};

/// Of every organisation that the visitor books for.
nlohmann::json documents_view(const Visit& visit, const Documents& documents);

}  // namespace preau::gateway
