// Asking for a room: the form with its quote, and the sending.
#include "services/gateway/pages/request_form.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/request_extras.hpp"
#include "services/gateway/pages/request_hirer.hpp"
#include "services/gateway/pages/request_instead.hpp"
#include "services/gateway/pages/room.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/values.hpp"
#include "services/gateway/pages/when_text.hpp"
#include "shared/base/id.hpp"
#include "shared/json/parse.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

/// Free words; what the room is meant for is proposed.
json purpose_view(const Visit& visit, const RequestForm& form, const json& space,
                  const std::vector<base::FieldError>& faults) {
    std::vector<std::string> codes;
    for (const auto& code : list_of(space, "purposes")) {
        if (code.is_string() && visit.words.has("purpose." + code.get<std::string>())) {
            codes.push_back(code.get<std::string>());
        }
    }
    auto options = json::array();
    for (const auto& code : codes) {
        options.push_back(option_view(code, visit.text("purpose." + code), false));
    }
    return {{"value", form.purpose},
            {"error", field_error(visit, faults, "purpose")},
            {"options", options}};
}

json value_view(const Visit& visit, const std::string& value, const char* field,
                const std::vector<base::FieldError>& faults) {
    return {{"value", value}, {"error", field_error(visit, faults, field)}};
}

struct Tally {
    std::int64_t free = 0;
    std::int64_t total = 0;
};

Tally tally_of(const json& quote) {
    const auto dates = list_of(quote, "dates");
    Tally tally{0, integer_of(quote, "total_count", std::ssize(dates))};
    for (const auto& date : dates)
        tally.free += text_of(date, "state") == "free" ? 1 : 0;
    tally.free = integer_of(quote, "free_count", tally.free);
    return tally;
}

json blocked_view(const Visit& visit, const std::string& text, const std::string& href) {
    return {{"title_text", visit.text("request_form.blocked_title")},
            {"text", text},
            {"href", href},
            {"link_text", visit.text("request_form.blocked_link")},
            {"instead", false}};
}

/// Why nothing can be sent, or false.
json blocked_of(const Visit& visit, const json& quote, Tally tally, const base::Error* refused,
                const std::string& edit, bool counter) {
    if (!counter && bookable(visit).empty()) {
        return blocked_view(visit, visit.text("request_form.no_organisation"), "/aide");
    }
    if (refused != nullptr) {
        return blocked_view(visit,
                            refused->fields.empty() ? problem_text(visit, *refused)
                                                    : fault_text(visit, refused->fields.front()),
                            edit);
    }
    if (text_of(member_of(quote, "debt"), "state") == "blocked") {
        return blocked_view(visit, problem_text(visit, {"debt", {}, {}}), "/aide");
    }
    if (const auto why = text_of(quote, "price_problem"); !why.empty()) {
        return blocked_view(visit, problem_text(visit, {why, {}, {}}), edit);
    }
    if (tally.total > 0 && tally.free == 0) {
        const auto all = list_of(quote, "dates");
        return blocked_view(
            visit, all.empty() ? "" : capitalised(reason_text(visit, all.front())) + ".", edit);
    }
    return false;
}

/// The exact price of the free dates, what is due when, and how long it holds.
json quoted_price_view(const Visit& visit, const RequestForm& form, const json& quote,
                       const std::string& total_label, bool changed) {
    auto view = price_view(visit, member_of(quote, "price"), total_label);
    if (!view.is_object()) return false;
    const auto due = text_of(member_of(quote, "requirement"), "payment");
    view["due_text"] =
        visit.words.has("price.due." + due) ? json(visit.text("price.due." + due)) : json(false);
    json until = false;
    if (const auto day = day_of(visit, quote, "valid_until"); !day.empty()) {
        until = visit.words.fill("price.valid_until", {{"date", day}});
    }
    view["until_text"] = until;
    view["changed_text"] = false;
    if (changed && !form.price_seen.empty()) {
        view["changed_text"] = visit.words.fill(
            "price.changed",
            {{"before", form.price_seen}, {"now", view["total"].get<std::string>()}});
    }
    return view;
}

json next_view(const Visit& visit, const json& quote) {
    auto items = json::array();
    const auto add = [&](const std::string& when, const char* what) {
        items.push_back({{"when_text", when}, {"what_text", visit.text(what)}});
    };
    add(visit.text("request_form.next_now"), "request_form.next_now_text");
    const auto by = day_of(visit, member_of(quote, "decision"), "expected_by");
    if (!by.empty()) {
        add(visit.words.fill("request_form.next_answer", {{"date", by}}),
            "request_form.next_answer_text");
    }
    const bool pays = text_of(member_of(quote, "requirement"), "payment") == "before";
    if (pays) add(visit.text("request_form.next_then"), "request_form.next_pay_text");
    add(visit.text(pays ? "request_form.next_paid" : "request_form.next_then"),
        "request_form.next_then_text");
    return {{"items", items}};
}

