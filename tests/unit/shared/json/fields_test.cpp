#include "shared/json/fields.hpp"

#include <string>

#include <gmock/gmock.h>

namespace preau::json {
namespace {

using nlohmann::json;

std::string fault(const Fields& in) {
    const auto error = in.errors();
    if (!error) return "none";
    std::string text;
    for (const auto& f : error->fields) {
        if (!text.empty()) text += ' ';
        text += f.pointer + "=" + f.code;
    }
    return text;
}

TEST(Fields, good_object__gives_its_values) {
    const json body = {{"name", "  Judo \xc2\xa0"},
                       {"n", 12},
                       {"yes", true},
                       {"unit", "hour"},
                       {"none", nullptr},
                       {"when", {{"kind", "single"}}}};
    Fields in(body);
    EXPECT_EQ(in.text("name"), "Judo");
    EXPECT_EQ(in.integer("n"), 12);
    EXPECT_TRUE(in.boolean("yes"));
    EXPECT_EQ(in.choice("unit", {"day", "hour"}), 1U);
    EXPECT_FALSE(in.has("none"));
    EXPECT_FALSE(in.optional_text("none"));
    EXPECT_FALSE(in.optional_integer("absent"));
    EXPECT_FALSE(in.optional_choice("absent", {"a"}));
    EXPECT_TRUE(in.boolean_or("absent", true));
    Fields when(in.object("when"), "/when");
    EXPECT_EQ(when.text("kind"), "single");
    EXPECT_EQ(fault(in), "none");
}

TEST(Fields, several_faults__are_all_told_with_pointers) {
    const json body = {{"name", ""}, {"n", 7}, {"unit", "week"}, {"yes", "true"}, {"id", "x"}};
    Fields in(body, "/when");
    in.text("name", {.length_min = 1});
    in.integer("n", {.min = 1, .max = 5});
    in.choice("unit", {"day", "hour"});
    in.boolean("yes");
    in.id<base::BodyId>("id");
    in.text("absent");
    EXPECT_EQ(fault(in),
              "/when/name=required /when/n=range /when/unit=unknown /when/yes=format "
              "/when/id=format /when/absent=required");
    EXPECT_EQ(in.errors()->code, "invalid");
    EXPECT_EQ(in.errors()->fields[1].detail, "1..5");
    EXPECT_EQ(in.errors()->fields[2].detail, "day|hour");
}

TEST(Fields, lengths__count_code_points_after_trimming) {
    const json body = {{"four", " élève "}, {"emoji", "😀😀"}};
    Fields in(body);
    EXPECT_EQ(in.text("four", {.length_min = 5, .length_max = 5}), "élève");
    EXPECT_EQ(in.text("emoji", {.length_min = 2, .length_max = 2}), "😀😀");
    EXPECT_EQ(fault(in), "none");
    in.text("emoji", {.length_min = 0, .length_max = 1});
    EXPECT_EQ(fault(in), "/emoji=length");
}

TEST(Fields, control_characters__are_refused_but_line_ends_are_kept) {
    const json good = {{"a", "one\r\ntwo\rthree\n"}};
    Fields kept(good);
    EXPECT_EQ(kept.text("a"), "one\ntwo\nthree");
    for (const std::string& text :
         {std::string("a\0b", 3), std::string("a\x1b[31m"), std::string("a\tb"),
          std::string("a\x7f") + "b", std::string("a\u0085b"), std::string("a\u2028b"),
          std::string("\u202egnp.exe"), std::string("a\u2066b")}) {
        const json body = {{"a", text}};
        Fields in(body);
        in.text("a");
        EXPECT_EQ(fault(in), "/a=format") << json(text).dump();
    }
}

TEST(Fields, integers__are_whole_and_in_range) {
    const auto read = [](const json& value) {
        const json body = {{"n", value}};
        Fields in(body);
        in.integer("n", {.min = -5, .max = 5'000});
        return fault(in);
    };
    EXPECT_EQ(read(-5), "none");
    EXPECT_EQ(read(5'000), "none");
    EXPECT_EQ(read(30.0), "none");
    EXPECT_EQ(read(-6), "/n=range");
    EXPECT_EQ(read(18446744073709551615ULL), "/n=range");
    EXPECT_EQ(read(1e300), "/n=range");
    EXPECT_EQ(read(1.5), "/n=format");
    EXPECT_EQ(read("12"), "/n=format");
    EXPECT_EQ(read(true), "/n=format");
    EXPECT_EQ(read(nullptr), "/n=required");
}

TEST(Fields, text_of_another_type__is_a_format_fault) {
    for (const json& value : {json(1), json(true), json::array(), json::object()}) {
        const json body = {{"a", value}};
        Fields in(body);
        in.text("a");
        EXPECT_EQ(fault(in), "/a=format");
    }
}

TEST(Fields, something_that_is_no_object__is_one_fault) {
    for (const json& body : {json(), json::array(), json("x"), json(3)}) {
        Fields in(body, "/when");
        in.text("a");
        in.integer("b");
        in.id<base::BodyId>("c");
        EXPECT_EQ(fault(in), "/when=format");
    }
}

TEST(Fields, nested_faults__are_absorbed_once) {
    const json body = {{"when", {{"kind", 3}}}};
    Fields in(body);
    Fields when(in.object("when"), "/when");
    when.text("kind");
    in.absorb(when);
    in.absorb(when);
    Fields missing(in.object("place"), "/place");
    in.absorb(missing);
    in.refuse("name", "unknown_place");
    in.refuse("name", "range");
    EXPECT_EQ(fault(in), "/when/kind=format /place=required /name=unknown_place");
}

TEST(Fields, error_without_fields__is_absorbed_at_the_objects_own_pointer) {
    const json body = json::object();
    Fields in(body, "/when");
    in.absorb(base::Error{"calendar_unknown", "A", {}});
    EXPECT_EQ(fault(in), "/when=calendar_unknown");
}

TEST(Fields, id__is_parsed_as_its_type) {
    const auto id = base::BodyId::make();
    const json body = {{"id", id.str()}, {"lower", "01jz000000000000000000000a"}};
    Fields in(body);
    EXPECT_EQ(in.id<base::BodyId>("id"), id);
    EXPECT_EQ(fault(in), "none");
    in.id<base::BodyId>("lower");
    EXPECT_EQ(fault(in), "/lower=format");
}

}  // namespace
}  // namespace preau::json
