#include "shared/words/renderer.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace preau::words {
namespace {

/// A folder with one template "page".
class RendererTest : public ::testing::Test {
protected:
    ~RendererTest() override { std::filesystem::remove_all(folder_); }

    std::string page(const std::string& source, const nlohmann::json& model) {
        std::filesystem::create_directories(folder_);
        std::ofstream(folder_ / "page.mustache", std::ios::binary) << source;
        const auto renderer = Renderer::load(folder_);
        return renderer ? renderer->render("page", Language::fr, model) : renderer.error().detail;
    }

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("preau_renderer_" + std::to_string(::getpid()));
};

TEST_F(RendererTest, spaces__stay_where_the_template_has_them) {
    EXPECT_EQ(page("  <p class=\"a  b\">\t{{x}} and {{{y}}} </p> \r\n  end",
                   {{"x", "1 2"}, {"y", "<b>"}}),
              "  <p class=\"a  b\">\t1 2 and <b> </p> \r\n  end");
}

// What the library makes of these templates without our binding of spaces.
TEST_F(RendererTest, lines_of_tags__leave_what_the_library_leaves) {
    const std::string source =
        "<ul>\n  {{#rows}}\n  <li>{{.}} </li>\n  {{/rows}}\n  {{! none }}\n</ul>\n";
    EXPECT_EQ(page(source, {{"rows", {"a", "b c"}}}),
              "<ul>\n  <li>a </li>\n  <li>b c </li>\n  \n</ul>\n");
    EXPECT_EQ(page(source, nlohmann::json::object()), "<ul>\n  \n  \n</ul>\n");
    EXPECT_EQ(page("a\n {{#x}}some text{{/x}} \nb\n", nlohmann::json::object()), "a\n  \nb\n");
}

}  // namespace
}  // namespace preau::words
