#pragma once
// Operations that change something: the idempotency key is claimed first and the answer kept last,
// in the transaction of the effect, so that a repeated request gets the same answer and does
// nothing.

#include <functional>
#include <string>
#include <string_view>

#include "services/booking/http/desk_api.hpp"

namespace preau::booking::http {

/// What the domain did, as it is answered and kept.
struct Done {
    int status = 200;
    nlohmann::json body;
};

using Effect = std::function<Outcome<Done>(Tx&, const Actor&)>;

/// What a refusal shall tell besides, worked out after its transaction was rolled back.
using Explain = std::function<nlohmann::json(const Refusal&, const Actor&)>;

net::Response run_unsafe(const DeskApi& api, const net::Request& request,
                         std::string_view operation, const Effect& effect,
                         const Explain& explain = {});

/// For reads: the caller, one read-only transaction, the answer.
using Look = std::function<Outcome<nlohmann::json>(Tx&, const Actor&)>;
net::Response run_read(const DeskApi& api, const net::Request& request, const Look& look);

/// The id in the path, or nothing (which answers 404: an id that is none is unknown).
template <class IdType>
std::optional<IdType> path_id(const net::Request& request) {
    return IdType::parse(request.params.get("id"));
}

/// The version that the caller has seen: member `version` of the body, or If-Match.
base::Result<std::int64_t> version_of(const net::Request& request, const nlohmann::json& body);

/// The body as a JSON object; an empty body is {}.
base::Result<nlohmann::json> object_of(const net::Request& request);

}  // namespace preau::booking::http
