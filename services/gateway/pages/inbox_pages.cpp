// The routes of the inbox: what it asks of the services, and the decisions.
#include <algorithm>
#include <set>
#include <utility>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/follow_up.hpp"
#include "services/gateway/pages/inbox.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/posts.hpp"
#include "services/gateway/pages/typed_money.hpp"
#include "services/gateway/pages/values.hpp"
#include "shared/base/clock.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr int kRoomsMax = 12;            // of a site, among which something else is proposed
constexpr std::size_t kSchoolsMax = 20;  // lists asked one by one for a manager of many schools

constexpr std::string_view kOpen = "submitted";
constexpr std::string_view kEndorsed = "endorsed";
constexpr std::string_view kWaiting = "awaiting_documents,counter_proposed";
// What a college has passed on waits too, for the body.
constexpr std::string_view kWaitingCollege = "endorsed,awaiting_documents,counter_proposed";
constexpr std::string_view kDone =
    "accepted,confirmed,refused,cancelled_by_hirer,cancelled_by_body,expired,closed";

/// What the visitor decides for: a whole body, or some of its schools.
struct Scope {
    bool manages = false;
    bool authority = false;  // an administrator of the body
    std::string body;        // not empty: all of it
    std::vector<std::string> schools;
};

Scope scope_of(const Visit& visit) {
    Scope scope;
    if (!visit.me) return scope;
    for (const auto& post : list_of(*visit.me, "posts")) {
        const auto role = text_of(post, "role");
        if (role != "manager" && role != "admin") continue;
        scope.manages = true;
        const auto schools = list_of(post, "establishment_ids");
        scope.authority = scope.authority || (role == "admin" && schools.empty());
        if (schools.empty()) scope.body = text_of(member_of(post, "body"), "id");
        for (const auto& id : schools) {
            if (id.is_string()) scope.schools.push_back(id.get<std::string>());
        }
    }
    return scope;
}

std::string scope_text(const Visit& visit, const Scope& scope) {
    if (!scope.body.empty() || scope.schools.size() != 1) return visit.text("inbox.scope_all");
    const auto school = visit.backend->get(
        "inventory", "/v1/establishments/" + percent_encode(scope.schools.front()));
    if (!school) return {};
    return visit.words.fill("college.title", {{"name", text_of(*school, "name")},
                                              {"commune", text_of(*school, "commune_name")}});
}

void sort_by_deadline(json& bookings) {
    if (!bookings.contains("items")) return;
    auto& items = bookings["items"];
    const auto key = [](const json& booking) {
        const auto due = parse_moment(text_of(booking, "answer_by"));
        return std::pair{due ? due->seconds : std::int64_t{0}, text_of(booking, "id")};
    };
    std::sort(items.begin(), items.end(),
              [&key](const json& a, const json& b) { return key(a) < key(b); });
}

/// `of` is "body_id" or "establishment_id".
base::Result<json> list_bookings(const Visit& visit, const char* of, const std::string& id,
                                 Inbox::Tab tab, bool authority, std::string_view after) {
    const auto states = tab == Inbox::Tab::done       ? kDone
                        : tab == Inbox::Tab::endorsed ? kEndorsed
                        : tab == Inbox::Tab::open     ? kOpen
                        : authority                   ? kWaiting
                                                      : kWaitingCollege;
    QueryPairs question{{of, id},
                        {"state", std::string(states)},
                        {"sort", tab == Inbox::Tab::done ? "newest" : "deadline"},
                        {"limit", "50"}};
    if (!after.empty()) question.emplace_back("after", std::string(after));
    return visit.backend->get("booking", "/v1/bookings?" + query_string(question));
}

/// The open requests (or decided ones) of the scope, the earliest deadline first.
base::Result<json> bookings_of(const Visit& visit, const Scope& scope, Inbox::Tab tab) {
    const auto after = visit.query("after");
    if (!scope.body.empty()) {
        return list_bookings(visit, "body_id", scope.body, tab, scope.authority, after);
    }
    if (scope.schools.size() == 1) {
        return list_bookings(visit, "establishment_id", scope.schools.front(), tab, scope.authority,
                             after);
    }
    json all = {{"items", json::array()}, {"next", nullptr}};
    for (std::size_t i = 0; i < std::min(scope.schools.size(), kSchoolsMax); ++i) {
        const auto some =
            list_bookings(visit, "establishment_id", scope.schools[i], tab, scope.authority, {});
        if (!some) return std::unexpected(some.error());
        for (const auto& item : list_of(*some, "items"))
            all["items"].push_back(item);
    }
    if (tab != Inbox::Tab::done) sort_by_deadline(all);
    return all;
}

