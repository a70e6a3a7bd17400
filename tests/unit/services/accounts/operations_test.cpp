// The operations as handlers, on a real store, without a socket.
#include <nlohmann/json.hpp>

#include "services/accounts/http/permissions.hpp"
#include "services/accounts/http/routes.hpp"
#include "shared/security/token.hpp"
#include "tests/unit/services/accounts/fixture.hpp"

namespace preau::accounts {
namespace {

using nlohmann::json;
using testing::now;

constexpr const char* kPassword = "le garage à vélos";

class Operations : public testing::StoreTest {
protected:
    Operations() {
        add_routes(
            router,
            {.store = *store,
             .gate = gate,
             .machine_clock = clock,
             .business_clock = clock,
             .identify = [this](const net::Request&) -> base::Result<security::Identity> {
                 return caller;
             },
             .sign = [this](const security::Identity& who, const std::vector<std::string>& audience,
                            base::Instant at) { return signer.sign(who, audience, at); }});
        keep_everything();
        EXPECT_TRUE(store->set_password(claire().id, security::hash_password(kPassword), now));
    }

    net::Response call(net::Method method, const std::string& path, const json& body = {},
                       const std::string& bearer = {}, const std::string& ids = {}) {
        net::Request request;
        request.method = method;
        request.path = path;
        if (!ids.empty()) request.query.add("ids", ids);
        if (!bearer.empty()) request.headers.add("authorization", "Bearer " + bearer);
        if (!body.is_null()) {
            request.headers.add("content-type", "application/json");
            request.body = body.dump();
        }
        const auto match = router.find(method, path);
        if (match.route == nullptr) return net::Response::empty(404);
        request.params = match.params;
        return match.route->handler(request);
    }

    net::Response sign_in(const std::string& email, const std::string& password) {
        return call(net::Method::post, "/v1/sessions", {{"email", email}, {"password", password}});
    }

    std::string session() {
        return json::parse(sign_in("claire@tatamis.example", kPassword).body)["session_token"];
    }

    static std::string code(const net::Response& response) {
        return response.body.empty() ? "" : json::parse(response.body).value("code", "");
    }

    void as_service(const std::string& name) {
        caller = {security::ActorKind::service, "service:" + name, {}, {}};
    }

