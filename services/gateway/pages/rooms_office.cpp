#include "services/gateway/pages/rooms_office.hpp"

#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/follow_up.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/planning.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::string_view kPath = "/gestion/salles";
constexpr int kRoomsMax = 100;

std::string date_text(const Visit& visit, const json& vote, const char* name) {
    const auto date = time::Date::parse(text_of(vote, name));
    return date ? visit.format.day_month_year(*date) : text_of(vote, name);
}

std::string room_name(const RoomsPage& page, const std::string& id) {
    const auto at = std::ranges::find_if(
        page.rooms, [&](const json& room) { return text_of(room, "space_id") == id; });
    return at == page.rooms.end() ? std::string{} : text_of(*at, "name");
}

bool covers(const json& vote, const std::string& room, time::Date today) {
    const auto from = time::Date::parse(text_of(vote, "valid_from"));
    const auto until = time::Date::parse(text_of(vote, "valid_until"));
    if (!from || !until || today < *from || *until < today) return false;
    const auto rooms = list_of(vote, "space_ids");
    return rooms.empty() || std::ranges::find(rooms, json(room)) != rooms.end();
}

/// The votes in their order, each with what it allows.
json votes_view(const Visit& visit, const RoomsPage& page) {
    auto items = json::array();
    for (const auto& vote : page.votes) {
        std::vector<std::string> rooms;
        for (const auto& id : list_of(vote, "space_ids"))
            if (id.is_string()) rooms.push_back(room_name(page, id.get<std::string>()));
        items.push_back(
            {{"number", text_of(vote, "number")},
             {"voted_text", date_text(visit, vote, "voted_on")},
             {"valid_text", visit.words.fill("closures.days",
                                             {{"from", date_text(visit, vote, "valid_from")},
                                              {"until", date_text(visit, vote, "valid_until")}})},
             {"rooms_text",
              rooms.empty() ? visit.text("rooms_office.all_rooms") : visit.format.list(rooms)}});
    }
    return items.empty() ? json(false) : json{{"items", items}};
}

json vote_view(const Visit& visit, const RoomsPage& page) {
    static const std::vector<base::FieldError> none;
    const bool mine = page.error && page.failed_room.empty();
    const auto& faults = mine ? page.error->fields : none;
    const auto field = [&](const char* name, const std::string& value) {
        return json{{"value", value}, {"error", field_error(visit, faults, name)}};
    };
    auto rooms = json::array();
    for (const auto& room : page.rooms) {
        const auto id = text_of(room, "space_id");
        rooms.push_back(
            {{"value", id},
             {"name", text_of(room, "name")},
             {"checked", std::ranges::find(page.vote.rooms, id) != page.vote.rooms.end()}});
    }
    return {{"number", field("number", page.vote.number)},
            {"voted_on", field("voted_on", page.vote.voted_on)},
            {"valid_from", field("valid_from", page.vote.valid_from)},
            {"valid_until", field("valid_until", page.vote.valid_until)},
            {"rooms", rooms},
            {"open", mine || page.votes.empty()}};
}

json room_view(const Visit& visit, const RoomsPage& page, const json& room) {
    const auto id = text_of(room, "space_id");
    const bool published = flag_of(room, "published");
    const bool covered = std::ranges::any_of(
        page.votes, [&](const json& vote) { return covers(vote, id, visit.today()); });
    const auto choice = [&](const char* key, bool second) {
        const std::string stem = std::string("rooms_office.") + key;
        return json{{"options",
                     {option_view("0", visit.text(stem + "_0"), !second),
                      option_view("1", visit.text(stem + "_1"), second)}}};
    };
    const bool two_levels = text_of(room, "approval") == "college_then_body";
    return {
        {"id", id},
        {"name", text_of(room, "name")},
        {"href", "/salles/" + text_of(room, "slug")},
        {"tone", published ? "free" : "closed"},
        {"state_text",
         visit.text(published ? "rooms_office.published_1" : "rooms_office.published_0")},
        {"covered_text", visit.text(covered ? "rooms_office.covered" : "rooms_office.not_covered")},
        {"action", std::string(kPath) + "/" + id},
        {"version", text_of(room, "version")},
        {"published", choice("published", published)},
        {"auto_accept", choice("auto_accept", flag_of(room, "auto_accept"))},
        {"approval", page.administrator ? choice("approval", two_levels) : json(false)},
        {"approval_text",
         visit.text(two_levels ? "rooms_office.approval_1" : "rooms_office.approval_0")}};
}

base::Result<PostScope> scope_of(const Visit& visit, Directory& directory) {
    return scope_of_posts(visit, directory, {"manager", "admin"}, true);
}

bool administers(const Visit& visit) {
    const auto posts = list_of(*visit.me, "posts");
    return std::ranges::any_of(posts,
                               [](const json& post) { return text_of(post, "role") == "admin"; });
}

