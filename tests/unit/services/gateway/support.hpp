#pragma once
// What the page tests share: the real sentences and templates, and a visit.

#include <filesystem>
#include <regex>
#include <string>

#include <gtest/gtest.h>

#include "services/gateway/pages/frame.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/site.hpp"
#include "services/gateway/pages/words.hpp"
#include "tests/unit/shared/words/spoken.hpp"

namespace preau::gateway::test {

using words::test::frontend;
using words::test::plain;
using words::test::words;

inline const Renderer& renderer() {
    static const Renderer loaded = [] {
        auto renderer = Renderer::load(frontend() / "templates");
        if (!renderer) throw std::runtime_error(renderer.error().detail);
        renderer->add_catalogue(words(Language::fr));
        renderer->add_catalogue(words(Language::en));
        return std::move(*renderer);
    }();
    return loaded;
}

/// 22 November 2026, 11:00 in Paris.
inline base::Instant noon() {
    return {1'795'341'600};
}

inline Visit visit(const net::Request& request, Language language = Language::fr) {
    return Visit{
        request, words(language), Format(words(language)), noon(), nullptr, nullptr, nullptr, {},
        {}};
}

inline Visit signed_in(const net::Request& request, nlohmann::json me) {
    auto out = visit(request);
    out.caller = std::make_shared<const Caller>(Caller{"session", "identity", "person"});
    out.me = std::make_shared<const nlohmann::json>(std::move(me));
    return out;
}

/// The whole page, checked for what no page may show.
inline std::string page(const Visit& visit, const std::string& view, const nlohmann::json& model) {
    auto whole = frame_view(visit, "search");
    whole["csrf"] = "token";
    whole["idempotency_key"] = "01KEY";
    whole["demo"] = true;
    whole["body"] = {{"name_text", "Les collèges"},
                     {"phone_text", "04"},
                     {"phone_href", "tel:04"},
                     {"phone_hours_text", "9 h"},
                     {"owner", "Isère"}};
    whole["asset"] = {{"css", "/static/site.css"},
                      {"sprite", "/static/sprite.svg"},
                      {"map", "/static/isere.svg"},
                      {"drawings", "/static/drawings.svg"},
                      {"favicon", "/static/favicon.svg"}};
    whole.update(model);
    const auto html = renderer().render(view, visit.words.language(), whole);
    EXPECT_EQ(html.find("{{"), std::string::npos) << "unresolved tag";
    static const std::regex missing(R"(\[[a-z_]+(\.[a-z_0-9]+)+\])");
    std::smatch match;
    EXPECT_FALSE(std::regex_search(html, match, missing)) << "missing sentence " << match.str();
    static const std::regex placeholder(R"(\{[a-z_]+\})");
    EXPECT_FALSE(std::regex_search(html, match, placeholder))
        << "unfilled placeholder " << match.str();
    EXPECT_NE(html.find("<html lang=\""), std::string::npos);
    EXPECT_EQ(html.find("<title> – "), std::string::npos) << "no title";
    return html;
}

/// A request as the router hands it on.
inline net::Request request_of(const std::string& target) {
    net::Request request;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    return request;
}

inline SearchForm form_of(const std::string& query, const Visit& visit) {
    net::Pairs pairs;
    std::string_view rest = query;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('&'), rest.size());
        const auto pair = rest.substr(0, end);
        const auto equals = pair.find('=');
        pairs.add(std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return search_form_of(pairs, visit.today());
}

#define EXPECT_SAYS(html, sentence)                                                \
    EXPECT_NE(preau::gateway::test::plain(html).find(sentence), std::string::npos) \
        << "not said: " << (sentence)

}  // namespace preau::gateway::test
