#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/inventory/facts/facts.hpp"
#include "shared/wire/tariff.hpp"
#include "tests/unit/services/inventory/catalogue_fixture.hpp"

namespace preau::inventory {
namespace {

using Store = test::CatalogueTest;

rules::SchoolCalendar zone_a(time::Date until) {
    return {"A",
            time::Date::of(2026, 9, 1),
            until,
            {{"Vacances de Noël", rules::Period::small_holidays, time::Date::of(2026, 12, 19),
              time::Date::of(2027, 1, 3)}}};
}

Answer answer_of(const SpaceFacts& facts) {
    return {200, facts::space_changed(facts).dump()};
}

Once once(const std::string& key, const std::string& body = "b") {
    return {"person", "editSpace", key, body};
}

const auto kSmaller = [](const SpaceFacts& facts) -> base::Result<Space> {
    Space space = facts.space;
    space.capacity_standing = 99;
    return space;
};

TEST_F(Store, put_establishments__again__changes_nothing) {
    const auto first = catalogue_->put_establishments(two());
    ASSERT_TRUE(first);
    EXPECT_EQ(first->created, 2U);
    EXPECT_EQ(events(), 2);
    EXPECT_EQ(announced_, 1);
    const auto again = catalogue_->put_establishments(two());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->unchanged, 2U);
    EXPECT_EQ(events(), 2);
    EXPECT_EQ(announced_, 1);
    auto stored = catalogue_->establishment("college-la-garenne-voiron");
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->establishment.version, 1);
    stored->establishment.version = 0;
    EXPECT_EQ(*stored, two().at(0).establishment.id == garenne() ? two()[0] : two()[1]);
}

TEST_F(Store, put_establishments__a_corrected_site__versions_it_and_its_spaces_only) {
    fill();
    const std::int64_t before = events();
    auto corrected = two();
    for (auto& one : corrected) {
        if (one.establishment.id == garenne()) {
            one.establishment.name = "Collège de la Garenne";
            one.establishment.slug = "another-slug";
            one.site.address = "1 avenue Marie Curie";
        }
    }
    const auto changes = catalogue_->put_establishments(corrected);
    ASSERT_TRUE(changes);
    EXPECT_EQ(changes->updated, 1U);
    EXPECT_EQ(changes->unchanged, 1U);
    const auto stored = catalogue_->establishment(garenne().str());
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->establishment.version, 2);
    EXPECT_EQ(stored->establishment.slug, "college-la-garenne-voiron");  // addresses live on
    const auto space = catalogue_->space(gym_slug());
    ASSERT_TRUE(space);
    EXPECT_EQ(space->space.version, 2);
    EXPECT_EQ(space->at.site.address, "1 avenue Marie Curie");
    const auto its = catalogue_->spaces(garenne(), {}, {.after = {}, .limit = 100});
    EXPECT_EQ(events() - before, 1 + static_cast<std::int64_t>(its->size()));
    const auto other = catalogue_->spaces(plan_menu(), {}, {.after = {}, .limit = 100});
    for (const SpaceFacts& facts : *other)
        EXPECT_EQ(facts.space.version, 1);
}

TEST_F(Store, put_establishments__another_with_the_same_words__gets_its_number) {
    auto first = two();
    ASSERT_TRUE(catalogue_->put_establishments(std::span(first).first(1)));
    auto twin = first[1];
    twin.establishment.slug = first[0].establishment.slug;
    ASSERT_TRUE(catalogue_->put_establishments(std::span(&twin, 1)));
    const auto stored = catalogue_->establishment(twin.establishment.id.str());
    EXPECT_EQ(stored->establishment.slug,
              first[0].establishment.slug + "-" +
                  (twin.establishment.uai == "0382495F" ? "0382495f" : "0382042n"));
}

TEST_F(Store, establishments__by_words_and_by_pages) {
    fill();
    const auto all = catalogue_->establishments("", {.after = {}, .limit = 10});
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ(all->front().facts.establishment.slug, "college-la-garenne-voiron");
    EXPECT_GT(all->front().spaces_published, 5);
    EXPECT_EQ(catalogue_->establishments("garenne voiron", {.after = {}, .limit = 10})->size(), 1U);
    EXPECT_EQ(catalogue_->establishments("38500", {.after = {}, .limit = 10})->size(), 2U);
    EXPECT_EQ(catalogue_->establishments("grenoble", {.after = {}, .limit = 10})->size(), 0U);
    const auto next =
        catalogue_->establishments("", {.after = "college-la-garenne-voiron", .limit = 1});
    ASSERT_EQ(next->size(), 1U);
    EXPECT_EQ(next->front().facts.establishment.id, plan_menu());
    EXPECT_EQ(catalogue_->establishment("nowhere").error().code, "not_found");
    EXPECT_EQ(catalogue_->establishment("' OR 1=1 --").error().code, "not_found");
}