base::Result<Reply> show(Visit& visit, Directory& directory, RoomsPage page = {}) {
    const auto scope = scope_of(visit, directory);
    if (!scope) return std::unexpected(scope.error());
    const auto listed = visit.backend->get(
        "inventory", "/v1/spaces?" + query_string({{"establishment_id", scope->chosen},
                                                   {"limit", std::to_string(kRoomsMax)}}));
    if (!listed) return std::unexpected(listed.error());
    for (const auto& one : list_of(*listed, "items")) {
        const auto room = visit.backend->get(
            "inventory", "/v1/spaces/" + percent_encode(text_of(one, "space_id")));
        if (!room) return std::unexpected(room.error());
        page.rooms.push_back(*room);
    }
    const auto votes = visit.backend->get(
        "inventory", "/v1/establishments/" + percent_encode(scope->chosen) + "/deliberations");
    if (!votes) return std::unexpected(votes.error());
    page.votes = list_of(*votes, "items");
    page.administrator = administers(visit);
    return Reply::page("rooms", rooms_view(visit, *scope, page), page.error ? 422 : 200);
}

Reply done(const PostScope& scope, const char* what) {
    return Reply::see(std::string(kPath) + "?" +
                      query_string({{"etablissement", scope.chosen}, {"fait", what}}));
}

base::Result<Reply> record_vote(Visit& visit, Directory& directory) {
    const auto scope = scope_of(visit, directory);
    if (!scope) return std::unexpected(scope.error());
    RoomsPage page;
    page.vote = vote_form_of(visit);
    const auto answer = visit.backend->post(
        "inventory", "/v1/establishments/" + percent_encode(scope->chosen) + "/deliberations",
        vote_body(page.vote), visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) return done(*scope, "vote");
    page.error = answer->error();
    return show(visit, directory, std::move(page));
}

base::Result<Reply> change_room(Visit& visit, Directory& directory) {
    const auto scope = scope_of(visit, directory);
    if (!scope) return std::unexpected(scope.error());
    const auto id = std::string(visit.request.params.get("id"));
    auto body = room_body(visit.form);
    body["version"] = version_of(visit);
    const auto answer =
        visit.backend->send("inventory", net::Method::patch, "/v1/spaces/" + percent_encode(id),
                            &body, visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) return done(*scope, "salle");
    if (answer->status == 401 || answer->status == 404) return std::unexpected(answer->error());
    RoomsPage page;
    page.error = answer->error();
    page.failed_room = id;
    return show(visit, directory, std::move(page));
}

}  // namespace

VoteForm vote_form_of(const Visit& visit) {
    const auto text = [&](const char* name) { return std::string(visit.form.get(name)); };
    VoteForm form{text("number"), text("voted_on"), text("valid_from"), text("valid_until"), {}};
    for (const auto& id : visit.form.all("space_ids"))
        form.rooms.emplace_back(id);
    return form;
}

json vote_body(const VoteForm& form) {
    json body = json::object();
    const auto put = [&](const char* name, const std::string& value) {
        if (!value.empty()) body[name] = value;
    };
    put("number", form.number);
    put("voted_on", form.voted_on);
    put("valid_from", form.valid_from);
    put("valid_until", form.valid_until);
    if (!form.rooms.empty()) body["space_ids"] = form.rooms;
    return body;
}

json room_body(const net::Pairs& form) {
    json body = json::object();
    for (const auto* name : {"published", "auto_accept"}) {
        if (const auto value = form.find(name)) body[name] = *value == "1";
    }
    if (const auto value = form.find("approval")) {
        body["approval"] = *value == "1" ? "college_then_body" : "college";
    }
    return body;
}

json rooms_view(const Visit& visit, const PostScope& scope, const RoomsPage& page) {
    auto model = office_frame(visit, scope, std::string(kPath));
    json flash = false;
    const auto what = visit.query("fait");
    if (what == "vote") flash = flash_view("free", visit.text("rooms_office.vote_done"));
    if (what == "salle") flash = flash_view("free", visit.text("rooms_office.room_done"));
    json errors = false;
    if (page.error) {
        errors = errors_view(visit, *page.error,
                             page.failed_room.empty() ? "number" : "room-" + page.failed_room);
    }
    auto rooms = json::array();
    for (const auto& room : page.rooms)
        rooms.push_back(room_view(visit, page, room));
    model.update({{"title", visit.words.fill("rooms_office.title_full",
                                             {{"school", scope.name_of(scope.chosen)}})},
                  {"flash", flash},
                  {"errors", errors},
                  {"votes", votes_view(visit, page)},
                  {"vote", vote_view(visit, page)},
                  {"rooms", rooms.empty() ? json(false) : json{{"items", rooms}}}});
    return model;
}

void add_room_office_pages(Site& site, net::Router& router, Directory& directory) {
    site.add(
        router, net::Method::get, std::string(kPath), "pageRoomsOffice",
        [&directory](Visit& visit) { return show(visit, directory); }, Access::signed_in, "rooms");
    site.add(
        router, net::Method::post, std::string(kPath), "formRecordVote",
        [&directory](Visit& visit) { return record_vote(visit, directory); }, Access::signed_in,
        "rooms");
    site.add(
        router, net::Method::post, std::string(kPath) + "/{id}", "formChangeRoom",
        [&directory](Visit& visit) { return change_room(visit, directory); }, Access::signed_in,
        "rooms");
}

}  // namespace preau::gateway
