#pragma once
// Views of a college's rooms as its office sees them: the votes of its board that allow lending,
// and for each room whether it is published, who decides, and whether simple requests need a
// decision.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/posts.hpp"

namespace preau::gateway {

/// A vote as it was typed; inventory judges it.
struct VoteForm {
    std::string number;
    std::string voted_on;
    std::string valid_from;
    std::string valid_until;
    std::vector<std::string> rooms;  // none: all of the establishment
};

struct RoomsPage {
    std::vector<nlohmann::json> rooms;  // inventory's details of each
    nlohmann::json votes;               // of the board, an array
    bool administrator = false;         // of the body: says who decides
    VoteForm vote;
    std::optional<base::Error> error;  // of the vote, or of the room named
    std::string failed_room;
};

VoteForm vote_form_of(const Visit& visit);
/// The body of POST /v1/establishments/{id}/deliberations.
nlohmann::json vote_body(const VoteForm& form);
/// The body of PATCH /v1/spaces/{id}: only what the visitor may change.
nlohmann::json room_body(const net::Pairs& form);

nlohmann::json rooms_view(const Visit& visit, const PostScope& scope, const RoomsPage& page);

}  // namespace preau::gateway