TEST_F(Store, put_spaces__reads_back_every_fact) {
    fill();
    for (const Space& made : rooms()) {
        const auto stored = catalogue_->space(made.id.str());
        ASSERT_TRUE(stored) << made.slug;
        SpaceFacts expected{made, stored->at};
        expected.space.version = 1;
        EXPECT_EQ(facts::space_changed(*stored), facts::space_changed(expected)) << made.slug;
    }
}

TEST_F(Store, put_spaces__again__versions_only_what_changed) {
    fill();
    auto again = rooms();
    const auto same = catalogue_->put_spaces(again);
    EXPECT_EQ(same->unchanged, again.size());
    again[0].capacity_seated += 1;
    again[1].offers.pop_back();
    const auto changes = catalogue_->put_spaces(again);
    EXPECT_EQ(changes->updated, 2U);
    EXPECT_EQ(catalogue_->space(again[0].id.str())->space.version, 2);
    EXPECT_EQ(catalogue_->space(again[1].id.str())->space.offers.size(), again[1].offers.size());
    EXPECT_EQ(catalogue_->space(again[2].id.str())->space.version, 1);
}

TEST_F(Store, put_spaces__of_an_unknown_establishment__stores_nothing_at_all) {
    ASSERT_TRUE(catalogue_->put_establishments(two()));
    auto some = rooms();
    some.back().establishment = base::EstablishmentId::make();
    EXPECT_FALSE(catalogue_->put_spaces(some));
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM space").value(), 0);
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM offer_part").value(), 0);
    EXPECT_EQ(events(), 2);
}

TEST_F(Store, spaces__drafts__are_shown_to_their_staff_only) {
    fill();
    auto drafts = rooms();
    for (Space& space : drafts)
        space.published = space.id != gym();
    ASSERT_TRUE(catalogue_->put_spaces(drafts));
    const auto sees = [&](const Visibility& visibility) {
        const auto found = catalogue_->spaces(garenne(), visibility, {.after = {}, .limit = 100});
        return std::ranges::any_of(*found, [](const SpaceFacts& f) { return f.space.id == gym(); });
    };
    EXPECT_FALSE(sees({}));
    EXPECT_TRUE(sees({{body()}, {}}));
    EXPECT_TRUE(sees({{}, {garenne()}}));
    EXPECT_FALSE(sees({{}, {plan_menu()}}));
    EXPECT_FALSE(sees({{base::BodyId::make()}, {}}));
}

TEST_F(Store, spaces__pages__join_up) {
    fill();
    std::vector<std::string> slugs;
    Page page{.after = {}, .limit = 3};
    for (;;) {
        const auto found = catalogue_->spaces(std::nullopt, {}, page);
        ASSERT_TRUE(found);
        if (found->empty()) break;
        for (const SpaceFacts& facts : *found)
            slugs.push_back(facts.space.slug);
        page.after = slugs.back();
    }
    EXPECT_EQ(slugs.size(), rooms().size());
    EXPECT_TRUE(std::ranges::is_sorted(slugs));
}

TEST_F(Store, put_calendars__versions_only_what_changed) {
    const rules::PublicHolidays days{"metropole",
                                     time::Date::of(2026, 1, 1),
                                     time::Date::of(2026, 12, 31),
                                     {{time::Date::of(2026, 12, 25), "25 décembre"}}};
    const auto a = zone_a(time::Date::of(2027, 1, 3));
    EXPECT_EQ(catalogue_->put_calendars(std::span(&a, 1), std::span(&days, 1))->created, 2U);
    EXPECT_EQ(catalogue_->put_calendars(std::span(&a, 1), std::span(&days, 1))->unchanged, 2U);
    const auto longer = zone_a(time::Date::of(2027, 2, 3));
    const auto changes = catalogue_->put_calendars(std::span(&longer, 1), std::span(&days, 1));
    EXPECT_EQ(changes->updated, 1U);
    EXPECT_EQ(changes->unchanged, 1U);
    EXPECT_EQ(events(), 3);
    const auto stored = catalogue_->calendars();
    ASSERT_EQ(stored->schools.size(), 1U);
    EXPECT_EQ(stored->schools[0].version, 2);
    EXPECT_EQ(stored->schools[0].calendar.known_until, time::Date::of(2027, 2, 3));
    EXPECT_EQ(stored->schools[0].calendar.periods.at(0).name, "Vacances de Noël");
    EXPECT_EQ(stored->territories.at(0).version, 1);
}

TEST_F(Store, put_tariff__a_voted_grid_never_changes) {
    Tariff tariff = demo::tariff(body(), "isere", today());
    EXPECT_EQ(catalogue_->put_tariff(tariff)->created, 1U);
    tariff.grid.lines.clear();
    EXPECT_EQ(catalogue_->put_tariff(tariff)->unchanged, 1U);
    const auto stored = catalogue_->tariffs(body());
    ASSERT_EQ(stored->size(), 1U);
    EXPECT_EQ(stored->front().grid.lines.size(), 54U);
    EXPECT_EQ(stored->front().establishment, std::nullopt);
    const auto voted = demo::tariff(body(), "isere", today()).grid;
    EXPECT_FALSE(voted.modifiers.empty());
    EXPECT_EQ(wire::rules_json(stored->front().grid), wire::rules_json(voted));
    EXPECT_TRUE(catalogue_->tariffs(base::BodyId::make())->empty());
}

