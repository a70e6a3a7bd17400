#include "services/accounts/jobs/demo_world.hpp"

#include <set>

#include <gmock/gmock.h>

#include "shared/base/demo_ids.hpp"

namespace preau::accounts {
namespace {

const DemoWorld kWorld = demo_world(38, time::Date::of(2026, 11, 22));

TEST(DemoWorld, every_record__passes_the_rules_for_real_ones) {
    EXPECT_EQ(kWorld.organisations.size(), 60U);
    for (const auto& it : kWorld.organisations)
        EXPECT_TRUE(check(it)) << it.name;
    for (const auto& it : kWorld.affiliations)
        EXPECT_TRUE(check(it));
    for (const auto& it : kWorld.people) {
        if (!it.email.empty()) {
            EXPECT_EQ(normalised_email(it.email), it.email);
        }
    }
}

TEST(DemoWorld, ids_registers_and_addresses__are_unique) {
    std::set<std::string> ids, registers, emails;
    for (const auto& it : kWorld.organisations) {
        EXPECT_TRUE(ids.insert(it.id.str()).second);
        EXPECT_TRUE(registers.insert(it.rna + it.siret).second);
    }
    for (const auto& it : kWorld.people) {
        EXPECT_TRUE(ids.insert(it.id.str()).second);
        if (!it.email.empty()) {
            EXPECT_TRUE(emails.insert(it.email).second) << it.email;
        }
    }
    for (const auto& it : kWorld.affiliations)
        EXPECT_TRUE(ids.insert(it.id.str()).second);
    for (const auto& it : kWorld.memberships)
        EXPECT_TRUE(ids.insert(it.id.str()).second);
    for (const auto& it : kWorld.posts)
        EXPECT_TRUE(ids.insert(it.id.str()).second);
}

TEST(DemoWorld, all_of_it__is_flagged_and_cannot_be_written_to) {
    EXPECT_TRUE(kWorld.body.demonstration);
    for (const auto& it : kWorld.organisations)
        EXPECT_TRUE(it.demonstration);
    for (const auto& it : kWorld.people) {
        EXPECT_TRUE(it.demonstration);
        EXPECT_TRUE(it.email.empty() || it.email.ends_with(".example")) << it.email;
    }
}

TEST(DemoWorld, accounts__are_those_that_scripts_and_tests_look_for) {
    std::map<std::string, DemoAccount> by_role;
    std::size_t associations = 0;
    for (const auto& account : kWorld.accounts) {
        EXPECT_TRUE(by_role.emplace(account.role, account).second) << account.role;
        if (account.role.starts_with("association")) ++associations;
    }
    EXPECT_EQ(associations, 20U);
    for (const char* role :
         {"association_free", "association_paying", "manager", "manager_other", "manager_all",
          "finance", "admin", "counter", "caretaker", "suspended_association"}) {
        EXPECT_TRUE(by_role.contains(role)) << role;
    }
    EXPECT_EQ(by_role["manager"].establishment, base::demo::establishment_id("0382042N").str());
    EXPECT_NE(by_role["manager_other"].establishment, by_role["manager"].establishment);
    EXPECT_EQ(by_role["association_paying"].organisation,
              base::demo::organisation_id("tatamis").str());
}

TEST(DemoWorld, same_seed__same_world_and_another_seed_other_names) {
    const DemoWorld again = demo_world(38, time::Date::of(2026, 11, 22));
    EXPECT_EQ(again.people, kWorld.people);
    const DemoWorld other = demo_world(39, time::Date::of(2026, 11, 22));
    EXPECT_NE(other.people, kWorld.people);
    EXPECT_EQ(other.organisations, kWorld.organisations);
}

}  // namespace
}  // namespace preau::accounts