/// What is missing before the college can accept, and where it is shown once for all.
json papers_view(const Visit& visit, const json& quote) {
    const auto papers = member_of(quote, "papers");
    auto items = json::array();
    if (flag_of(papers, "contract_needed"))
        items.push_back({{"text", visit.text("papers.contract")}});
    if (const auto count = integer_of(papers, "uninsured_count"); count > 0) {
        items.push_back({{"text", visit.words.count("papers.uninsured", count)}});
    }
    if (items.empty()) return false;
    return {{"items", items}, {"href", "/compte/documents"}};
}

json terms_view(const Visit& visit, const json& space, const json& quote) {
    const auto terms = member_of(quote, "terms");
    const auto version = text_of(terms, "version");
    return {{"version", version},
            {"href", "/conditions/" + text_of(space, "body_id") + "?" +
                         query_string({{"version", version}})},
            {"title_text", visit.words.fill("request_form.terms", {{"version", version}})}};
}

}  // namespace

json request_form_view(const Visit& visit, const RequestForm& form, const json& space,
                       const json& quote, const base::Error* refused, const base::Error* error,
                       const InsteadFacts& facts) {
    const auto offer = offer_of(space, form.offer_id);
    const auto faults = error != nullptr ? error->fields : std::vector<base::FieldError>{};
    const auto tally = tally_of(quote);
    const auto name = name_and_commune(space);
    const int minutes = minutes_of(form.when);
    const auto hours = visit.format.duration(minutes * static_cast<int>(tally.free));
    const auto edit = edit_href(form, space);
    json dates = false;
    if (tally.total == 1) {
        dates =
            visit.words.fill("request_form.one_date", {{"hours", visit.format.duration(minutes)}});
    } else if (tally.total > 1) {
        dates = visit.words.count("request_form.fraction_hours", tally.free,
                                  {{"total", std::to_string(tally.total)}, {"hours", hours}});
    }
    auto blocked = blocked_of(visit, quote, tally, refused, edit, !form.counter_name.empty());
    if (blocked.is_object() && tally.total > 0 && tally.free == 0) {
        blocked["instead"] = instead_links(visit, form, space, facts);
    }
    std::int64_t asked = tally.free;
    for (const auto& one : facts.elsewhere)
        asked += std::ssize(one.group.of);
    const auto people = integer_of(offer, "capacity", capacity_of(space));
    const auto total_label = dates.is_string() ? dates.get<std::string>() : std::string{};
    const bool changed = error != nullptr && error->code == "price_changed";
    const auto price = quoted_price_view(visit, form, quote, total_label, changed);
    return {
        {"title", visit.words.fill("request_form.title_full", {{"room", name}})},
        {"errors", error != nullptr ? errors_view(visit, *error, changed ? "price" : "purpose")
                                    : json(false)},
        {"quote_id", text_of(quote, "quote_id")},
        {"price_seen", price.is_object() ? price["total"] : json("")},
        {"offer_id", form.offer_id},
        {"space", form.space},
        {"when_json", form.when.dump()},
        {"edit_href", edit},
        {"what",
         {{"name", name},
          {"offer_text",
           visit.words.fill("request_form.offer",
                            {{"offer", text_of(offer, "name")},
                             {"people", visit.words.count("search.people", people)}})},
          {"when_text", capitalised(when_long(visit, form.when))},
          {"dates_text", dates}}},
        {"conflicts", conflicts_view(visit, form, space, quote, facts)},
        {"beside", beside_view(visit, quote, facts)},
        {"instead_seen", instead_tokens(form)},
        {"blocked", blocked},
        {"form",
         {{"organisation_id", organisation_view(visit, form, quote, faults)},
          {"purpose", purpose_view(visit, form, space, faults)},
          {"headcount", value_view(visit, form.headcount, "headcount", faults)},
          {"headcount_max_text", visit.words.count("request_form.headcount_max", people)},
          {"contact_phone", value_view(visit, form.contact_phone, "contact_phone", faults)},
          {"message", value_view(visit, form.message, "message", faults)},
          {"terms_accepted",
           {{"checked", form.terms_accepted},
            {"error", field_error(visit, faults, "terms_accepted")}}}}},
        {"extras", extras_view(visit, form, quote)},
        {"papers", papers_view(visit, quote)},
        {"terms", terms_view(visit, space, quote)},
        {"price", price},
        {"next", next_view(visit, quote)},
        {"submit_text", visit.words.count("request_form.submit", std::max<std::int64_t>(1, asked))},
    };
}