TEST_F(Store, put_tariff__keeps_rate_and_mention_of_each_line) {
    Tariff tariff = demo::tariff(body(), "isere", today());
    tariff.grid.lines[0].vat = {2'000, "TVA 20 %"};
    ASSERT_TRUE(catalogue_->put_tariff(tariff));
    const auto stored = catalogue_->tariffs(body());
    int taxed = 0;
    for (const auto& line : stored->front().grid.lines) {
        if (line.vat == rules::Vat{}) continue;
        ++taxed;
        EXPECT_EQ(line.vat, (rules::Vat{2'000, "TVA 20 %"}));
        EXPECT_EQ(line.tariff_kind, tariff.grid.lines[0].tariff_kind);
    }
    EXPECT_EQ(taxed, 1);
}

TEST_F(Store, change_space__bumps_the_version_and_publishes) {
    fill();
    const std::int64_t before = events();
    const auto done = catalogue_->change_space(once("key-one-1"), gym(), kSmaller, answer_of);
    ASSERT_TRUE(done);
    EXPECT_EQ(nlohmann::json::parse(done->body).at("version"), 2);
    EXPECT_EQ(events(), before + 1);
    EXPECT_EQ(catalogue_->space(gym_slug())->space.capacity_standing, 99);
}

TEST_F(Store, change_space__the_same_key__has_its_effect_once) {
    fill();
    const auto first = catalogue_->change_space(once("key-one-1"), gym(), kSmaller, answer_of);
    const std::int64_t before = events();
    const auto again = catalogue_->change_space(once("key-one-1"), gym(), kSmaller, answer_of);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->body, first->body);
    EXPECT_EQ(events(), before);
    const auto other = catalogue_->change_space(once("key-one-1", "c"), gym(), kSmaller, answer_of);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, "idempotency_mismatch");
}

TEST_F(Store, change_space__refused_or_without_effect__leaves_no_trace) {
    fill();
    const std::int64_t before = events();
    const auto refused = catalogue_->change_space(
        once("key-one-1"), gym(),
        [](const SpaceFacts&) -> base::Result<Space> { return base::fail("stale_version"); },
        answer_of);
    EXPECT_EQ(refused.error().code, "stale_version");
    EXPECT_EQ(number(*database_, "SELECT COUNT(*) FROM idempotency_key").value(), 0);
    const auto same = catalogue_->change_space(
        once("key-two-2"), gym(),
        [](const SpaceFacts& facts) -> base::Result<Space> { return facts.space; }, answer_of);
    ASSERT_TRUE(same);
    EXPECT_EQ(nlohmann::json::parse(same->body).at("version"), 1);
    EXPECT_EQ(events(), before);
    const auto unknown =
        catalogue_->change_space(once("key-three"), base::SpaceId::make(), kSmaller, answer_of);
    EXPECT_EQ(unknown.error().code, "not_found");
}

TEST_F(Store, snapshot__holds_each_aggregate_once_at_its_version) {
    fill();
    const auto a = zone_a(time::Date::of(2027, 1, 3));
    ASSERT_TRUE(catalogue_->put_calendars(std::span(&a, 1), {}));
    ASSERT_TRUE(catalogue_->change_space(once("key-one-1"), gym(), kSmaller, answer_of));
    std::map<std::string, int> types;
    std::map<std::string, std::int64_t> versions;
    const auto read = database_->read([&](db::Session& session) -> base::Result<void> {
        types.clear();
        emit_snapshot(session, business_.now(), [&](events::Event event) {
            ++types[event.type];
            EXPECT_TRUE(versions.emplace(event.aggregate_id, event.version).second);
            EXPECT_EQ(event.data.at("version"), event.version);
        });
        return {};
    });
    ASSERT_TRUE(read);
    EXPECT_EQ(types["establishment_changed.v1"], 2);
    EXPECT_EQ(types["calendar_changed.v1"], 1);
    EXPECT_EQ(types["tariff_changed.v1"], 1);
    EXPECT_EQ(types["space_changed.v1"], static_cast<int>(rooms().size()));
    EXPECT_EQ(versions[gym().str()], 2);
    EXPECT_EQ(versions["school:A"], 1);
}

// Search and booking read these facts with the same library: nothing may be lost on the way.
TEST_F(Store, space_changed__round_trip_through_the_wire) {
    fill();
    for (const Space& made : rooms()) {
        const auto stored = catalogue_->space(made.slug);
        const nlohmann::json sent = facts::space_changed(*stored);
        const auto read = wire::space_from_json(sent);
        ASSERT_TRUE(read) << made.slug << " " << (read ? "" : read.error().fields.at(0).pointer);
        EXPECT_EQ(wire::to_json(*read), sent);
    }
}

}  // namespace
}  // namespace preau::inventory
