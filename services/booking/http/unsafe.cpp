#include "services/booking/http/unsafe.hpp"

#include <charconv>

#include "services/booking/http/actor.hpp"
#include "services/booking/http/render.hpp"
#include "shared/net/idempotency_key.hpp"
#include "shared/security/digest.hpp"

namespace preau::booking::http {

namespace {

net::Response answer(const KeptAnswer& kept) {
    net::Response response;
    response.status = kept.status;
    response.body = kept.body;
    return response;
}

}  // namespace

net::Response run_unsafe(const DeskApi& api, const net::Request& request,
                         std::string_view operation, const Effect& effect, const Explain& explain) {
    const auto identity = api.require(request);
    if (!identity) return net::Response::problem(identity.error());
    const auto key = net::idempotency_key(request);
    if (!key) return net::Response::problem(key.error());
    const Actor actor = actor_of(*identity);
    const KeyScope scope{
        actor.id, std::string(operation), *key,
        security::sha256_hex(request.path + "\n" + std::string(request.headers.get("if-match")) +
                             "\n" + request.body)};
    const auto work = [&](Tx& tx) -> Outcome<KeptAnswer> {
        auto claimed = tx.claim_key(scope);
        if (!claimed) return std::unexpected(Refusal(claimed.error()));
        if (*claimed) return **std::move(claimed);
        const auto done = effect(tx, actor);
        if (!done) return std::unexpected(done.error());
        KeptAnswer kept{done->status, done->body.is_null() ? std::string{} : done->body.dump()};
        tx.keep_answer(scope, kept);
        return kept;
    };
    auto kept = api.store.transact(work);
    if (!kept && kept.error().error.detail == "unknown_outcome") {
        // The answer of COMMIT was lost. The key tells: found, its answer; not found, nothing was
        // done and the same transaction may run again.
        kept = api.store.transact(work);
    }
    if (kept) return answer(*kept);
    return problem(kept.error(), explain ? explain(kept.error(), actor) : nlohmann::json::object());
}

net::Response run_read(const DeskApi& api, const net::Request& request, const Look& look) {
    const auto identity = api.require(request);
    if (!identity) return net::Response::problem(identity.error());
    const Actor actor = actor_of(*identity);
    const auto found =
        api.store.read([&](Tx& tx) -> Outcome<nlohmann::json> { return look(tx, actor); });
    if (!found) return problem(found.error());
    return net::Response::json(*found);
}

base::Result<std::int64_t> version_of(const net::Request& request, const nlohmann::json& body) {
    if (const auto it = body.find("version"); it != body.end()) {
        if (it->is_number_integer()) return it->get<std::int64_t>();
        return base::fail_field("format", "/version");
    }
    auto text = request.headers.get("if-match");
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    std::int64_t version = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) {
        base::Error error{"invalid", {}, {{"/version", "required", {}}}};
        return std::unexpected(std::move(error));
    }
    return version;
}

base::Result<nlohmann::json> object_of(const net::Request& request) {
    if (request.body.empty()) return nlohmann::json::object();
    auto body = request.json();
    if (body && !body->is_object()) return base::fail("bad_json", "an object is expected");
    return body;
}

}  // namespace preau::booking::http
