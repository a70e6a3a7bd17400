// The office's page of rooms and votes, from sample answers of inventory.
#include "services/gateway/pages/rooms_office.hpp"

#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway::test {
namespace {

using nlohmann::json;

json room(const char* id, const char* name, bool published) {
    return {{"space_id", id},       {"name", name},           {"slug", "salle"},
            {"version", 3},         {"published", published}, {"auto_accept", false},
            {"approval", "college"}};
}

json vote(const char* until, json rooms) {
    return {{"number", "CA 2026-14"},
            {"voted_on", "2026-06-26"},
            {"valid_from", "2026-09-01"},
            {"valid_until", until},
            {"space_ids", std::move(rooms)}};
}

std::string html_of(const RoomsPage& shown) {
    School school;
    school.id = "01E";
    school.name = "Collège La Garenne";
    school.commune = "Voiron";
    const net::Request request;
    return page(visit(request), "rooms", rooms_view(visit(request), {{school}, "01E"}, shown));
}

TEST(RoomsOffice, room__says_whether_a_vote_in_force_covers_it) {
    RoomsPage shown;
    shown.rooms = {room("01A", "Gymnase", true)};
    shown.votes = json::array({vote("2027-08-31", json::array({"01A"}))});
    EXPECT_SAYS(html_of(shown), "Couverte par une délibération en cours.");
    shown.votes = json::array({vote("2027-08-31", json::array({"01B"}))});
    EXPECT_SAYS(html_of(shown), "Aucune délibération en cours ne la couvre.");
    shown.votes = json::array({vote("2026-11-21", json::array())});
    EXPECT_SAYS(html_of(shown), "Aucune délibération en cours ne la couvre.");
    shown.votes = json::array({vote("2026-11-22", json::array())});
    EXPECT_SAYS(html_of(shown), "Couverte par une délibération en cours.");
    EXPECT_SAYS(html_of(shown), "toutes les salles");
}

TEST(RoomsOffice, who_decides__is_the_administrators_to_say) {
    RoomsPage shown;
    shown.rooms = {room("01A", "Gymnase", true)};
    shown.votes = json::array();
    EXPECT_EQ(html_of(shown).find("name=\"approval\""), std::string::npos);
    shown.administrator = true;
    EXPECT_NE(html_of(shown).find("name=\"approval\""), std::string::npos);
}

TEST(RoomsOffice, bodies__have_only_what_was_sent) {
    net::Pairs form;
    form.add("published", "1");
    form.add("auto_accept", "0");
    EXPECT_EQ(room_body(form), json({{"published", true}, {"auto_accept", false}}));
    form.add("approval", "1");
    EXPECT_EQ(room_body(form)["approval"], "college_then_body");
    VoteForm vote_form;
    vote_form.number = "CA 14";
    vote_form.voted_on = "2026-06-26";
    EXPECT_EQ(vote_body(vote_form), json({{"number", "CA 14"}, {"voted_on", "2026-06-26"}}));
    vote_form.rooms = {"01A"};
    EXPECT_EQ(vote_body(vote_form)["space_ids"], json::array({"01A"}));
}

TEST(RoomsOffice, refused_vote__keeps_what_was_typed) {
    RoomsPage shown;
    shown.rooms = {room("01A", "Gymnase", false)};
    shown.votes = json::array();
    shown.vote.number = "CA 14";
    shown.vote.rooms = {"01A"};
    shown.error = base::Error{"invalid", {}, {{"/voted_on", "required", {}}}};
    const auto html = html_of(shown);
    EXPECT_SAYS(html, "value=\"CA 14\"");
    EXPECT_SAYS(html, "id=\"e-voted_on\"");
    EXPECT_SAYS(html, "value=\"01A\" checked");
}

TEST(RoomsOffice, room_that_no_vote_covers__the_refusal_leads_to_it) {
    RoomsPage shown;
    shown.rooms = {room("01A", "Gymnase", false)};
    shown.votes = json::array();
    shown.error = base::Error{"deliberation_required", {}, {}};
    shown.failed_room = "01A";
    const auto html = html_of(shown);
    EXPECT_SAYS(html, "href=\"#f-room-01A\"");
    EXPECT_SAYS(html, "Aucune délibération du conseil d’administration ne couvre cette salle");
}

}  // namespace
}  // namespace preau::gateway::test
