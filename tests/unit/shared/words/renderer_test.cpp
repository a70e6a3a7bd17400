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

TEST_F(RendererTest, line_of_tags_alone__leaves_no_empty_line) {
    const std::string source =
        "<ul>\n  {{#rows}}\n  <li>{{.}} </li>\n  {{/rows}}\n  {{! none }}\n</ul>\n";
    EXPECT_EQ(page(source, {{"rows", {"a", "b c"}}}),
              "<ul>\n  <li>a </li>\n  <li>b c </li>\n</ul>\n");
    EXPECT_EQ(page(source, nlohmann::json::object()), "<ul>\n</ul>\n");
}

TEST_F(RendererTest, line_whose_text_is_not_shown__is_left_out_too) {
    EXPECT_EQ(page("a\n {{#x}}some text{{/x}} \nb\n", nlohmann::json::object()), "a\nb\n");
}

}  // namespace
}  // namespace preau::words
