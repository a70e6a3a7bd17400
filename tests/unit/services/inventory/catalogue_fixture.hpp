#pragma once
// A catalogue on a database of its own, on the engine that the test program is linked for.

#include <memory>
#include <string>
#include <vector>

#include "services/inventory/domain/demo.hpp"
#include "services/inventory/store/sql_catalogue.hpp"
#include "shared/base/demo_ids.hpp"
#include "shared/words/catalogue.hpp"
#include "tests/unit/services/inventory/fixtures.hpp"
#include "tests/unit/shared/db/scratch.hpp"

namespace preau::inventory::test {

inline words::Catalogue french() {
    return words::Catalogue::load(words::Language::fr,
                                  std::string(PREAU_SOURCE_DIR) + "/frontend/messages/fr.json")
        .value();
}

class CatalogueTest : public db::test::Scratch {
protected:
    void SetUp() override {
        database_ = open();
        ASSERT_TRUE(database_->migrate(events::migrations()));
        ASSERT_TRUE(database_->migrate(migrations()));
        catalogue_ = std::make_unique<SqlCatalogue>(*database_, business_, machine_,
                                                    [this] { ++announced_; });
    }

    /// La Garenne and Plan Menu with all of their demonstration rooms, and the grid.
    void fill() {
        ASSERT_TRUE(catalogue_->put_establishments(two()));
        ASSERT_TRUE(catalogue_->put_spaces(rooms()));
        ASSERT_TRUE(catalogue_->put_tariff(demo::tariff(body(), "isere", today())));
    }

    static base::BodyId body() { return base::demo::body_id("isere"); }
    static base::EstablishmentId garenne() { return base::demo::establishment_id("0382042N"); }
    static base::EstablishmentId plan_menu() { return base::demo::establishment_id("0382495F"); }
    static base::SpaceId gym() { return base::demo::id<base::SpaceId>("space", gym_slug()); }
    static std::string gym_slug() { return "gymnase-college-la-garenne-voiron"; }
    static time::Date today() { return time::Date::of(2026, 11, 22); }

    static std::vector<EstablishmentFacts> two() {
        std::vector<EstablishmentFacts> out;
        for (const EstablishmentFacts& one : isere()) {
            const auto& id = one.establishment.id;
            if (id == garenne() || id == plan_menu()) out.push_back(one);
        }
        return out;
    }
    static std::vector<Space> rooms() { return demo::spaces(38, today(), two()); }

    std::int64_t events() { return number(*database_, "SELECT COUNT(*) FROM outbox").value(); }

    base::FixedClock business_{base::Instant{1'795'300'000}};  // 2026-11-22
    base::FixedClock machine_{base::Instant{1'795'300'000}};
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<SqlCatalogue> catalogue_;
    int announced_ = 0;
};

}  // namespace preau::inventory::test
