// The messages of a demonstration: what people would have found in their mailboxes.
#include "services/gateway/pages/mailbox.hpp"

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

using nlohmann::json;

json mailbox_view(const Visit& visit, const json& messages) {
    auto items = json::array();
    for (const auto& message : list_of(messages, "items")) {
        items.push_back(
            {{"href", "/demo/courriels/" + percent_encode(text_of(message, "id"))},
             {"subject", text_of(message, "subject")},
             {"to_text", visit.words.fill("mailbox.to", {{"to", text_of(message, "to")}})},
             {"when_text", moment_of(visit, message, "date")}});
    }
    json more = false;
    if (const auto next = text_of(messages, "next"); !next.empty()) {
        more = {{"href", "/demo/courriels?" + query_string({{"after", next}})},
                {"text", visit.text("mailbox.more")}};
    }
    return {{"title", visit.text("mailbox.title")},
            {"list", items.empty() ? json(false) : json{{"items", items}}},
            {"more", more}};
}

json message_view(const Visit& visit, const json& message) {
    const auto id = percent_encode(text_of(message, "id"));
    auto attachments = json::array();
    for (const auto& file : list_of(message, "attachments")) {
        const auto name = text_of(file, "name");
        attachments.push_back(
            {{"name", name}, {"href", "/demo/courriels/" + id + "/" + percent_encode(name)}});
    }
    auto headers = json::array();
    const auto add = [&](const char* key, const std::string& text) {
        if (!text.empty()) headers.push_back({{"label", visit.text(key)}, {"text", text}});
    };
    add("mailbox.header_to", text_of(message, "to"));
    add("mailbox.header_from", text_of(message, "from"));
    add("mailbox.header_date", moment_of(visit, message, "date"));
    return {{"title", text_of(message, "subject")},
            {"subject", text_of(message, "subject")},
            {"headers", headers},
            {"message_language", text_of(message, "language") == "en" ? "en" : "fr"},
            {"text", text_of(message, "text")},
            {"booking_href", "/suivi/" + text_of(message, "booking_id")},
            {"attachments", attachments.empty() ? json(false) : json{{"items", attachments}}}};
}

namespace {

base::Result<json> ask(const Visit& visit, const std::string& target) {
    const auto sent = visit.backend->get_as_gateway("notification", target);
    if (!sent) return std::unexpected(sent.error());
    auto body = sent->json();
    if (!sent->ok()) return base::fail("not_found", "no such message");
    if (!body) return base::fail("upstream_unavailable", "notification cannot be read");
    return std::move(*body);
}

base::Result<Reply> list_page(Visit& visit) {
    std::string target = "/v1/mailbox?limit=50";
    if (const auto after = visit.query("after"); !after.empty()) {
        target += "&" + query_string({{"after", std::string(after)}});
    }
    const auto messages = ask(visit, target);
    if (!messages) return std::unexpected(messages.error());
    auto reply = Reply::page("mailbox", mailbox_view(visit, *messages));
    reply.caching = Caching::none;
    return reply;
}

std::string target_of(const Visit& visit) {
    return "/v1/mailbox/" + percent_encode(visit.request.params.get("id"));
}

base::Result<Reply> message_page(Visit& visit) {
    const auto message = ask(visit, target_of(visit));
    if (!message) return std::unexpected(message.error());
    auto reply = Reply::page("mailbox_message", message_view(visit, *message));
    reply.caching = Caching::none;
    return reply;
}

base::Result<Reply> attachment(Visit& visit) {
    const std::string name(visit.request.params.get("name"));
    // It goes into a header.
    const bool plain = name.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789-_.") == std::string::npos;
    if (!plain) return base::fail("not_found", "no such attachment");
    auto sent =
        visit.backend->get_as_gateway("notification", target_of(visit) + "/attachments/" + name);
    if (!sent) return std::unexpected(sent.error());
    if (!sent->ok()) return base::fail("not_found", "no such attachment");
    return Reply::download(name, {sent->content_type, std::move(sent->body)});
}

}  // namespace

void add_mailbox_pages(Site& site, net::Router& router, const PageSettings& settings) {
    if (!settings.demonstration) return;
    site.add(router, net::Method::get, "/demo/courriels", "page_mailbox", list_page);
    site.add(router, net::Method::get, "/demo/courriels/{id}", "page_message", message_page);
    site.add(router, net::Method::get, "/demo/courriels/{id}/{name}", "message_attachment",
             attachment);
}

}  // namespace preau::gateway
