#include "services/notification/jobs/sources.hpp"

#include "services/notification/channel/email/letter_facts.hpp"
#include "shared/base/id.hpp"

namespace preau::notification {

namespace {

using nlohmann::json;

/// The first of "items", or null.
json first_item(const json& answer) {
    const auto items = answer.find("items");
    if (items == answer.end() || !items->is_array() || items->empty()) return nullptr;
    return items->front();
}

/// The value kept for the id, else what `ask` gives, kept when it is an answer.
template <class Value, class Ask>
base::Result<Value> once(std::map<std::string, Value>& kept, const std::string& id, Ask ask) {
    const auto at = kept.find(id);
    if (at != kept.end()) return at->second;
    auto answer = ask(id);
    if (answer) kept.emplace(id, *answer);
    return answer;
}

}  // namespace

base::Result<json> PeerSources::get(const char* service, const std::string& target) const {
    const auto answer = peers_.call(service, net::Method::get, target, nullptr, nullptr);
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == 404) return json(nullptr);
    if (!answer->ok()) {
        return base::fail("upstream_unavailable",
                          std::string(service) + " answered " + std::to_string(answer->status));
    }
    return answer->json();
}

base::Result<json> PeerSources::booking(const std::string& id) {
    if (!base::is_ulid(id)) return json(nullptr);
    return get("booking", "/v1/bookings/" + id);
}

base::Result<std::optional<email::Person>> PeerSources::person(const std::string& id) {
    using Found = std::optional<email::Person>;
    if (!base::is_ulid(id)) return Found();
    const auto answer = get("accounts", "/v1/people?ids=" + id);
    if (!answer) return std::unexpected(answer.error());
    const auto item = first_item(*answer);
    if (email::text_at(item, {"id"}) != id) return Found();
    return Found({id, email::text_at(item, {"name"}), email::text_at(item, {"email"}),
                  words::language_from(email::text_at(item, {"language"}))});
}

base::Result<std::string> PeerSources::organisation_name(const std::string& id) {
    if (!base::is_ulid(id)) return std::string();
    const auto answer = get("accounts", "/v1/organisations?ids=" + id);
    if (!answer) return std::unexpected(answer.error());
    return email::text_at(first_item(*answer), {"name"});
}

base::Result<std::string> PeerSources::contact(const std::string& body_id) {
    if (!base::is_ulid(body_id)) return std::string();
    const auto answer = get("accounts", "/v1/bodies/" + body_id);
    if (!answer) return std::unexpected(answer.error());
    std::string out;
    for (const auto* name : {"email", "phone", "hours"}) {
        const auto part = email::text_at(*answer, {"contact", name});
        if (!part.empty()) out += (out.empty() ? "" : ", ") + part;
    }
    return out;
}

base::Result<json> BatchSources::booking(const std::string& id) {
    return sources_.booking(id);
}

base::Result<std::optional<email::Person>> BatchSources::person(const std::string& id) {
    return once(people_, id, [&](const std::string& one) { return sources_.person(one); });
}

base::Result<std::string> BatchSources::organisation_name(const std::string& id) {
    return once(organisations_, id,
                [&](const std::string& one) { return sources_.organisation_name(one); });
}

base::Result<std::string> BatchSources::contact(const std::string& body_id) {
    return once(contacts_, body_id, [&](const std::string& one) { return sources_.contact(one); });
}

}  // namespace preau::notification