void add_names(const Visit& visit, Inbox& inbox) {
    std::set<std::string> ids;
    const auto note = [&ids](const json& booking) {
        const auto id = text_of(booking, "organisation_id");
        if (!id.empty()) ids.insert(id);
    };
    for (const auto& booking : list_of(inbox.bookings, "items"))
        note(booking);
    for (const auto& other : list_of(inbox.checks, "competing"))
        note(other);
    note(inbox.selected);
    inbox.organisations = organisation_names(visit, ids);
    const auto requester = text_of(inbox.selected, "requester_id");
    if (!requester.empty() && !text_of(inbox.selected, "message").empty()) {
        inbox.people = visit.backend->people({requester});
    }
}

/// The rooms of the same site with their offers, for what can be proposed instead.
json rooms_of(const Visit& visit, const Inbox& inbox) {
    auto out = json::array();
    const auto found = visit.backend->get(
        "inventory", "/v1/spaces?establishment_id=" +
                         percent_encode(text_of(inbox.selected, "establishment_id")) +
                         "&limit=" + std::to_string(kRoomsMax));
    if (!found) return out;
    for (const auto& brief : list_of(*found, "items")) {
        const auto id = text_of(brief, "space_id");
        const auto space = id == text_of(inbox.space, "space_id")
                               ? base::Result<json>(inbox.space)
                               : visit.backend->get("inventory", "/v1/spaces/" + id);
        if (space && text_of(*space, "site_id") == text_of(inbox.selected, "site_id")) {
            out.push_back(*space);
        }
    }
    return out;
}

base::Result<Reply> show(Visit& visit, std::string_view id, std::optional<base::Error> error) {
    const auto scope = scope_of(visit);
    if (!scope.manages) return base::fail("forbidden", "no manager's post");
    Inbox inbox;
    const auto wanted = visit.query("etat");
    if (wanted == "traitees") inbox.tab = Inbox::Tab::done;
    if (wanted == "en-attente") inbox.tab = Inbox::Tab::waiting;
    inbox.authority = scope.authority;
    if (wanted == "a-valider" && inbox.authority) inbox.tab = Inbox::Tab::endorsed;
    inbox.error = std::move(error);
    inbox.machine_now = base::MachineClock().now();
    auto bookings = bookings_of(visit, scope, inbox.tab);
    if (!bookings) return std::unexpected(bookings.error());
    inbox.bookings = std::move(*bookings);
    if (!id.empty()) {
        const auto path = "/v1/bookings/" + percent_encode(id);
        const auto selected = visit.backend->get("booking", path);
        if (!selected) return std::unexpected(selected.error());
        inbox.selected = *selected;
        if (const auto history = visit.backend->get("booking", path + "/history")) {
            inbox.history = *history;
        }
        // A request that nobody can decide any more has no checks.
        if (const auto checks = visit.backend->get("booking", path + "/checks")) {
            inbox.checks = *checks;
        }
        if (const auto space = visit.backend->get(
                "inventory", "/v1/spaces/" + text_of(inbox.selected, "space_id"))) {
            inbox.space = *space;
        }
        const auto state = text_of(inbox.selected, "state");
        if (state == kOpen || state == kEndorsed) inbox.rooms = rooms_of(visit, inbox);
    }
    add_names(visit, inbox);
    inbox.scope = scope_text(visit, scope);
    const int status = inbox.error ? 422 : 200;
    return Reply::page("inbox", inbox_view(visit, inbox), status);
}

