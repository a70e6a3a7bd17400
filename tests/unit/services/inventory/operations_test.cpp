#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/inventory/http/routes.hpp"
#include "tests/unit/services/inventory/catalogue_fixture.hpp"

namespace preau::inventory {
namespace {

using security::StaffRole;

class OperationsTest : public test::CatalogueTest {
protected:
    void SetUp() override {
        CatalogueTest::SetUp();
        fill();
        add_routes(router_, {*catalogue_, business_, [this](const net::Request&) {
                                 return base::Result<security::Identity>(caller_);
                             }});
    }

    net::Response call(net::Method method, const std::string& path,
                       const nlohmann::json& body = nullptr) {
        net::Request request;
        request.method = method;
        request.path = path.substr(0, path.find('?'));
        if (path.find('?') != std::string::npos) {
            std::string_view rest = std::string_view(path).substr(path.find('?') + 1);
            while (!rest.empty()) {
                const std::string_view pair = rest.substr(0, rest.find('&'));
                rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
                const std::size_t equals = pair.find('=');
                request.query.add(std::string(pair.substr(0, equals)),
                                  std::string(pair.substr(equals + 1)));
            }
        }
        for (const auto& [name, value] : headers_)
            request.headers.add(name, value);
        if (!body.is_null()) {
            request.headers.add("content-type", "application/json");
            request.body = body.dump();
        }
        const auto match = router_.find(method, request.path);
        if (match.route == nullptr) throw std::runtime_error("no route " + path);
        request.params = match.params;
        return match.route->handler(request);
    }

    net::Response get(const std::string& path) { return call(net::Method::get, path); }

    net::Response patch_gym(nlohmann::json body, const std::string& key = "test-key-1") {
        headers_ = {{"idempotency-key", key}};
        return call(net::Method::patch, "/v1/spaces/" + gym().str(), body);
    }

    static nlohmann::json json_of(const net::Response& response) {
        return nlohmann::json::parse(response.body);
    }
    static std::string code(const net::Response& response) {
        return json_of(response).at("code").get<std::string>();
    }
    static std::string header(const net::Response& response, const std::string& name) {
        for (const auto& [key, value] : response.headers) {
            if (key == name) return value;
        }
        return {};
    }

    static security::Identity person(base::BodyId body, StaffRole role,
                                     std::vector<base::EstablishmentId> establishments) {
        security::Identity out;
        out.kind = security::ActorKind::person;
        out.actor = base::demo::person_id("somebody").str();
        out.posts = {{body, role, std::move(establishments)}};
        return out;
    }

    void as_manager() { caller_ = person(body(), StaffRole::manager, {garenne()}); }

