#include "shared/wire/space.hpp"

#include <random>

#include <gmock/gmock.h>

#include "tests/unit/shared/rules/real_calendars.hpp"

namespace preau::wire {
namespace {

using nlohmann::json;
using rules::testing::always;
using rules::testing::at;
using rules::testing::day;
using rules::testing::id;

Space gym() {
    Space out;
    out.id = id<base::SpaceId>("gym");
    out.body = id<base::BodyId>("isere");
    out.site = id<base::SiteId>("site");
    out.establishment = id<base::EstablishmentId>("college");
    out.slug = "gymnase-plan-menu";
    out.name = "Gymnase Plan-Menu";
    out.kind = "gym";
    out.capacity_seated = 200;
    out.capacity_standing = 300;
    out.area_m2 = 968;
    out.step_free = true;
    out.equipment = {"handball_goals"};
    out.purposes = {"sport"};
    out.published = true;
    out.demonstration = true;
    out.zone = "Europe/Paris";
    out.school_zone = "A";
    out.territory = "metropole";
    out.lat = 45.36;
    out.lon = 5.59;
    out.commune_insee = "38133";
    out.commune_name = "Coublevie";
    out.establishment_name = "Collège Plan-Menu";
    out.pending_holds = false;
    for (const char* name : {"T1", "T2"})
        out.parts.push_back({id<base::PartId>(name), name});
    rules::Offer whole;
    whole.id = id<base::OfferId>("whole");
    whole.name = "Gymnase entier";
    whole.parts = {out.parts[0].id, out.parts[1].id};
    std::ranges::sort(whole.parts);
    whole.capacity = 300;
    whole.tariff_kind = "gym";
    whole.buffer_after_min = 15;
    out.offers = {whole};
    out.opening.frames = {always("20:00", "02:00", true), always("08:00", "24:00")};
    out.opening.frames[0].valid_from = day("2026-09-01");
    out.opening.exceptions = {{day("2026-11-11"), {}, "fermé"},
                              {day("2026-11-14"), {{at("10:00"), at("12:00")}}, "tournoi"}};
    out.version = 7;
    return out;
}

TEST(WireSpace, json__both_ways_is_the_same) {
    const json value = to_json(gym());
    const auto space = space_from_json(value);
    ASSERT_TRUE(space) << space.error().fields.at(0).pointer;
    EXPECT_EQ(to_json(*space), value);
    EXPECT_EQ(space->opening.frames[0].end_minute, 1440 + 120);
    EXPECT_EQ(space->opening.frames[1].end_minute, 1440);
    EXPECT_FALSE(space->pending_holds);
    EXPECT_EQ(space->offers[0].buffer_after_min, 15);
}

TEST(WireSpace, who_decides__both_ways_and_absent_in_what_was_told_before) {
    auto space = gym();
    space.two_levels = space.auto_accept = true;
    const auto read = space_from_json(to_json(space));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->two_levels && read->auto_accept);
    auto before = to_json(space);
    before.erase("approval");
    before.erase("auto_accept");
    const auto old = space_from_json(before);
    ASSERT_TRUE(old);
    EXPECT_FALSE(old->two_levels || old->auto_accept);
}

TEST(WireSpace, no_school_zone__is_null_in_json) {
    auto space = gym();
    space.school_zone.clear();
    const json value = to_json(space);
    EXPECT_TRUE(value["school_zone"].is_null());
    EXPECT_EQ(space_from_json(value)->school_zone, "");
}

TEST(WireSpace, wrong_members__are_named_by_pointer) {
    const auto fault = [](const json::json_pointer& where, const json& wrong) {
        json value = to_json(gym());
        value[where] = wrong;
        const auto space = space_from_json(value);
        return space ? std::string("none") : space.error().fields.at(0).pointer;
    };
    using Pointer = json::json_pointer;
    EXPECT_EQ(fault(Pointer("/kind"), "castle"), "/kind");
    EXPECT_EQ(fault(Pointer("/lat"), 91), "/lat");
    EXPECT_EQ(fault(Pointer("/lon"), "east"), "/lon");
    EXPECT_EQ(fault(Pointer("/space_id"), "42"), "/space_id");
    EXPECT_EQ(fault(Pointer("/offers/0/grid_min"), 0), "/offers/0/grid_min");
    EXPECT_EQ(fault(Pointer("/offers/0/grid_min"), 20), "/offers/0/grid_min")
        << "off the quarter hour";
    EXPECT_EQ(fault(Pointer("/offers/0/part_ids"), json::array()), "/offers/0/part_ids");
    EXPECT_EQ(fault(Pointer("/offers/0/part_ids"), {id<base::PartId>("T9").str()}), "/offers")
        << "a part that the space does not have";
    EXPECT_EQ(fault(Pointer("/opening/frames/0/weekdays"), {"mardi"}),
              "/opening/frames/0/weekdays");
    EXPECT_EQ(fault(Pointer("/opening/frames/1/end_time"), "07:00"), "/opening/frames/1/end_time");
    EXPECT_EQ(fault(Pointer("/opening/exceptions/1/ranges/0/end_time"), "09:00"),
              "/opening/exceptions/1/ranges/0/end_time");
    EXPECT_EQ(fault(Pointer("/opening/exceptions/1/date"), "2026-11-11"), "/opening/exceptions")
        << "one day has one exception";
    EXPECT_EQ(fault(Pointer("/opening/exceptions/1/ranges"), json::array()),
              "/opening/exceptions/1/ranges");
    EXPECT_EQ(fault(Pointer("/hold_policy"), "sometimes"), "/hold_policy");
}

TEST(WireSpace, mutilated_json__never_throws) {
    std::mt19937_64 random(38);
    const std::vector<json> junk{nullptr,       true,           -1,    1e300, "",
                                 json::array(), json::object(), {{{}}}};
    const json flat = to_json(gym()).flatten();
    std::vector<std::string> pointers;
    for (const auto& [pointer, value] : flat.items())
        pointers.push_back(pointer);
    for (int round = 0; round < 2'000; ++round) {
        json value = to_json(gym());
        for (int n = 0; n < 3; ++n) {
            json::json_pointer where(pointers[random() % pointers.size()]);
            for (auto up = random() % 3; up > 0 && !where.parent_pointer().empty(); --up) {
                where = where.parent_pointer();
            }
            if (value.contains(where)) value[where] = junk[random() % junk.size()];
        }
        const auto space = space_from_json(value);
        if (!space) ASSERT_FALSE(space.error().fields.empty());
    }
}

}  // namespace
}  // namespace preau::wire
