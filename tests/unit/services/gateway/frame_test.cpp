// What every page has around its own part.
#include "services/gateway/pages/frame.hpp"

#include <gtest/gtest.h>

#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

TEST(Renderer, render__escapes_data_everywhere) {
    net::Request request;
    request.target = "/nulle-part";
    const auto visit = test::visit(request);
    auto model = error_view(visit, 404, {"not_found", {}, {}});
    model["lead_text"] = "<script>\"'&</script>";
    const auto html = test::page(visit, "error", model);
    EXPECT_EQ(html.find("<script>"), std::string::npos);
    EXPECT_NE(html.find("&lt;script&gt;&quot;&#39;&amp;"), std::string::npos);
}

TEST(Frame, initials__take_whole_letters) {
    EXPECT_EQ(initials("Claire Roussel"), "CR");
    EXPECT_EQ(initials("Élodie"), "É");
    EXPECT_EQ(initials("Jean-Marc Petit"), "JM");
    EXPECT_EQ(initials(""), "");
    EXPECT_EQ(phone_href("04 65 71 38 00"), "tel:+33465713800");
}

}  // namespace
}  // namespace preau::gateway
