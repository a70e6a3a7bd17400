#include "shared/db/dialect.hpp"

#include <array>
#include <stdexcept>

#include "shared/db/url.hpp"
#include "tests/unit/shared/db/scratch.hpp"

namespace preau::db {
namespace {

using test::Scratch;

constexpr std::string_view kItem =
    "CREATE TABLE item (id {key} NOT NULL, name {text} NOT NULL, version BIGINT NOT NULL,"
    " PRIMARY KEY (id)) {clustered};";
constexpr std::array<std::string_view, 3> kColumns = {"id", "name", "version"};
constexpr std::array<std::string_view, 1> kKey = {"id"};

TEST(Translate, known_words__become_the_engines_own) {
    EXPECT_EQ(translate("a {id}, b {json}", Engine::sqlite), "a TEXT, b TEXT");
    EXPECT_EQ(translate("b {json}", Engine::mariadb), "b MEDIUMTEXT");
    EXPECT_EQ(translate(") {clustered}", Engine::sqlite), ") WITHOUT ROWID");
    EXPECT_EQ(translate(") {table}", Engine::sqlite), ") ");
}

TEST(Translate, unknown_or_open_word__is_refused) {
    EXPECT_THROW(translate("a {blob}", Engine::sqlite), std::invalid_argument);
    EXPECT_THROW(translate("a {", Engine::mariadb), std::invalid_argument);
}

TEST(Translate, braces_in_quotes__stay) {
    EXPECT_EQ(translate("DEFAULT '{}'", Engine::sqlite), "DEFAULT '{}'");
}

TEST(Url, parts__are_read_and_decoded) {
    const auto address = parse_url("mysql://us%40er:p%3Aw@127.0.0.1:3307/s?socket=%2Frun%2Fx.sock");
    ASSERT_TRUE(address);
    EXPECT_EQ(address->user, "us@er");
    EXPECT_EQ(address->password, "p:w");
    EXPECT_EQ(address->host, "127.0.0.1");
    EXPECT_EQ(address->port, 3307);
    EXPECT_EQ(address->schema, "s");
    EXPECT_EQ(address->socket, "/run/x.sock");
    EXPECT_EQ(parse_url("sqlite:/a b/c=d.db")->file, "/a b/c=d.db");
    EXPECT_EQ(parse_url("mysql://u:p@localhost:3307/s")->host, "127.0.0.1");
}

TEST(Url, malformed__is_refused_without_the_password) {
    for (const char* url :
         {"postgres://x", "sqlite:", "mysql://host/schema", "mysql://u:secret@h:99999/s",
          "mysql://u:secret@h/s?reconnect=1", "mysql://u:secret%zz@h/s"}) {
        const auto address = parse_url(url);
        ASSERT_FALSE(address) << url;
        EXPECT_EQ(address.error().find("secret"), std::string::npos);
    }
}

TEST(Url, quotes_in_a_password__are_escaped_for_soci) {
    const auto address = parse_url("mysql://u:a%27b%5C@h/s");
    ASSERT_TRUE(address);
    EXPECT_THAT(mysql_parameters(*address, {}), ::testing::HasSubstr(R"(password='a\'b\\')"));
}

class Dialect : public Scratch {};

TEST_F(Dialect, upsert__inserts_then_updates) {
    const auto database = open_with(kItem);
    constexpr std::array<std::string_view, 2> updated = {"name", "version"};
    for (const std::string name : {"first", "second"}) {
        const auto done = database->transact([&](Session& session) -> base::Result<bool> {
            const std::string id = "a";
            const int version = 1;
            session.sql() << upsert(session.engine(), "item", kColumns, kKey, updated),
                soci::use(id), soci::use(name), soci::use(version);
            return true;
        });
        ASSERT_TRUE(done);
    }
    EXPECT_EQ(number(*database, "SELECT COUNT(*) FROM item WHERE name = 'second'"), 1);
}

TEST_F(Dialect, upsert_if_newer__ignores_versions_that_are_not) {
    const auto database = open_with(kItem);
    const auto put = [&](const std::string& name, int version) {
        const auto done = database->transact([&](Session& session) -> base::Result<bool> {
            const std::string id = "a";
            session.sql() << upsert_if_newer(session.engine(), "item", kColumns, kKey, "version"),
                soci::use(id), soci::use(name), soci::use(version);
            return true;
        });
        ASSERT_TRUE(done);
    };
    put("two", 2);
    put("one", 1);
    put("two again", 2);
    EXPECT_EQ(number(*database, "SELECT COUNT(*) FROM item WHERE name = 'two' AND version = 2"), 1);
    put("three", 3);
    EXPECT_EQ(number(*database, "SELECT COUNT(*) FROM item WHERE name = 'three' AND version = 3"),
              1);
}

TEST_F(Dialect, insert_unless_exists__keeps_the_first) {
    const auto database = open_with(kItem);
    for (const std::string name : {"first", "second"}) {
        const auto done = database->transact([&](Session& session) -> base::Result<bool> {
            const std::string id = "a";
            const int version = 1;
            session.sql() << insert_unless_exists(session.engine(), "item", kColumns, kKey),
                soci::use(id), soci::use(name), soci::use(version);
            return true;
        });
        ASSERT_TRUE(done);
    }
    EXPECT_EQ(number(*database, "SELECT COUNT(*) FROM item WHERE name = 'first'"), 1);
}

TEST_F(Dialect, text_compares_byte_by_byte__on_both_engines) {
    const auto database = open_with(kItem);
    execute(*database,
            "INSERT INTO item (id, name, version) VALUES ('a', 'École', 1), ('A', 'ecole', 1)");
    EXPECT_EQ(number(*database, "SELECT COUNT(*) FROM item WHERE name = 'école'"), 0);
    EXPECT_EQ(number(*database, "SELECT COUNT(*) FROM item WHERE name = 'École'"), 1);
}

}  // namespace
}  // namespace preau::db
