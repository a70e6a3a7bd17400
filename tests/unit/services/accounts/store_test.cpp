#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "services/accounts/jobs/bootstrap.hpp"
#include "services/accounts/jobs/demo.hpp"
#include "services/accounts/store/facts.hpp"
#include "services/accounts/store/sql_store.hpp"
#include "tests/unit/services/accounts/fixture.hpp"

namespace preau::accounts {
namespace {

using testing::now;
using Store = testing::StoreTest;

TEST_F(Store, records__come_back_as_they_were_kept) {
    keep_everything();
    Body body = isere();
    body.version = 1;
    EXPECT_EQ(store->body("isere").value(), body);
    EXPECT_EQ(store->body(body.id.str()).value(), body);
    EXPECT_FALSE(store->body("drome").value());
    EXPECT_FALSE(store->body("").value());
    const auto profile = store->profile(claire().id).value();
    ASSERT_TRUE(profile);
    EXPECT_EQ(profile->person.name, claire().name);
    ASSERT_EQ(profile->seats.size(), 1U);
    EXPECT_EQ(profile->seats[0].of.organisation.rna, "W389000001");
    ASSERT_EQ(profile->seats[0].of.affiliations.size(), 1U);
    EXPECT_EQ(profile->seats[0].of.affiliations[0].category, 'B');
    ASSERT_EQ(profile->posts.size(), 1U);
    EXPECT_EQ(profile->posts[0].body_name, isere().name);
    EXPECT_EQ(profile->posts[0].post.establishments, post().establishments);
}

TEST_F(Store, same_record_again__changes_nothing_and_tells_nothing) {
    keep_everything();
    EXPECT_EQ(count("outbox"), 3);
    keep_everything();
    EXPECT_EQ(count("outbox"), 3);
    EXPECT_EQ(store->body("isere").value()->version, 1);
}

TEST_F(Store, changed_record__has_the_next_version_and_its_fact) {
    keep_everything();
    Affiliation suspended = affiliation();
    suspended.status = AffiliationStatus::suspended;
    ASSERT_TRUE(store->keep(suspended, now + 5));
    const auto file = store->organisations({tatamis().id}).value();
    EXPECT_EQ(file.at(0).affiliations.at(0).version, 2);
    EXPECT_EQ(count("outbox"), 4);

    std::vector<events::Event> facts;
    ASSERT_TRUE(database->read([&](db::Session& session) -> base::Result<bool> {
        emit_all_facts(session, [&](events::Event event) { facts.push_back(std::move(event)); });
        return true;
    }));
    ASSERT_EQ(facts.size(), 3U);
    EXPECT_EQ(facts[0].type, "affiliation_changed.v1");
    EXPECT_EQ(facts[0].version, 2);
    EXPECT_EQ(facts[0].data["status"], "suspended");
    EXPECT_TRUE(facts[0].data["contract_signed_on"].is_null());
    EXPECT_EQ(facts[2].data["establishment_ids"].size(), 1U);
    for (const auto& fact : facts) {  // ids and facts, never names or addresses
        EXPECT_EQ(fact.data.dump().find("Claire"), std::string::npos);
        EXPECT_EQ(fact.data.dump().find('@'), std::string::npos);
    }
}

TEST_F(Store, one_person__holds_no_more_than_a_token_can_carry) {
    keep_everything();
    StaffPost wide = post();
    wide.id = PostId::seeded(1, "wide");
    wide.establishments.clear();
    for (std::size_t i = 0; i < establishments_per_person_max; ++i) {
        wide.establishments.push_back(base::EstablishmentId::seeded(2, std::to_string(i)));
    }
    std::ranges::sort(wide.establishments);
    EXPECT_EQ(store->keep(wide, now).error().code, "quota_exceeded");
    wide.establishments.pop_back();  // with the one of post() as many as may be
    EXPECT_TRUE(store->keep(wide, now));
    for (std::size_t i = 1; i <= memberships_per_person_max; ++i) {
        Organisation club = tatamis();
        club.id = base::OrganisationId::seeded(2, std::to_string(i));
        club.rna = "W38900" + std::to_string(1'000 + i);
        ASSERT_TRUE(store->keep(club));
        Membership seat = membership();
        seat.id = MembershipId::seeded(2, std::to_string(i));
        seat.organisation = club.id;
        EXPECT_EQ(store->keep(seat, now).has_value(), i < memberships_per_person_max) << i;
    }
    EXPECT_EQ(store->profile(claire().id).value()->seats.size(), memberships_per_person_max);
}

TEST_F(Store, ended_membership_and_post__give_no_rights) {
    keep_everything();
    Membership over = membership();
    over.active = false;
    ASSERT_TRUE(store->keep(over, now));
    StaffPost left = post();
    left.active = false;
    ASSERT_TRUE(store->keep(left, now));
    const auto profile = store->profile(claire().id).value();
    ASSERT_TRUE(profile);
    EXPECT_TRUE(profile->seats.empty());
    EXPECT_TRUE(profile->posts.empty());
}

TEST_F(Store, people_without_an_address__may_be_many) {
    for (const char* seed : {"a", "b"}) {
        Person person;
        person.id = base::PersonId::seeded(1, seed);
        person.name = seed;
        ASSERT_TRUE(store->keep(person));
    }
    EXPECT_EQ(count("person"), 2);
    ASSERT_TRUE(store->keep(claire()));
    Person double_of = claire();
    double_of.id = base::PersonId::seeded(1, "other");
    EXPECT_FALSE(store->keep(double_of));  // negative control: an address belongs to one person
}

TEST_F(Store, wrong_register_number__is_never_kept) {
    Organisation wrong = tatamis();
    wrong.rna = "W38";
    EXPECT_EQ(store->keep(wrong).error().code, "invalid");
    EXPECT_EQ(count("organisation"), 0);
}

TEST_F(Store, typed_text__is_never_sql) {
    Person person = claire();
    person.name = "Robert'); DROP TABLE person;-- :x {id}";
    ASSERT_TRUE(store->keep(person));
    EXPECT_EQ(store->people({person.id}).value().at(0).name, person.name);
    EXPECT_FALSE(store->credential("x' OR '1'='1").value());
    EXPECT_FALSE(store->body("isere' OR '1'='1").value());
}

TEST_F(Store, tries__are_ten_also_when_they_come_together) {
    std::atomic<int> allowed = 0;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i) {
                const auto wait = store->take_try("key", now);
                if (wait && !*wait) ++allowed;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(allowed, 10);
    EXPECT_FALSE(store->take_try("other key", now).value());
}

TEST_F(Store, session__is_opened_used_and_closed) {
    keep_everything();
    for (int i = 0; i < 9; ++i)
        EXPECT_FALSE(store->take_try("key", now).value());
    ASSERT_TRUE(store->open_session({"hash", claire().id, now, now}, "key"));
    EXPECT_EQ(count("sign_in_tries"), 0);
    EXPECT_EQ(store->session("hash").value()->person, claire().id);
    ASSERT_TRUE(store->touch_session("hash", now + 100));
    ASSERT_TRUE(store->touch_session("hash", now + 50));  // an older use does not go back
    EXPECT_EQ(store->session("hash").value()->last_seen_at, now + 100);
    ASSERT_TRUE(store->close_session("hash"));
    EXPECT_FALSE(store->session("hash").value());
    EXPECT_TRUE(store->close_session("hash"));
}

TEST_F(Store, password_token__works_once_and_ends_the_sessions) {
    keep_everything();
    ASSERT_TRUE(store->open_session({"hash", claire().id, now, now}, "key"));
    ASSERT_TRUE(store->offer_password_token(claire().id, "token", now + 100));
    EXPECT_FALSE(store->password_token_owner("token", now + 100).value());
    EXPECT_EQ(store->password_token_owner("token", now).value()->id, claire().id);
    EXPECT_FALSE(store->use_password_token("token", "phc", now + 100).value());
    EXPECT_TRUE(store->use_password_token("token", "phc", now + 99).value());
    EXPECT_FALSE(store->use_password_token("token", "other", now + 99).value());
    EXPECT_EQ(store->credential(claire().email).value()->password_hash, "phc");
    EXPECT_FALSE(store->session("hash").value());
}

TEST_F(Store, inactive_person__has_neither_credential_nor_profile) {
    keep_everything();
    Person gone = claire();
    gone.active = false;
    ASSERT_TRUE(store->keep(gone));
    EXPECT_FALSE(store->credential(claire().email).value());
    EXPECT_FALSE(store->profile(claire().id).value());
}

TEST_F(Store, what_is_over__is_pruned_and_the_rest_kept) {
    keep_everything();
    ASSERT_TRUE(store->open_session({"old", claire().id, now, now}, "k"));
    ASSERT_TRUE(store->open_session({"live", claire().id, now, now + session_idle_s_max}, "k"));
    EXPECT_FALSE(store->take_try("old", now).value());
    ASSERT_TRUE(store->offer_password_token(claire().id, "old", now + 1));
    EXPECT_EQ(store->prune(now + session_idle_s_max, 100).value(), 3);
    EXPECT_TRUE(store->session("live").value());
    EXPECT_EQ(store->prune(now + session_idle_s_max, 100).value(), 0);
}

TEST_F(Store, bootstrap__makes_the_first_administrator_and_only_a_new_token_again) {
    const FirstAdministrator first{"isere", "Département", "Anne", "Anne@isere.example"};
    const auto token = bootstrap(*store, first, now, now);
    ASSERT_TRUE(token) << token.error().detail;
    const auto again = bootstrap(*store, first, now, now);
    ASSERT_TRUE(again);
    EXPECT_FALSE(store->password_token_owner(security::sha256_hex(*token), now).value());
    const auto owner = store->password_token_owner(security::sha256_hex(*again), now).value();
    ASSERT_TRUE(owner);
    const auto profile = store->profile(owner->id).value();
    ASSERT_EQ(profile->posts.size(), 1U);
    EXPECT_EQ(profile->posts[0].post.role, StaffRole::admin);
    EXPECT_EQ(count("person"), 1);
    const auto bad = bootstrap(*store, {"Isère", "", "", "x"}, now, now);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().fields.size(), 4U);
}

TEST_F(Store, demonstration__loads_twice_and_keeps_its_passwords) {
    const auto loaded = load_demo(*store, 38, dir, now, now);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    const auto text = [&] {
        std::ifstream in(loaded->accounts_file);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    const std::string first = text();
    const int events = count("outbox");
    const auto permissions = std::filesystem::status(loaded->accounts_file).permissions();
    EXPECT_EQ(permissions,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    ASSERT_TRUE(load_demo(*store, 38, dir, now, now));
    EXPECT_EQ(text(), first);
    EXPECT_EQ(count("outbox"), events);

    const auto accounts = nlohmann::json::parse(first);
    EXPECT_GE(accounts.size(), 28U);
    const auto& manager = accounts.at(accounts.size() - 7);
    const auto credential = store->credential(manager["email"].get<std::string>()).value();
    ASSERT_TRUE(credential);
    EXPECT_TRUE(security::check_password(manager["password"].get<std::string>(),
                                         credential->password_hash));
}

}  // namespace
}  // namespace preau::accounts
