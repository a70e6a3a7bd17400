#include "shared/text/html.hpp"

#include <gtest/gtest.h>

namespace preau::text {
namespace {

TEST(EscapeHtml, markup_and_both_quotes__become_text) {
    EXPECT_EQ(escape_html("<b a=\"1\" c='2'>R&D</b>"),
              "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;R&amp;D&lt;/b&gt;");
    EXPECT_EQ(escape_html("Salle n\u00ba 3, à l\u2019étage"), "Salle n\u00ba 3, à l\u2019étage");
}

}  // namespace
}  // namespace preau::text
