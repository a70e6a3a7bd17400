#include "shared/security/identity.hpp"

#include <gmock/gmock.h>

namespace preau::security {
namespace {

using base::BodyId;
using base::EstablishmentId;
using base::OrganisationId;

const BodyId kIsere = BodyId::seeded(0, "isere");
const BodyId kOther = BodyId::seeded(0, "other");
const EstablishmentId kVoiron = EstablishmentId::seeded(0, "voiron");
const EstablishmentId kGrenoble = EstablishmentId::seeded(0, "grenoble");
const OrganisationId kJudo = OrganisationId::seeded(0, "judo");
const OrganisationId kChoir = OrganisationId::seeded(0, "choir");

Identity person(std::vector<Membership> memberships, std::vector<StaffPost> posts = {}) {
    return {ActorKind::person, base::PersonId::seeded(0, "p").str(), std::move(memberships),
            std::move(posts)};
}

TEST(Identity, roles__have_one_spelling) {
    for (const auto role :
         {MemberRole::president, MemberRole::booker, MemberRole::payer, MemberRole::member}) {
        EXPECT_EQ(member_role(to_string(role)), role);
    }
    for (const auto role : {StaffRole::manager, StaffRole::finance, StaffRole::caretaker,
                            StaffRole::counter, StaffRole::admin}) {
        EXPECT_EQ(staff_role(to_string(role)), role);
    }
    EXPECT_FALSE(member_role("President"));
    EXPECT_FALSE(staff_role(""));
}

TEST(Identity, only_president_and_booker__book_for_their_own_organisation) {
    EXPECT_TRUE(person({{kJudo, MemberRole::president}}).books_for(kJudo));
    EXPECT_TRUE(person({{kJudo, MemberRole::booker}}).books_for(kJudo));
    EXPECT_FALSE(person({{kJudo, MemberRole::payer}}).books_for(kJudo));
    EXPECT_FALSE(person({{kJudo, MemberRole::member}}).books_for(kJudo));
    EXPECT_FALSE(person({{kJudo, MemberRole::president}}).books_for(kChoir));
    EXPECT_TRUE(person({{kJudo, MemberRole::member}}).member_of(kJudo));
    EXPECT_FALSE(person({{kJudo, MemberRole::member}}).member_of(kChoir));
}

TEST(Identity, post__covers_its_establishments_and_its_role) {
    const Identity manager = person({}, {{kIsere, StaffRole::manager, {kVoiron}}});
    EXPECT_TRUE(manager.holds(StaffRole::manager, kIsere, kVoiron));
    EXPECT_FALSE(manager.holds(StaffRole::manager, kIsere, kGrenoble));
    EXPECT_FALSE(manager.holds(StaffRole::manager, kOther, kVoiron));
    EXPECT_FALSE(manager.holds(StaffRole::finance, kIsere, kVoiron));
    EXPECT_FALSE(manager.holds(StaffRole::admin, kIsere, kVoiron));
    EXPECT_TRUE(manager.staff_of(kIsere));
    EXPECT_FALSE(manager.staff_of(kOther));
}

TEST(Identity, post_without_establishments__covers_all_of_its_body) {
    const Identity finance = person({}, {{kIsere, StaffRole::finance, {}}});
    EXPECT_TRUE(finance.holds(StaffRole::finance, kIsere, kVoiron));
    EXPECT_FALSE(finance.holds(StaffRole::finance, kOther, kVoiron));
    EXPECT_FALSE(finance.holds(StaffRole::manager, kIsere, kVoiron));
}

TEST(Identity, admin__holds_every_role_of_its_body) {
    const Identity admin = person({}, {{kIsere, StaffRole::admin, {}}});
    EXPECT_TRUE(admin.holds(StaffRole::manager, kIsere, kVoiron));
    EXPECT_TRUE(admin.holds(StaffRole::finance, kIsere, kGrenoble));
    EXPECT_FALSE(admin.holds(StaffRole::manager, kOther, kVoiron));
}

TEST(Identity, service_and_anonymous__hold_nothing_even_with_lists) {
    Identity service = person({{kJudo, MemberRole::president}}, {{kIsere, StaffRole::admin, {}}});
    service.kind = ActorKind::service;
    service.actor = "service:booking";
    EXPECT_TRUE(service.is_service("booking"));
    EXPECT_FALSE(service.is_service("payment"));
    EXPECT_FALSE(service.books_for(kJudo));
    EXPECT_FALSE(service.member_of(kJudo));
    EXPECT_FALSE(service.holds(StaffRole::manager, kIsere, kVoiron));
    EXPECT_FALSE(service.staff_of(kIsere));
    service.kind = ActorKind::person;  // a person called like a service is none
    EXPECT_FALSE(service.is_service("booking"));
}

}  // namespace
}  // namespace preau::security
