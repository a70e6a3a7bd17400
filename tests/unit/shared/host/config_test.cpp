#include "shared/host/config.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "process.hpp"

namespace preau::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class ConfigTest : public testing::Test {
protected:
    Config load(const std::string& text) {
        scratch.write("c.toml", text);
        auto config = Config::load(scratch.path("c.toml"));
        EXPECT_TRUE(config) << (config ? "" : config.error().detail);
        return config ? std::move(*config) : Config();
    }
    Scratch scratch;
};

TEST_F(ConfigTest, value__of_the_services_own_table_goes_before_the_common_one) {
    Config config = load(
        "[server]\nworker_threads = 4\nlisten = \"a:1\"\n[booking.server]\nworker_threads = 9\n");
    EXPECT_EQ(config.integer("server.worker_threads", 1), 4);
    config.prefer("booking");
    EXPECT_EQ(config.integer("server.worker_threads", 1), 9);
    EXPECT_EQ(config.text("server.listen"), "a:1");
    config.prefer("search");
    EXPECT_EQ(config.integer("server.worker_threads", 1), 4);
}

TEST_F(ConfigTest, value__that_is_absent_or_of_another_type_is_the_default) {
    const Config config =
        load("[a]\nnumber = 3\ntext = \"x\"\nyes = true\nlist = [\"p\", 1, \"q\"]\n");
    EXPECT_EQ(config.integer("a.number", 1), 3);
    EXPECT_EQ(config.integer("a.text", 1), 1);
    EXPECT_EQ(config.integer("b.number", 1), 1);
    EXPECT_EQ(config.text("a.text", "d"), "x");
    EXPECT_EQ(config.text("a.number", "d"), "d");
    EXPECT_TRUE(config.boolean("a.yes", false));
    EXPECT_TRUE(config.boolean("a.no", true));
    EXPECT_THAT(config.list("a.list"), ElementsAre("p", "q"));
    EXPECT_TRUE(config.list("a.none").empty());
}

TEST_F(ConfigTest, tables__are_named) {
    const Config config = load("[peers.a]\nurl = \"u\"\n[peers.b]\n[peers]\nplain = 1\n");
    EXPECT_THAT(config.tables("peers"), UnorderedElementsAre("a", "b"));
    EXPECT_TRUE(config.tables("none").empty());
}

TEST_F(ConfigTest, file__that_cannot_be_read_says_where) {
    scratch.write("bad.toml", "a = 1\nb = [\n");
    const auto bad = Config::load(scratch.path("bad.toml"));
    ASSERT_FALSE(bad);
    EXPECT_THAT(bad.error().detail, HasSubstr("bad.toml"));
    EXPECT_THAT(bad.error().detail, HasSubstr("line 2"));
    EXPECT_FALSE(Config::load(scratch.path("none.toml")));
}

TEST_F(ConfigTest, environment__goes_before_its_file_and_the_file_before_the_default) {
    scratch.write("secret", "from file\n");
    setenv("PREAU_TEST_SECRET_FILE", scratch.path("secret").c_str(), 1);
    EXPECT_EQ(Config::environment("PREAU_TEST_SECRET", "default"), "from file");
    setenv("PREAU_TEST_SECRET", "direct", 1);
    EXPECT_EQ(Config::environment("PREAU_TEST_SECRET", "default"), "direct");
    unsetenv("PREAU_TEST_SECRET");
    unsetenv("PREAU_TEST_SECRET_FILE");
    EXPECT_EQ(Config::environment("PREAU_TEST_SECRET", "default"), "default");
}

TEST_F(ConfigTest, instance__says_what_it_is_for) {
    EXPECT_TRUE(load("[instance]\ndemonstration = true\n").demonstration());
    EXPECT_TRUE(load("[instance]\nproduction = true\n").production());
    EXPECT_FALSE(load("").demonstration());
    EXPECT_FALSE(load("").production());
}

}  // namespace
}  // namespace preau::host