namespace {

std::int64_t number_or(const net::Pairs& query, std::string_view name, std::int64_t otherwise) {
    const auto text = query.get(name);
    std::int64_t number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

json when_of(const net::Pairs& query) {
    const auto text = [&query](const char* name) { return std::string(query.get(name)); };
    if (query.find("weekdays") && query.get("mode") != "single") {
        auto days = json::array();
        auto names = query.get("weekdays");
        while (!names.empty()) {
            const auto end = std::min(names.find(','), names.size());
            if (end > 0) days.push_back(std::string(names.substr(0, end)));
            names.remove_prefix(std::min(end + 1, names.size()));
        }
        json when = {
            {"kind", "weekly"},
            {"weekdays", days},
            {"interval_weeks", number_or(query, "interval_weeks", 1)},
            {"from", text("from")},
            {"until", text("until")},
            {"start_time", text("start_time")},
            {"end_time", text("end_time")},
            {"school_holidays", query.get("school_holidays", "skip") == "keep" ? "keep" : "skip"},
            {"public_holidays", query.get("public_holidays", "skip") == "keep" ? "keep" : "skip"},
            {"except", json::array()}};
        if (query.find("week_of_month")) {
            when["kind"] = "monthly";
            when.erase("interval_weeks");
            when["interval_months"] = number_or(query, "interval_months", 1);
            when["week_of_month"] = number_or(query, "week_of_month", 0);
        }
        return when;
    }
    return {{"kind", "single"},
            {"date", text("date")},
            {"start_time", text("start_time")},
            {"end_time", text("end_time")},
            {"end_next_day", query.get("end_next_day") == "true"}};
}

std::string edit_href(const RequestForm& form, const json& space) {
    const auto slug = text_of(space, "slug");
    QueryPairs pairs{{"offer_id", form.offer_id}};
    const auto add = [&](const char* name) {
        if (const auto value = text_of(form.when, name); !value.empty()) {
            pairs.emplace_back(name, value);
        }
    };
    const auto kind = text_of(form.when, "kind");
    if (kind == "weekly" || kind == "monthly") {
        pairs.insert(pairs.begin(), {{"space", slug}, {"mode", "weekly"}});
        const auto days = list_of(form.when, "weekdays");
        if (!days.empty() && days[0].is_string()) {
            pairs.emplace_back("weekdays", days[0].get<std::string>());
        }
        for (const auto* name :
             {"from", "until", "start_time", "end_time", "school_holidays", "public_holidays"}) {
            add(name);
        }
        for (const auto* name : {"interval_weeks", "interval_months", "week_of_month"}) {
            if (const auto n = integer_of(form.when, name); n != 0) {
                pairs.emplace_back(name, std::to_string(n));
            }
        }
        return "/recherche/serie?" + query_string(pairs);
    }
    for (const auto* name : {"date", "start_time", "end_time"})
        add(name);
    return "/salles/" + slug + "?" + query_string(pairs);
}

namespace {

bool books_for_one(const Visit& visit, const std::string& organisation_id) {
    const auto all = bookable(visit);
    return std::ranges::any_of(all, [&](const json& membership) {
        return text_of(member_of(membership, "organisation"), "id") == organisation_id;
    });
}

/// The space, the quote and the page. `error` is what sending refused.
base::Result<Reply> show(Visit& visit, RequestForm form, const base::Error* error, int status) {
    if (at_a_counter(visit) && !books_for_one(visit, form.organisation_id)) {
        form.counter_name = hirer_name(visit, form.organisation_id);
    }
    const auto& backend = *visit.backend;
    json quoted;
    std::optional<base::Error> refused;
    if (!form.organisation_id.empty()) {
        const auto quote = backend.post("booking", "/v1/quotes",
                                        {{"organisation_id", form.organisation_id},
                                         {"offer_id", form.offer_id},
                                         {"when", when_here(form)},
                                         {"instead", instead_body(form)},
                                         {"extras", extras_body(form)}},
                                        base::new_ulid());
        if (!quote) return std::unexpected(quote.error());
        if (quote->ok()) {
            quoted = quote->body;
        } else if (quote->status == 401 || quote->status == 403) {
            return std::unexpected(quote->error());
        } else {
            refused = quote->error();
            if (error == nullptr) status = quote->status;
        }
    }
    const auto space_id = form.space.empty() ? text_of(quoted, "space_id") : form.space;
    if (space_id.empty())
        return std::unexpected(refused.value_or(base::Error{"not_found", {}, {}}));
    const auto space = backend.get("inventory", "/v1/spaces/" + percent_encode(space_id));
    if (!space) return std::unexpected(space.error());
    const auto facts =
        quoted.is_object() ? instead_facts(visit, form, *space, quoted) : InsteadFacts{};
    return Reply::page(
        "request_form",
        request_form_view(visit, form, *space, quoted, refused ? &*refused : nullptr, error, facts),
        status);
}

RequestForm asked(const Visit& visit) {
    RequestForm form;
    form.offer_id = std::string(visit.query("offer_id"));
    form.space = std::string(visit.query("space"));
    form.when = when_of(visit.request.query);
    form.instead = chosen_instead(visit.request.query);
    const auto memberships = bookable(visit);
    if (visit.request.query.find("organisation_id") && at_a_counter(visit)) {
        form.organisation_id = std::string(visit.query("organisation_id"));
    } else if (!memberships.empty()) {
        form.organisation_id = text_of(member_of(memberships.front(), "organisation"), "id");
    }
    return form;
}

base::Result<RequestForm> sent(const Visit& visit) {
    const auto text = [&visit](const char* name) { return std::string(visit.form.get(name)); };
    RequestForm form;
    form.offer_id = text("offer_id");
    form.space = text("space");
    auto when = preau::json::parse(text("when"));
    if (!when || !when->is_object()) return base::fail("bad_request", "the dates cannot be read");
    form.when = std::move(*when);
    form.organisation_id = text("organisation_id");
    form.purpose = text("purpose");
    form.headcount = text("headcount");
    form.contact_phone = text("contact_phone");
    form.message = text("message");
    form.on_conflict = text("on_conflict");
    form.terms_version = text("terms_version");
    form.quote_id = text("quote_id");
    form.price_seen = text("price_seen");
    form.terms_accepted = visit.form.get("terms_accepted") == "1";
    form.extras = chosen_extras(visit.form);
    form.instead = chosen_instead(visit.form);
    form.instead_seen = text("choices_seen");
    for (const auto& quote : visit.form.all("elsewhere_quote"))
        form.elsewhere_quotes.emplace_back(quote);
    return form;
}

json booking_body(const RequestForm& form) {
    json body = {{"organisation_id", form.organisation_id},
                 {"offer_id", form.offer_id},
                 {"when", form.when},
                 {"terms_version", form.terms_version},
                 {"terms_accepted", form.terms_accepted},
                 {"on_conflict", form.on_conflict == "skip" ? "skip" : "fail"}};
    if (!form.extras.empty()) body["extras"] = extras_body(form);
    if (!form.instead.empty()) {
        body["instead"] = instead_body(form);
        body["elsewhere"] = elsewhere_body(form);
    }
    if (!form.quote_id.empty()) body["quote_id"] = form.quote_id;
    if (!form.purpose.empty()) body["purpose"] = form.purpose;
    // Digits become a number; anything else goes as it is and the service says what it takes.
    const bool digits = !form.headcount.empty() && form.headcount.size() < 9 &&
                        form.headcount.find_first_not_of("0123456789") == std::string::npos;
    if (digits) {
        body["headcount"] = std::stoll(form.headcount);
    } else if (!form.headcount.empty()) {
        body["headcount"] = form.headcount;
    }
    if (!form.contact_phone.empty()) body["contact_phone"] = form.contact_phone;
    if (!form.message.empty()) body["message"] = form.message;
    return body;
}

base::Result<Reply> send(Visit& visit) {
    const auto form = sent(visit);
    if (!form) return std::unexpected(form.error());
    // Another choice of extras or dates has another price: it is read before anything is sent.
    if (visit.form.get("act") == "price" || instead_tokens(*form) != form->instead_seen) {
        return show(visit, *form, nullptr, 200);
    }
    const auto answer = visit.backend->post("booking", "/v1/bookings", booking_body(*form),
                                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) {
        return Reply::see("/suivi/" + text_of(answer->body, "id") + "?envoyee=1");
    }
    if (answer->status == 401 || answer->status == 404) return std::unexpected(answer->error());
    auto refused = answer->error();
    // Faults of what the page shows but does not ask stand at the top.
    return show(visit, *form, &refused, answer->status);
}

}  // namespace

void add_request_pages(Site& site, net::Router& router) {
    site.add(
        router, net::Method::get, "/demande/nouvelle", "page_request_form",
        [](Visit& visit) -> base::Result<Reply> {
            const auto form = asked(visit);
            if (form.offer_id.empty()) return Reply::see("/");
            return show(visit, form, nullptr, 200);
        },
        Access::signed_in, "search");
    site.add(router, net::Method::post, "/demande/nouvelle", "send_request", send,
             Access::signed_in, "search");
}

}  // namespace preau::gateway
