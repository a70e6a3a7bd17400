// Help, legal pages and the terms of a body: words from the catalogue or from booking.
#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

struct TextPage {
    const char* path;
    const char* key;
    const char* section;
};

constexpr TextPage kPages[] = {
    {"/aide", "help", "help"},
    {"/accessibilite", "accessibility", ""},
    {"/donnees-personnelles", "privacy", ""},
    {"/mentions-legales", "legal", ""},
    {"/plan-du-site", "sitemap", ""},
    {"/ecoconception", "ecodesign", ""},
    {"/qui-peut-reserver", "who", "who"},
};

const nlohmann::json& page_words(const Visit& visit, const std::string& key) {
    static const nlohmann::json none = nlohmann::json::object();
    const auto pages = visit.words.messages().find("page");
    if (pages == visit.words.messages().end()) return none;
    const auto page = pages->find(key);
    return page == pages->end() ? none : *page;
}

nlohmann::json terms_view(const Visit& visit, const nlohmann::json& terms) {
    auto sections = nlohmann::json::array();
    for (const auto& section : list_of(terms, "sections")) {
        sections.push_back(
            {{"title", text_of(section, "title")}, {"paragraphs", list_of(section, "paragraphs")}});
    }
    if (sections.empty()) {
        // Plain text: paragraphs apart by empty lines.
        auto text = text_of(terms, "text");
        auto paragraphs = nlohmann::json::array();
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find("\n\n", at), text.size());
            if (end > at) paragraphs.push_back(text.substr(at, end - at));
            at = end + 2;
        }
        sections.push_back({{"title", false}, {"paragraphs", paragraphs}});
    }
    const auto version = text_of(terms, "version");
    const auto from = time::Date::parse(text_of(terms, "in_force_from"));
    return {{"title", visit.words.text_or("terms.title", text_of(terms, "title"))},
            {"body_text", optional_text(terms, "body_name")},
            {"version_text",
             visit.words.fill(
                 "terms.version",
                 {{"version", version}, {"date", from ? visit.format.day_month_year(*from) : ""}})},
            {"hash", text_of(terms, "hash")},
            {"sections", sections},
            {"older", false}};
}

}  // namespace

void add_text_pages(Site& site, net::Router& router) {
    for (const auto& page : kPages) {
        const std::string key = page.key;
        site.add(
            router, net::Method::get, page.path, "page_" + key,
            [key](Visit& visit) -> base::Result<Reply> {
                const auto& words = page_words(visit, key);
                auto reply = Reply::page("static", {{"title", text_of(words, "title")},
                                                    {"page_key", key},
                                                    {"page", words},
                                                    {"facts", false}});
                reply.caching = Caching::shared;
                return reply;
            },
            Access::everyone, page.section);
    }
    site.add(
        router, net::Method::get, "/conditions/{body}", "page_terms",
        [](Visit& visit) -> base::Result<Reply> {
            auto target = "/v1/terms?body_id=" + percent_encode(visit.request.params.get("body"));
            if (const auto version = visit.query("version"); !version.empty()) {
                target += "&version=" + percent_encode(version);
            }
            auto terms = visit.backend->get("booking", target);
            if (!terms) return std::unexpected(terms.error());
            // A list holds the version in force first.
            const auto items = list_of(*terms, "items");
            return Reply::page("terms", terms_view(visit, items.empty() ? *terms : items.front()));
        });
}

}  // namespace preau::gateway