    net::Router router_;
    security::Identity caller_;
    std::vector<std::pair<std::string, std::string>> headers_;
};

TEST_F(OperationsTest, get_space__shows_all_facts_with_the_grid_in_force) {
    const net::Response response = get("/v1/spaces/" + gym_slug());
    ASSERT_EQ(response.status, 200);
    const nlohmann::json space = json_of(response);
    EXPECT_EQ(space.at("space_id"), gym().str());
    EXPECT_EQ(space.at("demonstration"), true);
    EXPECT_EQ(space.at("establishment").at("slug"), "college-la-garenne-voiron");
    EXPECT_EQ(space.at("site").at("address"), "Avenue Marie Curie");
    ASSERT_EQ(space.at("tariffs").size(), 3U);
    const nlohmann::json& whole = space.at("tariffs").at(0);
    EXPECT_EQ(whole.at("tariff_kind"), "gym");
    EXPECT_EQ(whole.at("categories").size(), 5U);
    const nlohmann::json& c = whole.at("categories").at(2);
    EXPECT_EQ(c.at("category"), "C");
    EXPECT_EQ(c.at("prices").at(0).at("price"),
              (nlohmann::json{{"amount", 1370}, {"currency", "EUR"}}));
    EXPECT_EQ(get("/v1/spaces/" + gym().str()).status, 200);
}

TEST_F(OperationsTest, get__with_the_tag_that_it_gave__is_not_modified) {
    for (const std::string path :
         {"/v1/establishments", "/v1/establishments/college-la-garenne-voiron", "/v1/spaces",
          "/v1/spaces/gymnase-college-la-garenne-voiron", "/v1/calendars", "/v1/tariffs"}) {
        headers_.clear();
        const net::Response first = get(path);
        ASSERT_EQ(first.status, 200) << path;
        const std::string tag = header(first, "ETag");
        headers_ = {{"if-none-match", "\"other\", W/" + tag}};
        const net::Response again = get(path);
        EXPECT_EQ(again.status, 304) << path;
        EXPECT_TRUE(again.body.empty());
        EXPECT_EQ(header(again, "ETag"), tag);
        headers_ = {{"if-none-match", "\"other\""}};
        EXPECT_EQ(get(path).status, 200) << path;
    }
}

TEST_F(OperationsTest, list__pages_with_opaque_cursors) {
    const nlohmann::json first = json_of(get("/v1/spaces?limit=5"));
    ASSERT_EQ(first.at("items").size(), 5U);
    const nlohmann::json second =
        json_of(get("/v1/spaces?limit=100&after=" + first.at("next").get<std::string>()));
    EXPECT_EQ(second.at("items").size() + 5, rooms().size());
    EXPECT_TRUE(second.at("next").is_null());
    EXPECT_EQ(json_of(get("/v1/spaces?establishment_id=" + base::EstablishmentId::make().str()))
                  .at("items")
                  .size(),
              0U);
    EXPECT_EQ(json_of(get("/v1/establishments?q=Coublevie")).at("items").size(), 1U);
}

TEST_F(OperationsTest, list__bad_parameters__are_named) {
    for (const std::string query :
         {"limit=0", "limit=101", "limit=x", "after=%%%", "establishment_id=1"}) {
        const net::Response response = get("/v1/spaces?" + query);
        EXPECT_EQ(response.status, 422) << query;
        const std::string name = "/query/" + query.substr(0, query.find('='));
        EXPECT_EQ(json_of(response).at("errors").at(0).at("pointer"), name);
    }
}

TEST_F(OperationsTest, get__unknown__is_404) {
    EXPECT_EQ(get("/v1/spaces/nowhere").status, 404);
    EXPECT_EQ(get("/v1/spaces/" + base::SpaceId::make().str()).status, 404);
    EXPECT_EQ(get("/v1/establishments/nowhere").status, 404);
}

TEST_F(OperationsTest, draft__is_seen_by_its_staff_only) {
    as_manager();
    ASSERT_EQ(patch_gym({{"published", false}, {"version", 1}}).status, 200);
    headers_.clear();
    const auto visible = [&] { return get("/v1/spaces/" + gym_slug()).status; };
    EXPECT_EQ(visible(), 200);
    const auto listed = [&] {
        const nlohmann::json page = json_of(get("/v1/establishments/" + garenne().str()));
        return std::ranges::any_of(page.at("spaces"),
                                   [](const auto& s) { return s.at("space_id") == gym().str(); });
    };
    EXPECT_TRUE(listed());
    caller_ = person(body(), StaffRole::caretaker, {garenne()});
    EXPECT_EQ(visible(), 200);
    for (const security::Identity& stranger :
         {security::Identity{}, person(body(), StaffRole::manager, {plan_menu()}),
          person(base::BodyId::make(), StaffRole::admin, {})}) {
        caller_ = stranger;
        EXPECT_EQ(visible(), 404);
        EXPECT_FALSE(listed());
    }
}

TEST_F(OperationsTest, edit__who_may) {
    security::Identity service;
    service.kind = security::ActorKind::service;
    service.actor = "service:search";
    security::Identity member;
    member.kind = security::ActorKind::person;
    member.actor = base::demo::person_id("member").str();
    member.memberships = {{base::demo::organisation_id("club"), security::MemberRole::president}};
    const base::BodyId other = base::BodyId::make();
    const std::vector<std::pair<security::Identity, int>> table{
        {security::Identity{}, 401},
        {member, 404},
        {service, 404},
        {person(body(), StaffRole::manager, {plan_menu()}), 404},
        {person(body(), StaffRole::caretaker, {garenne()}), 404},
        {person(body(), StaffRole::finance, {garenne()}), 404},
        {person(body(), StaffRole::counter, {garenne()}), 404},
        {person(other, StaffRole::admin, {}), 404},
        {person(other, StaffRole::manager, {garenne()}), 404},
        {person(body(), StaffRole::manager, {garenne()}), 200},
        {person(body(), StaffRole::manager, {}), 200},
        {person(body(), StaffRole::admin, {}), 200},
    };
    int version = 1;
    int row = 0;
    for (const auto& [caller, status] : table) {
        caller_ = caller;
        const std::string name = "Gymnase " + std::to_string(row);
        const net::Response done =
            patch_gym({{"name", name}, {"version", version}}, "who-may-" + std::to_string(row));
        EXPECT_EQ(done.status, status) << "row " << row;
        if (status == 200) ++version;
        ++row;
    }
    EXPECT_EQ(version, 4);
}

TEST_F(OperationsTest, edit__a_stale_page__gets_the_present_state) {
    as_manager();
    ASSERT_EQ(patch_gym({{"capacity_standing", 100}, {"version", 1}}, "first-edit").status, 200);
    const net::Response stale =
        patch_gym({{"capacity_standing", 90}, {"version", 1}}, "second-edit");
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(code(stale), "stale_version");
    EXPECT_EQ(json_of(stale).at("current").at("version"), 2);
    EXPECT_EQ(json_of(stale).at("current").at("capacity_standing"), 100);
    // Nobody without the role learns the state from a stale version.
    caller_ = person(body(), StaffRole::manager, {plan_menu()});
    const net::Response stranger =
        patch_gym({{"capacity_standing", 90}, {"version", 1}}, "third-edit");
    EXPECT_EQ(stranger.status, 404);
    EXPECT_FALSE(json_of(stranger).contains("current"));
}

TEST_F(OperationsTest, edit__version_from_the_entity_tag) {
    as_manager();
    const std::string tag = header(get("/v1/spaces/" + gym_slug()), "ETag");
    headers_ = {{"idempotency-key", "with-a-tag"}, {"if-match", tag}};
    EXPECT_EQ(
        call(net::Method::patch, "/v1/spaces/" + gym().str(), {{"capacity_seated", 70}}).status,
        200);
    headers_ = {{"idempotency-key", "old-tag-again"}, {"if-match", tag}};
    EXPECT_EQ(
        call(net::Method::patch, "/v1/spaces/" + gym().str(), {{"capacity_seated", 60}}).status,
        412);
    headers_ = {{"idempotency-key", "two-versions"}, {"if-match", "\"2\""}};
    EXPECT_EQ(call(net::Method::patch, "/v1/spaces/" + gym().str(),
                   {{"capacity_seated", 60}, {"version", 1}})
                  .status,
              422);
}

TEST_F(OperationsTest, edit__twice_with_one_key__has_its_effect_once) {
    as_manager();
    const net::Response first = patch_gym({{"name", "Grand gymnase"}, {"version", 1}});
    const net::Response again = patch_gym({{"name", "Grand gymnase"}, {"version", 1}});
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(code(patch_gym({{"name", "Autre"}, {"version", 2}})), "idempotency_mismatch");
    headers_.clear();
    EXPECT_EQ(code(call(net::Method::patch, "/v1/spaces/" + gym().str(), {{"version", 2}})),
              "idempotency_key_required");
}

TEST_F(OperationsTest, edit__bad_fields__are_named_and_nothing_is_stored) {
    as_manager();
    const net::Response bad = patch_gym({{"name", ""},
                                         {"capacity_seated", -1},
                                         {"capacity_standing", "many"},
                                         {"published", "yes"},
                                         {"hold_policy", "maybe"},
                                         {"version", 1}});
    EXPECT_EQ(bad.status, 422);
    std::vector<std::string> pointers;
    for (const auto& fault : json_of(bad).at("errors"))
        pointers.push_back(fault.at("pointer"));
    EXPECT_THAT(pointers,
                testing::UnorderedElementsAre("/name", "/capacity_seated", "/capacity_standing",
                                              "/published", "/hold_policy"));
    EXPECT_EQ(code(patch_gym({{"name", "x"}}, "no-version")), "invalid");
    EXPECT_EQ(code(patch_gym(nlohmann::json::array({1}), "not-an-object")), "bad_json");
    EXPECT_EQ(catalogue_->space(gym_slug())->space.version, 1);
}

TEST_F(OperationsTest, replace_opening__new_hours_and_a_closed_day) {
    as_manager();
    const nlohmann::json opening = {
        {"frames", nlohmann::json::array({{{"periods", {"term"}},
                                           {"weekdays", {"mon", "tue"}},
                                           {"start_time", "19:00"},
                                           {"end_time", "22:30"},
                                           {"end_next_day", false},
                                           {"valid_from", "2026-09-01"},
                                           {"valid_until", nullptr}}})},
        {"exceptions", nlohmann::json::array({{{"date", "2026-12-01"},
                                               {"closed", true},
                                               {"ranges", nlohmann::json::array()},
                                               {"reason", "Travaux"}}})},
        {"open_on_public_holidays", false}};
    headers_ = {{"idempotency-key", "new-hours-1"}};
    const std::string path = "/v1/spaces/" + gym().str() + "/opening";
    const net::Response done = call(net::Method::put, path, {{"opening", opening}, {"version", 1}});
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(json_of(done).at("opening"), opening);
    EXPECT_EQ(json_of(done).at("version"), 2);

    nlohmann::json wrong = opening;
    wrong["frames"][0]["end_time"] = "18:00";
    headers_ = {{"idempotency-key", "new-hours-2"}};
    const net::Response bad = call(net::Method::put, path, {{"opening", wrong}, {"version", 2}});
    EXPECT_EQ(bad.status, 422);
    EXPECT_EQ(json_of(bad).at("errors").at(0).at("pointer"), "/opening/frames/0/end_time");

    headers_ = {{"idempotency-key", "new-hours-3"}};
    const nlohmann::json never = {{"frames", nlohmann::json::array()},
                                  {"exceptions", nlohmann::json::array()},
                                  {"open_on_public_holidays", false}};
    const net::Response closed = call(net::Method::put, path, {{"opening", never}, {"version", 2}});
    EXPECT_EQ(closed.status, 422) << "a published space needs hours";
}

TEST_F(OperationsTest, publish__needs_a_vote_of_the_board_that_covers_the_room) {
    const std::string path = "/v1/establishments/" + garenne().str() + "/deliberations";
    as_manager();
    ASSERT_EQ(patch_gym({{"published", false}, {"version", 1}}, "hide-the-gym").status, 200);
    const auto publish = [&](const std::string& key) {
        return patch_gym({{"published", true}, {"version", 2}}, key);
    };
    const net::Response bare = publish("publish-1");
    EXPECT_EQ(bare.status, 409);
    EXPECT_EQ(code(bare), "deliberation_required");
    const auto record = [&](nlohmann::json vote, const std::string& key) {
        headers_ = {{"idempotency-key", key}};
        return call(net::Method::post, path, vote);
    };
    nlohmann::json vote{{"number", "2025-31"},
                        {"voted_on", "2025-06-24"},
                        {"valid_from", "2025-09-01"},
                        {"valid_until", "2026-08-31"}};
    ASSERT_EQ(record(vote, "vote-old").status, 201);
    EXPECT_EQ(code(publish("publish-2")), "deliberation_required");  // it is over
    vote["valid_until"] = "2027-08-31";
    vote["space_ids"] = {base::SpaceId::make().str()};
    EXPECT_EQ(record(vote, "vote-else").status, 422);  // a room that is not the school's
    vote["space_ids"] = {gym().str()};
    vote["voted_on"] = "2026-11-23";
    EXPECT_EQ(record(vote, "vote-tomorrow").status, 422);
    vote["voted_on"] = "2026-06-24";
    const net::Response recorded = record(vote, "vote-good");
    ASSERT_EQ(recorded.status, 201) << recorded.body;
    EXPECT_EQ(record(vote, "vote-good").body, recorded.body);
    EXPECT_EQ(json_of(get(path)).at("items").size(), 2U);
    EXPECT_EQ(publish("publish-3").status, 200);

    caller_ = person(body(), StaffRole::manager, {plan_menu()});
    EXPECT_EQ(record(vote, "vote-stranger").status, 404);
    EXPECT_EQ(get(path).status, 404);
    caller_ = security::Identity{};
    EXPECT_EQ(record(vote, "vote-nobody").status, 401);
}

TEST_F(OperationsTest, approval__is_changed_by_the_body_alone) {
    as_manager();
    const nlohmann::json two{{"approval", "college_then_body"}, {"version", 1}};
    EXPECT_EQ(patch_gym(two, "by-manager").status, 403);
    EXPECT_EQ(patch_gym({{"auto_accept", true}, {"version", 1}}, "auto-edit-1").status, 200);
    caller_ = person(body(), StaffRole::admin, {});
    const net::Response done =
        patch_gym({{"approval", "college_then_body"}, {"version", 2}}, "by-admin");
    ASSERT_EQ(done.status, 200);
    EXPECT_EQ(json_of(done).at("approval"), "college_then_body");
    EXPECT_EQ(json_of(done).at("auto_accept"), true);
    EXPECT_EQ(json_of(get("/v1/spaces/" + gym_slug())).at("approval"), "college_then_body");
    EXPECT_EQ(patch_gym({{"approval", "both"}, {"version", 3}}, "nonsense").status, 422);
}

}  // namespace
}  // namespace preau::inventory