    security::KeyPair keys = security::new_key_pair();
    security::Signer signer{"accounts", keys.secret_key};
    PasswordGate gate;
    base::FixedClock clock{now};
    security::Identity caller;
    net::Router router;
};

TEST_F(Operations, sign_in__opens_a_session_whose_token_is_stored_nowhere) {
    const auto answer = sign_in(" Claire@Tatamis.example", kPassword);
    ASSERT_EQ(answer.status, 201) << answer.body;
    const json body = json::parse(answer.body);
    EXPECT_EQ(body["person"]["id"], claire().id.str());
    EXPECT_EQ(body["person"]["name"], claire().name);
    const std::string token = body["session_token"];
    EXPECT_EQ(token.size(), 43U);
    EXPECT_FALSE(store->session(token).value());
    EXPECT_TRUE(store->session(security::sha256_hex(token)).value());
}

TEST_F(Operations, unknown_address_and_wrong_password__get_the_same_answer) {
    const auto wrong = sign_in("claire@tatamis.example", "wrong password");
    const auto unknown = sign_in("nobody@tatamis.example", "wrong password");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(code(wrong), "bad_credentials");
    EXPECT_EQ(wrong.body, unknown.body);
    EXPECT_EQ(wrong.headers, unknown.headers);
}

TEST_F(Operations, eleventh_try__waits_even_with_the_right_password) {
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(sign_in("claire@tatamis.example", "wrong").status, 401);
    const auto refused = sign_in("claire@tatamis.example", kPassword);
    EXPECT_EQ(refused.status, 429);
    EXPECT_THAT(refused.headers, ::testing::Contains(::testing::Pair("Retry-After", "900")));
    clock.set(now + 15 * 60);
    EXPECT_EQ(sign_in("claire@tatamis.example", kPassword).status, 201);
}

TEST_F(Operations, successful_sign_ins__are_not_limited) {
    for (int i = 0; i < 12; ++i)
        EXPECT_EQ(sign_in("claire@tatamis.example", kPassword).status, 201);
}

TEST_F(Operations, malformed_sign_in__names_its_fields) {
    const auto answer =
        call(net::Method::post, "/v1/sessions", {{"email", "claire"}, {"password", 3}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(json::parse(answer.body)["errors"].size(), 2U);
    EXPECT_EQ(call(net::Method::post, "/v1/sessions", json::array()).status, 422);
}

TEST_F(Operations, exchange__gives_the_gateway_a_token_for_the_person) {
    const std::string token = session();
    as_service("gateway");
    const auto answer = call(net::Method::post, "/v1/identity-tokens",
                             {{"session_token", token}, {"audience", {"booking"}}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    const json body = json::parse(answer.body);
    const security::Verifier verifier("booking", {{"accounts", keys.public_key}});
    const auto identity = verifier.verify(body["token"].get<std::string>(), now);
    ASSERT_TRUE(identity);
    EXPECT_EQ(identity->actor, claire().id.str());
    EXPECT_TRUE(identity->books_for(tatamis().id));
    EXPECT_TRUE(
        identity->holds(security::StaffRole::manager, isere().id, post().establishments[0]));
    EXPECT_EQ(body["person_id"], claire().id.str());
}

TEST_F(Operations, fullest_identity__fits_into_the_request_headers) {
    security::Identity fullest{security::ActorKind::person, claire().id.str(), {}, {}};
    for (std::size_t i = 0; i < memberships_per_person_max; ++i) {
        fullest.memberships.push_back({tatamis().id, security::MemberRole::president});
    }
    fullest.posts.resize(posts_per_person_max, {isere().id, security::StaffRole::caretaker, {}});
    fullest.posts.front().establishments.resize(establishments_per_person_max,
                                                post().establishments.front());
    const std::string token =
        signer.sign(fullest, std::vector<std::string>(8, "notification"), now);
    EXPECT_LT(token.size(), 6'500U);  // of 8,192 bytes for all headers
}

TEST_F(Operations, exchange__is_for_the_gateway_only) {
    const json body = {{"session_token", session()}, {"audience", {"booking"}}};
    EXPECT_EQ(call(net::Method::post, "/v1/identity-tokens", body).status, 401);
    as_service("booking");
    EXPECT_EQ(call(net::Method::post, "/v1/identity-tokens", body).status, 403);
    as_service("gateway");
    EXPECT_EQ(call(net::Method::post, "/v1/identity-tokens", body).status, 200);
}

TEST_F(Operations, exchange__refuses_bad_audiences_and_dead_sessions) {
    const std::string token = session();
    as_service("gateway");
    for (const json& audience : {json(), json::array(), json("booking"), json({"*"}), json({1}),
                                 json(std::vector<std::string>(9, "booking")), json({"Booking"})}) {
        EXPECT_EQ(call(net::Method::post, "/v1/identity-tokens",
                       {{"session_token", token}, {"audience", audience}})
                      .status,
                  422)
            << audience;
    }
    const json body = {{"session_token", token}, {"audience", {"booking"}}};
    clock.set(now + 11 * 3'600);  // used within twelve hours: lives on
    EXPECT_EQ(call(net::Method::post, "/v1/identity-tokens", body).status, 200);
    clock.set(now + 22 * 3'600);
    EXPECT_EQ(call(net::Method::post, "/v1/identity-tokens", body).status, 200);
    clock.set(now + 35 * 3'600);
    EXPECT_EQ(call(net::Method::post, "/v1/identity-tokens", body).status, 401);
    EXPECT_EQ(call(net::Method::post, "/v1/identity-tokens",
                   {{"session_token", "x"}, {"audience", {"booking"}}})
                  .status,
              401);
}

TEST_F(Operations, sign_out__ends_the_session_at_once) {
    const std::string token = session();
    EXPECT_EQ(call(net::Method::del, "/v1/sessions/current").status, 401);
    EXPECT_EQ(call(net::Method::del, "/v1/sessions/current", {}, token).status, 204);
    EXPECT_EQ(call(net::Method::del, "/v1/sessions/current", {}, token).status, 204);
    as_service("gateway");
    EXPECT_EQ(call(net::Method::post, "/v1/identity-tokens",
                   {{"session_token", token}, {"audience", {"booking"}}})
                  .status,
              401);
}

TEST_F(Operations, me__is_what_the_person_may_do) {
    EXPECT_EQ(call(net::Method::get, "/v1/me").status, 401);
    caller = {security::ActorKind::person, claire().id.str(), {}, {}};
    const auto answer = call(net::Method::get, "/v1/me");
    ASSERT_EQ(answer.status, 200);
    const json me = json::parse(answer.body);
    EXPECT_EQ(me["person"]["email"], "claire@tatamis.example");
    EXPECT_EQ(me["memberships"][0]["organisation"]["name"], "Les Tatamis");
    EXPECT_EQ(me["memberships"][0]["role"], "president");
    EXPECT_EQ(me["memberships"][0]["affiliations"][0]["category"], "B");
    EXPECT_EQ(me["posts"][0]["body"]["name"], isere().name);
    EXPECT_EQ(me["posts"][0]["role"], "manager");
    as_service("booking");
    EXPECT_EQ(call(net::Method::get, "/v1/me").status, 404);
}

TEST_F(Operations, foreign_and_unknown_organisation__answer_alike) {
    const std::string path = "/v1/organisations/" + tatamis().id.str();
    EXPECT_EQ(call(net::Method::get, path).status, 401);
    caller = {security::ActorKind::person, base::PersonId::seeded(1, "stranger").str(), {}, {}};
    const auto foreign = call(net::Method::get, path);
    const auto unknown =
        call(net::Method::get, "/v1/organisations/" + base::OrganisationId::make().str());
    EXPECT_EQ(foreign.status, 404);
    EXPECT_EQ(foreign.body, unknown.body);
    EXPECT_EQ(call(net::Method::get, "/v1/organisations/x").body, unknown.body);
    const auto listed = call(net::Method::get, "/v1/organisations", {}, {}, tatamis().id.str());
    EXPECT_EQ(json::parse(listed.body)["items"].size(), 0U);
    caller.memberships = {{tatamis().id, security::MemberRole::member}};
    EXPECT_EQ(call(net::Method::get, path).status, 200);
    caller.memberships.clear();
    caller.posts = {{isere().id, security::StaffRole::manager, {}}};
    EXPECT_EQ(json::parse(call(net::Method::get, path).body)["affiliations"].size(), 1U);
}

TEST_F(Operations, ids__are_bounded_and_required) {
    as_service("notification");
    EXPECT_EQ(call(net::Method::get, "/v1/people").status, 422);
    std::string many = claire().id.str();
    for (int i = 0; i < 99; ++i)
        many += "," + base::PersonId::make().str();
    const auto hundred = call(net::Method::get, "/v1/people", {}, {}, many);
    ASSERT_EQ(hundred.status, 200);
    EXPECT_EQ(json::parse(hundred.body)["items"].size(), 1U);
    EXPECT_EQ(call(net::Method::get, "/v1/people", {}, {}, many + ",x").status, 422);
    EXPECT_EQ(
        json::parse(call(net::Method::get, "/v1/people", {}, {}, "x,'),(").body)["items"].size(),
        0U);
}

TEST_F(Operations, people__are_told_to_named_services_only) {
    const std::string ids = claire().id.str();
    EXPECT_EQ(call(net::Method::get, "/v1/people", {}, {}, ids).status, 401);
    as_service("search");
    EXPECT_EQ(call(net::Method::get, "/v1/people", {}, {}, ids).status, 403);
    caller = {security::ActorKind::person,
              claire().id.str(),
              {},
              {{isere().id, security::StaffRole::admin, {}}}};
    EXPECT_EQ(call(net::Method::get, "/v1/people", {}, {}, ids).status, 403);
}

TEST_F(Operations, bodies__are_public) {
    const auto one = call(net::Method::get, "/v1/bodies/isere");
    ASSERT_EQ(one.status, 200);
    EXPECT_EQ(json::parse(one.body)["texts"]["presentation.fr"], "Bonjour : des salles");
    EXPECT_EQ(json::parse(call(net::Method::get, "/v1/bodies").body)["items"].size(), 1U);
    EXPECT_EQ(call(net::Method::get, "/v1/bodies/drome").status, 404);
}

TEST_F(Operations, password_token__is_used_up_only_by_a_good_password) {
    ASSERT_TRUE(
        store->offer_password_token(claire().id, security::sha256_hex("the token"), now + 60));
    const auto post_password = [&](const char* token, const char* password) {
        return call(net::Method::post, "/v1/password", {{"token", token}, {"password", password}});
    };
    EXPECT_EQ(post_password("another token", "a good long password").status, 422);
    EXPECT_EQ(post_password("the token", "short").status, 422);
    EXPECT_EQ(post_password("the token", " a good long password ").status, 204);
    EXPECT_EQ(post_password("the token", "a good long password").status, 422);
    EXPECT_EQ(sign_in("claire@tatamis.example", "a good long password").status, 401);
    EXPECT_EQ(sign_in("claire@tatamis.example", " a good long password ").status, 201);
}

TEST_F(Operations, documents__are_shown_by_who_books_or_by_the_bodys_people) {
    const std::string path = "/v1/affiliations/" + affiliation().id.str();
    const auto put = [&](const std::string& what, const json& body, const std::string& key) {
        net::Request request;
        request.method = net::Method::put;
        request.path = path + what;
        request.headers.add("content-type", "application/json");
        request.headers.add("idempotency-key", key);
        request.body = body.dump();
        const auto match = router.find(request.method, request.path);
        request.params = match.params;
        return match.route->handler(request);
    };
    json insurance{{"insurer", "MAIF"},
                   {"policy_number", "4 123 456 B"},
                   {"valid_until", "2027-08-31"},
                   {"version", 1}};
    EXPECT_EQ(put("/insurance", insurance, "insure-00").status, 401);
    caller.kind = security::ActorKind::person;
    caller.actor = base::PersonId::seeded(1, "stranger").str();
    EXPECT_EQ(put("/insurance", insurance, "insure-01").status, 404);
    caller.memberships = {{tatamis().id, security::MemberRole::member}};
    EXPECT_EQ(put("/insurance", insurance, "insure-02").status, 404);  // he books nothing
    caller.memberships = {{tatamis().id, security::MemberRole::president}};
    const auto told = published;
    const auto done = put("/insurance", insurance, "insure-03");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(json::parse(done.body)["insurance_valid_until"], "2027-08-31");
    EXPECT_EQ(json::parse(done.body)["version"], 2);
    EXPECT_EQ(published, told + 1);
    EXPECT_EQ(put("/insurance", insurance, "insure-03").status, 200);  // once
    EXPECT_EQ(count("insurance"), 1);
    EXPECT_EQ(code(put("/insurance", insurance, "insure-04")), "stale_version");
    insurance["version"] = 2;
    insurance["valid_until"] = "2020-08-31";
    const auto over = put("/insurance", insurance, "insure-05");
    EXPECT_EQ(over.status, 422);
    EXPECT_EQ(json::parse(over.body)["errors"][0]["pointer"], "/valid_until");
    insurance.erase("insurer");
    EXPECT_EQ(put("/insurance", insurance, "insure-06").status, 422);

    json contract{{"contract_version", "2021-1947"}, {"accepted", true}, {"version", 2}};
    auto wrong = contract;
    wrong["accepted"] = false;
    EXPECT_EQ(put("/contract", wrong, "contract-1").status, 422);
    wrong = contract;
    wrong["contract_version"] = "1999-1";
    EXPECT_EQ(put("/contract", wrong, "contract-2").status, 422);
    auto paper = contract;
    paper["signed_on"] = "2026-01-15";
    EXPECT_EQ(put("/contract", paper, "contract-3").status, 403);  // he has not seen his own paper
    ASSERT_EQ(put("/contract", contract, "contract-4").status, 200);
    EXPECT_EQ(count("contract_signature"), 1);
    caller.memberships.clear();
    caller.posts = {{isere().id, security::StaffRole::counter, {}}};
    paper["version"] = 3;
    const auto seen = put("/contract", paper, "contract-5");
    ASSERT_EQ(seen.status, 200) << seen.body;
    EXPECT_EQ(json::parse(seen.body)["contract_signed_on"], "2026-01-15");
    EXPECT_EQ(json::parse(seen.body)["insurance_valid_until"], "2027-08-31");
    caller.posts = {{base::BodyId::seeded(1, "elsewhere"), security::StaffRole::admin, {}}};
    paper["version"] = 4;
    EXPECT_EQ(put("/contract", paper, "contract-6").status, 404);
}

class Counter : public Operations {
protected:
    Counter() { as_agent(); }
    void as_agent(security::StaffRole role = security::StaffRole::counter) {
        caller = {security::ActorKind::person, claire().id.str(), {}, {{isere().id, role, {}}}};
    }
    net::Response find(const std::string& query, const base::BodyId& body) {
        net::Request request;
        request.method = net::Method::get;
        request.path = "/v1/organisations";
        request.query.add("body_id", body.str());
        request.query.add("q", query);
        return router.find(request.method, request.path).route->handler(request);
    }
    net::Response find(const std::string& query) { return find(query, isere().id); }
    net::Response enrol(const json& body, const std::string& key) {
        net::Request request;
        request.method = net::Method::post;
        request.path = "/v1/organisations";
        request.headers.add("content-type", "application/json");
        request.headers.add("idempotency-key", key);
        request.body = body.dump();
        return router.find(request.method, request.path).route->handler(request);
    }
    static std::size_t found(const net::Response& answer) {
        return json::parse(answer.body)["items"].size();
    }
    json amicale() const {
        return {{"body_id", isere().id.str()},
                {"kind", "association"},
                {"name", "Amicale des Jardiniers d'Épinal"},
                {"rna", "W381000001"}};
    }
};

TEST_F(Counter, organisation__is_found_by_words_without_accents_and_by_number) {
    EXPECT_EQ(found(find("tatamis")), 1U);
    EXPECT_EQ(found(find("W389000001")), 1U);
    EXPECT_EQ(found(find("tatamis voiron")), 0U) << "every word";
    EXPECT_EQ(find("t").status, 422);
    as_agent(security::StaffRole::finance);
    EXPECT_EQ(find("tatamis").status, 404);
    as_agent();
    EXPECT_EQ(find("tatamis", base::BodyId::seeded(1, "elsewhere")).status, 404);
    caller = {};
    EXPECT_EQ(find("tatamis").status, 401);
}

TEST_F(Counter, organisation_without_anybody_to_sign_in__is_made_once_and_told) {
    const auto told = published;
    const auto made = enrol(amicale(), "enrol-0001");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto body = json::parse(made.body);
    EXPECT_EQ(body["affiliations"][0]["category"], "C");
    EXPECT_EQ(published, told + 1);
    const auto again = enrol(amicale(), "enrol-0001");
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(json::parse(again.body)["id"], body["id"]);
    EXPECT_EQ(found(find("epinal jardiniers")), 1U);
    const auto known = enrol(amicale(), "enrol-0002");
    EXPECT_EQ(known.status, 200) << "it stands in the register already";
    EXPECT_EQ(json::parse(known.body)["id"], body["id"]);
    EXPECT_EQ(count("organisation"), 2);
    EXPECT_EQ(published, told + 1);
}

TEST_F(Counter, organisation__needs_a_number_that_can_be_right) {
    auto odd = amicale();
    odd.erase("rna");
    EXPECT_EQ(enrol(odd, "enrol-0001").status, 422) << "it stands in no register";
    odd["rna"] = "W38100001";
    EXPECT_EQ(enrol(odd, "enrol-0002").status, 422);
    odd = amicale();
    odd["kind"] = "company";
    EXPECT_EQ(enrol(odd, "enrol-0003").status, 422);
    as_agent(security::StaffRole::caretaker);
    EXPECT_EQ(enrol(amicale(), "enrol-0004").status, 404);
    caller = {};
    EXPECT_EQ(enrol(amicale(), "enrol-0005").status, 401);
    EXPECT_EQ(count("organisation"), 1);
}

}  // namespace
}  // namespace preau::accounts
