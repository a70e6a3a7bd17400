// Who is who: the caller, organisations, people, bodies.
#include <charconv>

#include "services/accounts/http/permissions.hpp"
#include "services/accounts/http/routes.hpp"
#include "services/accounts/http/views.hpp"
#include "shared/security/digest.hpp"

namespace preau::accounts {
namespace {

using nlohmann::json;

constexpr std::size_t kIdsMax = 100;
constexpr int kPageMax = 100;
constexpr std::size_t kQueryMin = 2;
constexpr std::size_t kQueryMax = 100;
constexpr std::size_t kFoundMax = 20;

net::Response problem(const char* code) {
    return net::Response::problem({code, {}, {}});
}

net::Response query_fault(const char* name, const char* code, std::string detail = {}) {
    return net::Response::problem(
        {"invalid", {}, {{std::string("/query/") + name, code, std::move(detail)}}});
}

base::Result<security::Identity> signed_in(const Context& context, const net::Request& request) {
    auto caller = context.identify(request);
    if (caller && caller->kind == security::ActorKind::anonymous) {
        return base::fail("unauthenticated");
    }
    return caller;
}

// "?<name>=a,b": at most kIdsMax words.
base::Result<std::vector<std::string>> read_list(const net::Request& request, const char* name) {
    const auto fault = [&](const char* code, std::string detail = {}) {
        return std::unexpected(
            base::Error{"invalid", {}, {{std::string("/query/") + name, code, std::move(detail)}}});
    };
    const auto text = request.query.find(name);
    if (!text || text->empty()) return fault("required");
    std::vector<std::string> words;
    for (std::size_t from = 0; from <= text->size();) {
        const std::size_t comma = std::min(text->find(',', from), text->size());
        if (words.size() == kIdsMax) return fault("range", "1.." + std::to_string(kIdsMax));
        words.emplace_back(text->substr(from, comma - from));
        from = comma + 1;
    }
    return words;
}

// "?ids=a,b": at most kIdsMax ULIDs. Words that are none name nothing, like unknown ones.
template <class IdType>
base::Result<std::vector<IdType>> read_ids(const net::Request& request) {
    const auto words = read_list(request, "ids");
    if (!words) return std::unexpected(words.error());
    std::vector<IdType> ids;
    for (const std::string& word : *words) {
        if (auto id = IdType::parse(word)) ids.push_back(*std::move(id));
    }
    return ids;
}

// By id, or by number in a register where `registers` is asked.
base::Result<std::vector<OrganisationFile>> organisations_asked(const Context& context,
                                                                const net::Request& request) {
    if (request.query.find("registers")) {
        const auto numbers = read_list(request, "registers");
        if (!numbers) return std::unexpected(numbers.error());
        return context.store.organisations_in_registers(*numbers);
    }
    const auto ids = read_ids<base::OrganisationId>(request);
    if (!ids) return std::unexpected(ids.error());
    return context.store.organisations(*ids);
}

net::Response items(json list) {
    return net::Response::json({{"items", std::move(list)}, {"next", nullptr}});
}

}  // namespace

net::Response read_me(const Context& context, const net::Request& request) {
    const auto caller = signed_in(context, request);
    if (!caller) return net::Response::problem(caller.error());
    const auto id = base::PersonId::parse(caller->actor);
    if (!id) return problem("not_found");  // a service is nobody
    const auto profile = context.store.profile(*id);
    if (!profile) return net::Response::problem(profile.error());
    if (!*profile) return problem("unauthenticated");  // closed since the token was signed
    return std::move(net::Response::json(view(**profile)).with("Cache-Control", "no-store"));
}

namespace {

/// "?body_id=…&q=…": for who stands at a counter of the body.
net::Response find_organisations(const Context& context, const net::Request& request,
                                 const security::Identity& caller) {
    const auto body = base::BodyId::parse(request.query.get("body_id"));
    if (!body || !may_enrol(caller, *body)) return problem("not_found");
    const auto query = request.query.get("q");
    if (query.size() < kQueryMin || query.size() > kQueryMax) return query_fault("q", "length");
    const auto files = context.store.find_organisations(*body, std::string(query), kFoundMax);
    if (!files) return net::Response::problem(files.error());
    json list = json::array();
    for (const auto& file : *files)
        list.push_back(view(file.organisation, visible_affiliations(caller, file)));
    return items(std::move(list));
}

}  // namespace

net::Response list_organisations(const Context& context, const net::Request& request) {
    const auto caller = signed_in(context, request);
    if (!caller) return net::Response::problem(caller.error());
    if (request.query.find("body_id")) return find_organisations(context, request, *caller);
    const auto files = organisations_asked(context, request);
    if (!files) return net::Response::problem(files.error());
    json list = json::array();
    for (const auto& file : *files) {
        if (!may_see(*caller, file)) continue;
        list.push_back(view(file.organisation, visible_affiliations(*caller, file)));
    }
    return items(std::move(list));
}

net::Response read_organisation(const Context& context, const net::Request& request) {
    const auto caller = signed_in(context, request);
    if (!caller) return net::Response::problem(caller.error());
    const auto id = base::OrganisationId::parse(request.params.get("id"));
    if (!id) return problem("not_found");
    const auto files = context.store.organisations({*id});
    if (!files) return net::Response::problem(files.error());
    if (files->empty() || !may_see(*caller, files->front())) return problem("not_found");
    const OrganisationFile& file = files->front();
    return net::Response::json(view(file.organisation, visible_affiliations(*caller, file)));
}

net::Response list_people(const Context& context, const net::Request& request) {
    const auto caller = signed_in(context, request);
    if (!caller) return net::Response::problem(caller.error());
    if (!may_read_people(*caller)) return problem("forbidden");
    const auto ids = read_ids<base::PersonId>(request);
    if (!ids) return net::Response::problem(ids.error());
    const auto people = context.store.people(*ids);
    if (!people) return net::Response::problem(people.error());
    json list = json::array();
    for (const Person& person : *people) {
        if (person.active) list.push_back(view(person));
    }
    return std::move(items(std::move(list)).with("Cache-Control", "no-store"));
}

net::Response list_bodies(const Context& context, const net::Request& request) {
    int limit = kPageMax;
    if (const auto text = request.query.find("limit")) {
        const auto [end, failed] =
            std::from_chars(text->data(), text->data() + text->size(), limit);
        if (failed != std::errc() || end != text->data() + text->size() || limit < 1 ||
            limit > kPageMax) {
            return query_fault("limit", "range", "1.." + std::to_string(kPageMax));
        }
    }
    std::string after;
    if (const auto cursor = request.query.find("after")) {
        after = security::from_base64url(*cursor);
        if (!base::is_ulid(after)) return query_fault("after", "format");
    }
    const auto bodies = context.store.bodies(after, limit + 1);
    if (!bodies) return net::Response::problem(bodies.error());
    json list = json::array();
    json next;
    for (const Body& body : *bodies) {
        if (list.size() == static_cast<std::size_t>(limit)) {
            next = security::base64url(list.back()["id"].get<std::string>());
            break;
        }
        list.push_back(view(body));
    }
    return net::Response::json({{"items", std::move(list)}, {"next", std::move(next)}});
}

net::Response read_body(const Context& context, const net::Request& request) {
    const auto body = context.store.body(std::string(request.params.get("id_or_slug")));
    if (!body) return net::Response::problem(body.error());
    if (!*body) return problem("not_found");
    return net::Response::json(view(**body));
}

}  // namespace preau::accounts
