#include "services/inventory/domain/space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/inventory/domain/tariff.hpp"

namespace preau::inventory {
namespace {

using time::Date;

rules::Frame evening() {
    return {{rules::Period::term}, {time::Weekday::tue}, 18 * 60, 22 * 60,
            std::nullopt,          std::nullopt};
}

Space gym() {
    Space space;
    space.name = "Gymnase";
    space.kind = SpaceKind::gym;
    space.capacity_seated = 80;
    space.capacity_standing = 120;
    space.published = true;
    const auto a = base::PartId::seeded(1, "a");
    const auto b = base::PartId::seeded(1, "b");
    space.parts = {{a, "A"}, {b, "B"}};
    rules::Offer whole;
    whole.id = base::OfferId::seeded(1, "whole");
    whole.parts = {a, b};
    whole.capacity = 120;
    rules::Offer half = whole;
    half.id = base::OfferId::seeded(1, "half");
    half.parts = {a};
    half.capacity = 60;
    space.offers = {whole, half};
    space.opening.frames = {evening()};
    return space;
}

std::vector<std::string> pointers(const base::Error& error) {
    std::vector<std::string> out;
    for (const auto& field : error.fields)
        out.push_back(field.pointer);
    return out;
}

TEST(Space, edited__capacity__whole_offers_follow_and_parts_are_bounded) {
    SpaceEdit edit;
    edit.capacity_standing = 90;
    auto after = edited(gym(), edit, true);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->offers[0].capacity, 90);
    EXPECT_EQ(after->offers[1].capacity, 60);
    edit.capacity_standing = 50;
    edit.capacity_seated = 40;
    after = edited(gym(), edit, true);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->offers[0].capacity, 50);
    EXPECT_EQ(after->offers[1].capacity, 50);
}

TEST(Space, edited__every_fault_is_named_at_once) {
    SpaceEdit edit;
    edit.name = "  ";
    edit.capacity_seated = -1;
    edit.capacity_standing = capacity_max + 1;
    const auto refused = edited(gym(), edit, true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "invalid");
    EXPECT_THAT(pointers(refused.error()),
                testing::ElementsAre("/name", "/capacity_seated", "/capacity_standing"));
}

TEST(Space, edited__publishing_what_cannot_be_booked__is_refused) {
    SpaceEdit publish;
    publish.published = true;
    Space draft = gym();
    draft.published = false;
    EXPECT_TRUE(edited(draft, publish, true));  // the control
    Space no_offer = draft;
    for (auto& offer : no_offer.offers)
        offer.active = false;
    EXPECT_FALSE(edited(no_offer, publish, true));
    Space no_hours = draft;
    no_hours.opening = {};
    EXPECT_FALSE(edited(no_hours, publish, true));
    EXPECT_TRUE(edited(no_hours, {}, true));  // a draft may be anything
}

TEST(Space, edited__publishing_without_a_vote__is_refused) {
    SpaceEdit publish;
    publish.published = true;
    Space draft = gym();
    draft.published = false;
    const auto refused = edited(draft, publish, false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "deliberation_required");
    EXPECT_TRUE(edited(gym(), publish, false));  // it is published already
    SpaceEdit hide;
    hide.published = false;
    EXPECT_TRUE(edited(gym(), hide, false));
}

TEST(Deliberation, covers__its_days_and_its_spaces) {
    Deliberation vote;
    vote.voted_on = Date::of(2026, 6, 25);
    vote.valid_from = Date::of(2026, 9, 1);
    vote.valid_until = Date::of(2027, 8, 31);
    const auto space = base::SpaceId::seeded(1, "gym");
    EXPECT_FALSE(vote.covers(space, Date::of(2026, 8, 31)));
    EXPECT_TRUE(vote.covers(space, Date::of(2026, 9, 1)));
    EXPECT_TRUE(vote.covers(space, Date::of(2027, 8, 31)));
    EXPECT_FALSE(vote.covers(space, Date::of(2027, 9, 1)));
    vote.spaces = {base::SpaceId::seeded(1, "other")};
    EXPECT_FALSE(vote.covers(space, Date::of(2026, 9, 1)));
    vote.spaces.push_back(space);
    EXPECT_TRUE(covered(std::vector{vote}, space, Date::of(2026, 9, 1)));
    EXPECT_TRUE(check(vote, Date::of(2026, 6, 25)));
    EXPECT_FALSE(check(vote, Date::of(2026, 6, 24)));
    vote.valid_until = Date::of(2026, 8, 31);
    EXPECT_FALSE(check(vote, Date::of(2026, 7, 1)));
    vote.valid_until = Date::of(2036, 9, 2);
    EXPECT_FALSE(check(vote, Date::of(2026, 7, 1)));
}

