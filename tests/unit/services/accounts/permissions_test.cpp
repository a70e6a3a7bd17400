#include "services/accounts/http/permissions.hpp"

#include <gmock/gmock.h>

namespace preau::accounts {
namespace {

using security::ActorKind;
using security::Identity;

const auto kIsere = base::BodyId::seeded(0, "isere");
const auto kDrome = base::BodyId::seeded(0, "drome");
const auto kJudo = base::OrganisationId::seeded(0, "judo");
const auto kChoir = base::OrganisationId::seeded(0, "choir");

OrganisationFile judo() {
    OrganisationFile file;
    file.organisation.id = kJudo;
    Affiliation isere;
    isere.body = kIsere;
    Affiliation drome;
    drome.body = kDrome;
    file.affiliations = {isere, drome};
    return file;
}

Identity person(std::vector<security::Membership> memberships,
                std::vector<security::StaffPost> posts) {
    return {ActorKind::person, base::PersonId::seeded(0, "p").str(), std::move(memberships),
            std::move(posts)};
}

Identity service(const std::string& name) {
    return {ActorKind::service, "service:" + name, {}, {}};
}

TEST(Permissions, organisation__is_seen_by_members_staff_of_its_bodies_and_services) {
    EXPECT_TRUE(may_see(person({{kJudo, security::MemberRole::member}}, {}), judo()));
    EXPECT_TRUE(may_see(person({}, {{kIsere, security::StaffRole::caretaker, {}}}), judo()));
    EXPECT_TRUE(may_see(service("booking"), judo()));
    EXPECT_FALSE(may_see(person({{kChoir, security::MemberRole::president}}, {}), judo()));
    EXPECT_FALSE(may_see(
        person({}, {{base::BodyId::seeded(0, "x"), security::StaffRole::admin, {}}}), judo()));
    EXPECT_FALSE(may_see(Identity{}, judo()));
}

TEST(Permissions, staff__see_only_their_own_bodys_affiliation) {
    const auto seen =
        visible_affiliations(person({}, {{kDrome, security::StaffRole::admin, {}}}), judo());
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].body, kDrome);
    EXPECT_EQ(
        visible_affiliations(person({{kJudo, security::MemberRole::payer}}, {}), judo()).size(),
        2U);
    EXPECT_EQ(visible_affiliations(service("booking"), judo()).size(), 2U);
}

TEST(Permissions, people_and_sessions__are_for_named_services_only) {
    EXPECT_TRUE(may_read_people(service("notification")));
    EXPECT_TRUE(may_read_people(service("gateway")));
    EXPECT_FALSE(may_read_people(service("booking")));
    EXPECT_FALSE(may_read_people(person({}, {{kIsere, security::StaffRole::admin, {}}})));
    EXPECT_TRUE(may_exchange_sessions(service("gateway")));
    EXPECT_FALSE(may_exchange_sessions(service("booking")));
    EXPECT_FALSE(may_exchange_sessions(Identity{}));
}

TEST(Permissions, identity__lists_what_the_profile_gives) {
    Profile profile;
    profile.person.id = base::PersonId::seeded(0, "p");
    Membership membership;
    membership.organisation = kJudo;
    membership.role = MemberRole::booker;
    profile.seats = {{membership, judo()}};
    StaffPost post;
    post.body = kIsere;
    post.role = StaffRole::counter;
    profile.posts = {{post, "Isère"}};
    const Identity identity = identity_of(profile);
    EXPECT_EQ(identity.actor, profile.person.id.str());
    EXPECT_TRUE(identity.books_for(kJudo));
    EXPECT_TRUE(identity.staff_of(kIsere));
    EXPECT_EQ(identity.posts.at(0).role, security::StaffRole::counter);
}

}  // namespace
}  // namespace preau::accounts
