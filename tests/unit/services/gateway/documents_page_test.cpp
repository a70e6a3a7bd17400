// The page of an association's documents, from sample answers of accounts.
#include "services/gateway/pages/documents.hpp"
#include "tests/unit/services/gateway/support.hpp"

namespace preau::gateway {
namespace {

using nlohmann::json;

json president(const json& until, const json& signed_on, const char* role = "president") {
    return {{"person", {{"id", "01P"}, {"name", "Claire Roussel"}}},
            {"posts", json::array()},
            {"memberships",
             {{{"role", role},
               {"organisation", {{"id", "01ORG"}, {"name", "Les Tatamis"}}},
               {"affiliations",
                {{{"id", "01AFF"},
                  {"body_id", "01BODY"},
                  {"insurance_valid_until", until},
                  {"contract_signed_on", signed_on},
                  {"version", 3}}}}}}}};
}

std::string page(const json& me, const Documents& documents) {
    net::Request request;
    request.target = request.path = "/compte/documents";
    const auto visit = test::signed_in(request, me);
    return test::page(visit, "documents", documents_view(visit, documents));
}

TEST(DocumentsPage, what_is_in_order__is_said_with_its_day) {
    const auto html =
        page(president("2027-08-31", "2026-09-01"), {{{"01BODY", "Isère"}}, {}, {}, {}});
    EXPECT_SAYS(html, "Les Tatamis");
    EXPECT_SAYS(html, "Isère");
    EXPECT_SAYS(html, "valable jusqu’au 31 août 2027");
    EXPECT_SAYS(html, "signé le 1");
    EXPECT_EQ(html.find("/contrat\""), std::string::npos);  // nothing to sign any more
    EXPECT_SAYS(html, "action=\"/compte/documents/01AFF/assurance\"");
}

TEST(DocumentsPage, what_is_missing__is_asked_for) {
    const auto html = page(president("2026-01-31", nullptr), {{}, {}, {}, {}});
    EXPECT_SAYS(html, "terminée le 31 janvier 2026");
    EXPECT_SAYS(html, "action=\"/compte/documents/01AFF/contrat\"");
    EXPECT_SAYS(html, "la liberté de conscience");
    EXPECT_SAYS(html, "name=\"version\" value=\"3\"");
}

TEST(DocumentsPage, fault__stands_at_its_field_and_keeps_the_form_open) {
    const base::Error error{"invalid", {}, {{"/valid_until", "range", "2026-11-22..2031-12-31"}}};
    const auto html = page(president("2027-08-31", nullptr), {{}, "01AFF", "assurance", error});
    EXPECT_SAYS(html, "id=\"f-valid_until\"");
    EXPECT_SAYS(html, "id=\"e-f-valid_until\"");
    EXPECT_SAYS(html, "<details open>");
}

TEST(DocumentsPage, member_who_books_nothing__sees_none) {
    const auto html = page(president("2027-08-31", nullptr, "member"), {{}, {}, {}, {}});
    EXPECT_EQ(html.find("Les Tatamis</h2>"), std::string::npos);
    EXPECT_EQ(html.find("/assurance\""), std::string::npos);
}

}  // namespace
}  // namespace preau::gateway