TEST(Opening, checked__sorts_and_accepts_a_night_and_a_closed_day) {
    rules::Opening opening;
    opening.frames = {evening()};
    opening.frames[0].start_minute = 20 * 60;
    opening.frames[0].end_minute = 26 * 60;
    opening.exceptions = {{Date::of(2027, 1, 1), {}, "b"},
                          {Date::of(2026, 12, 31), {{600, 720}, {480, 540}}, "a"}};
    const auto good = checked(opening, "/opening");
    ASSERT_TRUE(good);
    EXPECT_EQ(good->exceptions[0].reason, "a");
    EXPECT_EQ(good->exceptions[0].ranges[0].start_minute, 480);
}

TEST(Opening, checked__nonsense__is_refused_with_pointers) {
    rules::Opening opening;
    opening.frames = {evening(), evening(), evening()};
    opening.frames[0].weekdays.clear();
    opening.frames[1].end_minute = 17 * 60;
    opening.frames[2].start_minute = 18 * 60 + 5;
    opening.frames[2].valid_from = Date::of(2027, 1, 1);
    opening.frames[2].valid_until = Date::of(2026, 1, 1);
    opening.exceptions = {{Date::of(2027, 1, 1), {{600, 720}, {690, 810}}, ""},
                          {Date::of(2027, 1, 1), {}, ""}};
    const auto refused = checked(opening, "/opening");
    ASSERT_FALSE(refused);
    EXPECT_THAT(pointers(refused.error()),
                testing::UnorderedElementsAre(
                    "/opening/frames/0/weekdays", "/opening/frames/1/end_time",
                    "/opening/frames/2/start_time", "/opening/frames/2/valid_until",
                    "/opening/exceptions/0/ranges/1/start_time", "/opening/exceptions/1/date"));
}

TEST(Opening, checked__too_much__is_refused) {
    rules::Opening opening;
    opening.frames.assign(frames_max + 1, evening());
    EXPECT_FALSE(checked(opening, "/opening"));
    opening.frames.assign(frames_max, evening());
    EXPECT_TRUE(checked(opening, "/opening"));
}

TEST(Tariff, in_force__latest_executory_and_own_before_the_bodys) {
    const auto here = base::EstablishmentId::seeded(1, "here");
    const auto there = base::EstablishmentId::seeded(1, "there");
    const auto grid = [](int number, Date voted, Date from) {
        Tariff tariff;
        tariff.grid.number = number;
        tariff.grid.voted_on = voted;
        tariff.grid.executory_from = from;
        return tariff;
    };
    std::vector<Tariff> all{grid(1, Date::of(2025, 6, 1), Date::of(2025, 9, 1)),
                            grid(2, Date::of(2026, 6, 1), Date::of(2026, 9, 1))};
    EXPECT_EQ(in_force(all, here, Date::of(2025, 8, 31)), nullptr);
    EXPECT_EQ(in_force(all, here, Date::of(2026, 8, 31))->grid.number, 1);
    EXPECT_EQ(in_force(all, here, Date::of(2026, 9, 1))->grid.number, 2);
    all.push_back(grid(3, Date::of(2025, 6, 1), Date::of(2025, 9, 1)));
    all.back().establishment = here;
    EXPECT_EQ(in_force(all, here, Date::of(2026, 9, 1))->grid.number, 3);
    EXPECT_EQ(in_force(all, there, Date::of(2026, 9, 1))->grid.number, 2);
}

}  // namespace
}  // namespace preau::inventory
