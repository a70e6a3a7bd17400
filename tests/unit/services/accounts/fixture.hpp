#pragma once
// A store of accounts on a database of its own, of the engine that the test program is linked for,
// and a body, an association and a person to keep in it.

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>

#include "services/accounts/store/sql_store.hpp"
#include "shared/db/database.hpp"
#include "shared/events/outbox.hpp"
#include "shared/observe/metrics.hpp"
#include "shared/security/digest.hpp"
#include "tests/unit/shared/db/scratch.hpp"

namespace preau::accounts::testing {

inline constexpr base::Instant now{1'790'000'000};

class StoreTest : public ::testing::Test {
protected:
    StoreTest() {
        auto name = (std::filesystem::temp_directory_path() / "preau-accounts-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
        dir = name;
        auto opened = db::Database::open({.url = place.url()}, nullptr);
        if (!opened) throw std::runtime_error(opened.error().detail);
        database = std::move(*opened);
        for (const auto steps : {events::migrations(), migrations()}) {
            const auto migrated = database->migrate(steps);
            if (!migrated) throw std::runtime_error(migrated.error().detail);
        }
        store = std::make_unique<SqlStore>(*database, [this] { ++published; });
    }

    ~StoreTest() override {
        store.reset();
        database.reset();
        std::filesystem::remove_all(dir);
    }

    Body isere() const {
        Body body;
        body.id = base::BodyId::seeded(1, "isere");
        body.slug = "isere";
        body.name = "Département de l'Isère";
        body.texts = {{"presentation.fr", "Bonjour : des salles"}};
        return body;
    }

    Person claire() const {
        Person person;
        person.id = base::PersonId::seeded(1, "claire");
        person.name = "Claire d'Août 😀";
        person.email = "claire@tatamis.example";
        return person;
    }

    Organisation tatamis() const {
        Organisation organisation;
        organisation.id = base::OrganisationId::seeded(1, "tatamis");
        organisation.name = "Les Tatamis";
        organisation.rna = "W389000001";
        return organisation;
    }

    Affiliation affiliation() const {
        Affiliation it;
        it.id = AffiliationId::seeded(1, "affiliation");
        it.organisation = tatamis().id;
        it.body = isere().id;
        it.category = 'B';
        return it;
    }

    Membership membership() const {
        Membership it;
        it.id = MembershipId::seeded(1, "membership");
        it.person = claire().id;
        it.organisation = tatamis().id;
        it.role = MemberRole::president;
        return it;
    }

    StaffPost post() const {
        StaffPost it;
        it.id = PostId::seeded(1, "post");
        it.person = claire().id;
        it.body = isere().id;
        it.role = StaffRole::manager;
        it.establishments = {base::EstablishmentId::seeded(1, "a")};
        return it;
    }

    void keep_everything() {
        ASSERT_TRUE(store->keep(isere()));
        ASSERT_TRUE(store->keep(claire()));
        ASSERT_TRUE(store->keep(tatamis()));
        ASSERT_TRUE(store->keep(affiliation(), now));
        ASSERT_TRUE(store->keep(membership(), now));
        ASSERT_TRUE(store->keep(post(), now));
    }

    int count(const std::string& table) {
        int rows = -1;
        (void)database->read([&](db::Session& session) -> base::Result<bool> {
            session.sql() << "SELECT COUNT(*) FROM " + table, soci::into(rows);
            return true;
        });
        return rows;
    }

    db::test::Place place;
    std::string dir;  // the data directory
    std::unique_ptr<db::Database> database;
    std::unique_ptr<SqlStore> store;
    int published = 0;
};

}  // namespace preau::accounts::testing