/// One decision; `done` is the query of the page that follows.
base::Result<Reply> decide(Visit& visit, const char* operation, const json& fields,
                           const std::string& done) {
    const auto id = std::string(visit.request.params.get("id"));
    json body = fields;
    body["version"] = version_of(visit);
    const auto answer =
        visit.backend->post("booking", "/v1/bookings/" + percent_encode(id) + "/" + operation, body,
                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    const auto page = "/gestion/a-traiter/" + percent_encode(id);
    if (answer->ok()) return Reply::see(page + done);
    auto error = answer->error();
    // What the person can put right is shown beside the field; what somebody else changed, on the
    // page as it now is.
    const bool can_be_put_right = std::string_view(operation) == "propose" &&
                                  error.code != "already_decided" &&
                                  error.code != "invalid_transition" && answer->status == 409;
    if (answer->status == 422 || can_be_put_right) {
        if (error.code == "reason_required" && error.fields.empty()) {
            error.fields.push_back({"/reason_code", "required", {}});
        }
        if (error.code == "ground_required" && error.fields.empty()) {
            error.fields.push_back({"/ground", "ground_required", {}});
        }
        return show(visit, id, error);
    }
    if (answer->status == 409 || answer->status == 412) {
        if (std::string_view(operation) == "undo") return Reply::see(page + "?fait=trop-tard");
        return Reply::see(page + "?probleme=" + percent_encode(error.code));
    }
    return std::unexpected(error);
}

base::Result<Reply> accept(Visit& visit) {
    json fields = json::object();
    if (visit.form.get("form") == "part") {
        auto& dates = fields["occurrence_ids"] = json::array();
        for (const auto id : visit.form.all("occurrence_ids"))
            dates.push_back(std::string(id));
        fields["reason_code"] = std::string(visit.form.get("reason_code"));
        fields["reason_text"] = std::string(visit.form.get("reason_text"));
    }
    if (const auto ground = visit.form.get("ground"); !ground.empty()) {
        fields["ground"] = std::string(ground);
    }
    if (visit.form.get("form") == "lower") {
        const auto typed = visit.form.get("total");
        const auto cents = cents_typed(typed);
        // What is no sum is sent as it is: the service says what it takes.
        fields["total"] =
            cents ? json{{"amount", *cents}, {"currency", "EUR"}} : json(std::string(typed));
    }
    return decide(visit, "accept", fields, "?fait=acceptee");
}

base::Result<Reply> refuse(Visit& visit) {
    return decide(visit, "refuse",
                  {{"reason_code", std::string(visit.form.get("reason_code"))},
                   {"reason_text", std::string(visit.form.get("reason_text"))}},
                  "?fait=refusee");
}

base::Result<Reply> endorse(Visit& visit) {
    return decide(visit, "endorse", {{"text", std::string(visit.form.get("text"))}},
                  "?fait=transmise");
}

base::Result<Reply> ask_documents(Visit& visit) {
    return decide(visit, "ask-documents", {{"text", std::string(visit.form.get("text"))}},
                  "?fait=demandee");
}

/// The form names one date to replace, or none: then the hours or the room of all change.
base::Result<Reply> propose(Visit& visit) {
    const auto value = [&](const char* name) { return std::string(visit.form.get(name)); };
    json fields{{"message", value("message")}};
    for (const char* name : {"offer_id", "deadline", "ground"}) {
        if (!value(name).empty()) fields[name] = value(name);
    }
    const auto id = std::string(visit.request.params.get("id"));
    const auto booking = visit.backend->get("booking", "/v1/bookings/" + percent_encode(id));
    if (!booking) return std::unexpected(booking.error());
    auto& replace = fields["replace"] = json::array();
    for (const auto& one : list_of(*booking, "occurrences")) {
        const auto chosen = value("occurrence_id");
        const auto slot = member_of(one, "slot");
        if (text_of(one, "state") != "planned") continue;
        if (!chosen.empty() && chosen != text_of(one, "id")) continue;
        const auto date = chosen.empty() ? text_of(slot, "date") : value("date");
        replace.push_back({{"occurrence_id", text_of(one, "id")},
                           {"date", date},
                           {"start_time", value("start_time")},
                           {"end_time", value("end_time")}});
    }
    return decide(visit, "propose", fields, "?fait=proposee");
}

base::Result<Reply> undo(Visit& visit) {
    return decide(visit, "undo", json::object(), "?fait=annulee");
}

}  // namespace

void add_inbox_pages(Site& site, net::Router& router) {
    const std::string section = "inbox";
    site.add(
        router, net::Method::get, "/gestion/a-traiter", "page_inbox",
        [](Visit& visit) { return show(visit, {}, std::nullopt); }, Access::signed_in, section);
    site.add(
        router, net::Method::get, "/gestion/a-traiter/{id}", "page_inbox_request",
        [](Visit& visit) { return show(visit, visit.request.params.get("id"), std::nullopt); },
        Access::signed_in, section);
    site.add(router, net::Method::post, "/gestion/a-traiter/{id}/accepter", "accept_request",
             accept, Access::signed_in, section);
    site.add(router, net::Method::post, "/gestion/a-traiter/{id}/favorable", "endorse_request",
             endorse, Access::signed_in, section);
    site.add(router, net::Method::post, "/gestion/a-traiter/{id}/demander", "ask_for_documents",
             ask_documents, Access::signed_in, section);
    site.add(router, net::Method::post, "/gestion/a-traiter/{id}/proposer", "propose_instead",
             propose, Access::signed_in, section);
    site.add(router, net::Method::post, "/gestion/a-traiter/{id}/refuser", "refuse_request", refuse,
             Access::signed_in, section);
    site.add(router, net::Method::post, "/gestion/a-traiter/{id}/annuler-decision", "undo_decision",
             undo, Access::signed_in, section);
}

}  // namespace preau::gateway
