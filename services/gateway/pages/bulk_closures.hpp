#pragma once
// Views of the page that closes several establishments at once: the last such closures, each to be
// undone while its window is open, and the form, which first shows the bookings of every site that
// it would touch.

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/closures.hpp"

namespace preau::gateway {

struct BulkClosureForm {
    ClosureForm rest;  // without its place
    std::vector<std::string> sites;
    bool all = false;  // every site of the visitor's posts, whatever `sites` says
};

struct BulkClosuresPage {
    nlohmann::json closures;  // booking's list, an array
    BulkClosureForm form;
    std::map<std::string, std::string> organisations;  // names by id
    base::Instant machine_now;
};

BulkClosureForm bulk_closure_form_of(const Visit& visit);
/// The body of POST /v1/bulk-closures.
nlohmann::json bulk_closure_body(const BulkClosureForm& form, const PostScope& scope);

nlohmann::json bulk_closures_view(const Visit& visit, const PostScope& scope,
                                  const BulkClosuresPage& page);

}  // namespace preau::gateway
