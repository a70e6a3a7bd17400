#include "services/gateway/pages/frame.hpp"

#include <array>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

constexpr std::array<std::string_view, 6> kSections{"search", "colleges", "who",
                                                    "help",   "requests", "inbox"};

nlohmann::json user_view(const Visit& visit) {
    if (!visit.signed_in() || !visit.me) return false;
    const auto name = text_of(visit.me->value("person", nlohmann::json::object()), "name");
    const auto memberships = list_of(*visit.me, "memberships");
    bool manages = false;
    bool keeps_books = false;
    bool at_counter = false;
    for (const auto& post : list_of(*visit.me, "posts")) {
        const auto role = text_of(post, "role");
        manages = manages || role == "manager" || role == "admin";
        at_counter = at_counter || role == "counter" || role == "manager" || role == "admin";
        keeps_books = keeps_books || role == "finance" || role == "admin";
    }
    nlohmann::json organisation = false;
    if (!memberships.empty()) {
        organisation = text_of(member_of(memberships.front(), "organisation"), "name");
    }
    return {{"name", name},
            {"initials", initials(name)},
            {"organisation", organisation},
            {"is_member", !memberships.empty()},
            {"is_manager", manages},
            {"is_finance", keeps_books},
            {"is_counter", at_counter},
            {"inbox_count_text", false}};
}

}  // namespace

std::string initials(std::string_view name) {
    std::string out;
    bool at_start = true;
    int count = 0;
    for (std::size_t i = 0; i < name.size() && count < 2; ++i) {
        const auto byte = static_cast<unsigned char>(name[i]);
        if (name[i] == ' ' || name[i] == '-') {
            at_start = true;
        } else if (at_start && (byte & 0xC0U) != 0x80U) {
            // One whole code point.
            std::size_t length = 1;
            if (byte >= 0xF0) {
                length = 4;
            } else if (byte >= 0xE0) {
                length = 3;
            } else if (byte >= 0xC0) {
                length = 2;
            }
            out += name.substr(i, length);
            ++count;
            at_start = false;
        }
    }
    return out;
}

std::string phone_href(std::string_view phone) {
    std::string digits;
    for (const char c : phone) {
        if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) digits.push_back(c);
    }
    if (digits.size() == 10 && digits.front() == '0') return "tel:+33" + digits.substr(1);
    return "tel:" + digits;
}

nlohmann::json frame_view(const Visit& visit, const std::string& section) {
    nlohmann::json nav = nlohmann::json::object();
    for (const auto name : kSections)
        nav[std::string(name)] = name == section;
    const std::string_view target = visit.request.target;
    const std::string path(target.substr(0, target.find('?')));
    // After a POST the page's address is that of its form; its fields are gone.
    const bool read = visit.request.method == net::Method::get;
    const auto back = read ? visit.request.target : path;
    const bool french = visit.words.language() == Language::fr;
    const std::string other = french ? "en" : "fr";
    return {{"lang", std::string(to_string(visit.words.language()))},
            {"title", ""},
            {"path", path},
            {"user", user_view(visit)},
            {"nav", nav},
            {"flash", false},
            {"errors", false},
            {"language",
             {{"lang", other},
              {"label", visit.words.text_or("language." + other, other)},
              {"href", "/langue/" + other + "?retour=" + percent_encode(back)}}}};
}

nlohmann::json lender_view(Language language, const nlohmann::json& bodies) {
    const auto items = list_of(bodies, "items");
    nlohmann::json body = items.empty() ? nlohmann::json::object() : items.front();
    const auto contact = member_of(body, "contact");
    const auto phone = text_of(contact, "phone");
    // A body's own words where it has some, else its name.
    auto name =
        optional_text(member_of(body, "texts"), "tagline." + std::string(to_string(language)));
    if (!name.is_string()) name = optional_text(body, "name");
    nlohmann::json view = {
        {"name_text", name},
        {"owner", optional_text(body, "name")},
        {"slug", optional_text(body, "slug")},
        {"phone_text", false},
        {"phone_href", false},
        {"phone_hours_text", false},
    };
    if (!phone.empty()) {
        view["phone_text"] = phone;
        view["phone_href"] = phone_href(phone);
        // As the tagline: the body's own words in this language, else the ones it has.
        auto hours = text_of(member_of(body, "texts"), "hours." + std::string(to_string(language)));
        if (hours.empty()) hours = text_of(contact, "hours");
        if (!hours.empty()) view["phone_hours_text"] = hours;
    }
    return view;
}

nlohmann::json error_view(const Visit& visit, int status, const base::Error& error) {
    // Statuses without a page of their own share the one of their class.
    auto shown = std::to_string(status);
    if (!visit.words.has("error_page." + shown + ".title")) shown = status >= 500 ? "500" : "404";
    const auto key = "error_page." + shown;
    nlohmann::json retry = false;
    if (status == 503 && visit.request.method == net::Method::get) {
        retry = visit.request.target;
    }
    auto lead = visit.text(key + ".lead");
    if (error.code == "csrf") lead = visit.words.text_or("problem.csrf", lead);
    return {{"title", visit.text(key + ".title")},
            {"error_status", shown},
            {"lead_text", lead},
            {"retry_href", retry},
            {"request_id", visit.request.request_id}};
}

}  // namespace preau::gateway
