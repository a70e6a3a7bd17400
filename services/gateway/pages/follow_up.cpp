// The hirer's own requests: the list, one request, withdrawing and cancelling.
#include "services/gateway/pages/follow_up.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/date_page.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/payment.hpp"
#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/proposal.hpp"
#include "services/gateway/pages/request_instead.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/values.hpp"
#include "services/gateway/pages/when_text.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

bool waits(std::string_view state) {
    return state == "submitted" || state == "endorsed" || state == "awaiting_documents" ||
           state == "counter_proposed";
}

bool stands(std::string_view state) {
    return state == "accepted" || state == "confirmed";
}

/// Refused by the hirer himself: he did not want what was held out.
bool declined(const json& booking) {
    return text_of(booking, "state") == "refused" &&
           text_of(member_of(booking, "decision"), "by_role") == "hirer";
}

json row_of(const Visit& visit, const json& booking) {
    const auto state = text_of(booking, "state");
    json detail = false;
    if (state == "awaiting_documents") {
        detail = visit.text("my_requests.answer_asked");
    } else if (state == "counter_proposed") {
        detail =
            visit.words.fill("my_requests.answer_proposal",
                             {{"date", day_of(visit, member_of(booking, "proposal"), "deadline")}});
    } else if (waits(state)) {
        detail = visit.words.fill("my_requests.answer_by",
                                  {{"date", day_of(visit, booking, "answer_by")}});
    } else if (const auto decision = member_of(booking, "decision");
               state == "refused" && !decision.empty() && !declined(booking)) {
        detail = refusal_text(visit, text_of(decision, "reason_code"));
    } else if (waits_for_payment(booking)) {
        const auto due = deadline_text(visit, member_of(booking, "requirement"), "pay_by");
        if (!due.empty()) detail = visit.words.fill("my_requests.pay_by", {{"deadline", due}});
    }
    auto when = capitalised(when_short(visit, member_of(booking, "when")));
    const auto dates = integer_of(booking, "dates_count");
    if (dates > 1) {
        when += visit.text("format.list") + visit.words.count("series.dates", dates);
    }
    return {{"reference", text_of(booking, "reference")},
            {"href", "/suivi/" + text_of(booking, "id")},
            {"tone", tone_of(booking)},
            {"state_text", state_text(visit, booking)},
            {"name", text_of(booking, "space_name")},
            {"when_text", when},
            {"detail_text", detail}};
}

json lead_of(const Visit& visit, const json& booking) {
    const auto state = text_of(booking, "state");
    if (state == "awaiting_documents") return visit.text("request.awaiting_documents");
    if (state == "counter_proposed") {
        return visit.words.fill(
            "request.counter_proposed",
            {{"date", moment_of(visit, member_of(booking, "proposal"), "deadline")}});
    }
    if (state == "endorsed") {
        return visit.words.fill("request.endorsed",
                                {{"date", day_of(visit, booking, "answer_by")}});
    }
    if (waits(state)) {
        const auto key =
            text_of(booking, "hold") == "none" ? "request.submitted_no_hold" : "request.submitted";
        return visit.words.fill(key, {{"date", day_of(visit, booking, "answer_by")}});
    }
    if (state == "confirmed") {
        const auto ground = ground_text(visit, booking);
        if (!ground.empty()) {
            return visit.words.fill("request.confirmed_free", {{"ground", ground}});
        }
    }
    if (state == "refused") {
        return declined(booking) ? json(visit.text("request.declined")) : json(false);
    }
    if (waits_for_payment(booking)) return visit.text("request.accepted_to_pay");
    const auto key = "request." + state;
    return visit.words.has(key) ? json(visit.text(key)) : json(false);
}

json decision_of(const Visit& visit, const json& booking) {
    const auto state = text_of(booking, "state");
    const auto decision = member_of(booking, "decision");
    if (decision.empty() || declined(booking)) return false;
    if (state != "refused" && state != "cancelled_by_body") return false;
    const auto code = text_of(decision, "reason_code");
    const auto words = text_of(decision, "reason_text");
    return {{"title_text", visit.text("request." + state)},
            {"reason_text", code.empty() ? words : refusal_text(visit, code)},
            {"text", code.empty() || words.empty() ? json(false) : json(words)},
            {"search_href", "/"}};
}

json facts_of(const Visit& visit, const json& booking, const std::string& organisation) {
    auto facts = json::array();
    const auto add = [&](const char* key, const std::string& text) {
        if (!text.empty()) facts.push_back({{"label", visit.text(key)}, {"text", text}});
    };
    add("request.organisation", organisation);
    add("request.purpose", purpose_text(visit, booking));
    add("request.headcount",
        visit.words.count("search.people", integer_of(booking, "headcount", 1)));
    add("request.when", capitalised(when_long(visit, member_of(booking, "when"))));
    add("request.offer", text_of(booking, "offer_name"));
    add("request.message", text_of(booking, "message"));
    add("request.answered", text_of(booking, "answered"));
    const auto terms = member_of(booking, "terms");
    if (!terms.empty()) {
        add("request.terms",
            visit.words.fill("request.terms_text",
                             {{"version", text_of(terms, "version")},
                              {"moment", moment_of(visit, terms, "accepted_at")}}));
    }
    return facts;
}

json steps_of(const Visit& visit, const json& booking) {
    const auto state = text_of(booking, "state");
    if (!waits(state) && !stands(state)) return false;
    auto items = json::array();
    const auto add = [&](const char* key, const json& when, bool done, bool current) {
        items.push_back(
            {{"text", visit.text(key)}, {"when_text", when}, {"done", done}, {"current", current}});
    };
    add("request.step_sent", day_of(visit, booking, "submitted_at"), true, false);
    if (waits(state)) {
        if (state == "submitted") {
            add("request.step_answer",
                visit.words.fill("request.by", {{"date", day_of(visit, booking, "answer_by")}}),
                false, true);
        } else {
            const auto until = day_of(visit, member_of(booking, "proposal"), "deadline");
            add("request.step_yours",
                until.empty() ? json(false)
                              : json(visit.words.fill("request.by", {{"date", until}})),
                false, true);
        }
        add("request.step_confirmed", false, false, false);
    } else {
        const bool to_pay = waits_for_payment(booking);
        add("request.step_accepted", day_of(visit, member_of(booking, "decision"), "at"), true,
            false);
        if (text_of(member_of(booking, "requirement"), "payment") == "before") {
            const auto by = day_of(visit, member_of(booking, "requirement"), "pay_by");
            add("request.step_paid",
                to_pay && !by.empty() ? json(visit.words.fill("request.by", {{"date", by}}))
                                      : json(false),
                !to_pay, to_pay);
        }
        add("request.step_confirmed", false, state == "confirmed", state == "accepted" && !to_pay);
    }
    return {{"items", items}};
}

json acts_of(const json& booking, bool may_act) {
    if (!may_act) return false;
    const auto state = text_of(booking, "state");
    const auto act = [&](const char* name) -> json {
        return {{"action", "/suivi/" + text_of(booking, "id") + "/" + name},
                {"version", text_of(booking, "version")}};
    };
    if (waits(state)) return {{"withdraw", act("retirer")}, {"cancel", false}};
    if (stands(state)) return {{"withdraw", false}, {"cancel", act("annuler")}};
    return false;
}

std::string organisation_name(const Visit& visit, const std::string& id) {
    if (!visit.me) return {};
    for (const auto& membership : list_of(*visit.me, "memberships")) {
        const auto organisation = member_of(membership, "organisation");
        if (text_of(organisation, "id") == id) return text_of(organisation, "name");
    }
    return {};
}

bool books_for(const Visit& visit, const std::string& id) {
    if (!visit.me) return false;
    for (const auto& membership : list_of(*visit.me, "memberships")) {
        const auto role = text_of(membership, "role");
        if (text_of(member_of(membership, "organisation"), "id") == id &&
            (role == "president" || role == "booker")) {
            return true;
        }
    }
    return false;
}

json flash_of(const Visit& visit) {
    const auto done = visit.query("fait");
    if (done == "retiree") return flash_view("free", visit.text("request.withdrawn_flash"));
    if (done == "annulee") return flash_view("free", visit.text("request.cancelled_flash"));
    if (done == "repondue") return flash_view("free", visit.text("request.answered_flash"));
    if (done == "acceptee") return flash_view("free", visit.text("request.accepted_flash"));
    if (done == "declinee") return flash_view("free", visit.text("request.declined_flash"));
    constexpr std::array<std::string_view, 6> kDates{"rendue",   "reprise",  "deplacee",
                                                     "terminee", "corrigee", "tampons"};
    if (std::ranges::find(kDates, done) != kDates.end()) {
        return flash_view("free", visit.text("date.done_" + std::string(done)));
    }
    if (const auto code = visit.query("probleme"); !code.empty()) {
        const auto key = "problem." + std::string(code);
        if (visit.words.has(key)) return flash_view("warm", visit.text(key));
    }
    return false;
}

}  // namespace

json my_requests_view(const Visit& visit, const std::string& organisation, const json& bookings) {
    struct Group {
        const char* key;
        json items = json::array();
    };
    std::array<Group, 3> groups{{{"my_requests.waiting", json::array()},
                                 {"my_requests.coming", json::array()},
                                 {"my_requests.done", json::array()}}};
    const auto items = list_of(bookings, "items");
    for (const auto& booking : items) {
        const auto state = text_of(booking, "state");
        const auto end = parse_moment(text_of(booking, "last_end"));
        std::size_t group = 2;
        if (waits(state)) {
            group = 0;
        } else if (stands(state) && (!end || *end > visit.now)) {
            group = 1;
        }
        groups[group].items.push_back(row_of(visit, booking));
    }
    auto shown = json::array();
    for (auto& group : groups) {
        if (group.items.empty()) continue;
        shown.push_back({{"title_text", visit.text(group.key)}, {"items", std::move(group.items)}});
    }
    json more = false;
    if (const auto next = text_of(bookings, "next"); !next.empty()) {
        more = {{"href", "/compte/demandes?" + query_string({{"after", next}})},
                {"text", visit.text("my_requests.more")}};
    }
    return {{"title", visit.text("my_requests.title")},
            {"organisation_text", organisation},
            {"count_text", visit.words.count("my_requests.count", std::ssize(items))},
            {"groups", items.empty() ? json(false) : shown},
            {"empty", items.empty()},
            {"more", more}};
}

namespace {

/// The other bookings of the same request, each decided by its own college; false when alone.
json together_view(const Visit& visit, const json& booking) {
    auto items = json::array();
    for (const auto& one : list_of(booking, "together")) {
        items.push_back({{"href", "/suivi/" + text_of(one, "id")},
                         {"reference", text_of(one, "reference")},
                         {"name", text_of(one, "space_name") + visit.text("format.list") +
                                      text_of(one, "establishment_name")},
                         {"when_text", when_long(visit, member_of(one, "when"))},
                         {"state_text", state_text(visit, one)}});
    }
    return items.empty() ? json(false) : json{{"items", items}};
}

}  // namespace

json request_view(const Visit& visit, const json& booking, const json& history,
                  const std::string& organisation, bool may_act, const json& payment,
                  const std::optional<base::Error>& error, const json& instead) {
    const auto reference = text_of(booking, "reference");
    const bool sent = !visit.query("envoyee").empty();
    return {{"title", visit.words.fill(sent ? "request.title_sent" : "request.title_full",
                                       {{"reference", reference}})},
            {"flash", flash_of(visit)},
            {"reference", reference},
            {"name", text_of(booking, "space_name")},
            {"room_href", "/salles/" + text_of(booking, "space_id")},
            {"tone", tone_of(booking)},
            {"state_text", state_text(visit, booking)},
            {"lead_text", lead_of(visit, booking)},
            {"sent", sent ? json{{"text", visit.text("request.sent_text")}} : json(false)},
            {"errors", error ? errors_view(visit, *error, "text") : json(false)},
            {"asked", asked_view(visit, booking, may_act, error)},
            {"proposal", proposal_view(visit, booking, may_act)},
            {"decision", decision_of(visit, booking)},
            {"facts", facts_of(visit, booking, organisation)},
            {"price", price_view(visit, member_of(booking, "price"), {})},
            {"pay", pay_view(visit, booking, payment,
                             pays_for(visit, text_of(booking, "organisation_id")))},
            {"dates", dates_view(visit, booking, integer_of(booking, "dates_count") <= 3)},
            {"history", history_view(visit, booking, history)},
            {"letter_href", text_of(booking, "channel") == "counter"
                                ? json("/suivi/" + text_of(booking, "id") + "/lettre")
                                : json(false)},
            {"instead", instead},
            {"together", together_view(visit, booking)},
            {"steps", steps_of(visit, booking)},
            {"series_acts", series_acts_view(visit, booking)},
            {"acts", acts_of(booking, may_act)},
            {"contact", false}};
}

namespace {

base::Result<Reply> my_requests_page(Visit& visit) {
    std::string organisation;
    std::string name;
    const auto memberships = list_of(*visit.me, "memberships");
    const auto wanted = visit.query("organisation");
    for (const auto& membership : memberships) {
        const auto one = member_of(membership, "organisation");
        if (organisation.empty() || text_of(one, "id") == wanted) {
            organisation = text_of(one, "id");
            name = text_of(one, "name");
        }
    }
    if (organisation.empty()) {
        return Reply::page("my_requests",
                           my_requests_view(visit, text_of(member_of(*visit.me, "person"), "name"),
                                            json::object()));
    }
    constexpr const char* kPageSize = "50";
    QueryPairs question{{"organisation_id", organisation}, {"limit", kPageSize}};
    if (const auto after = visit.query("after"); !after.empty()) {
        question.emplace_back("after", std::string(after));
    }
    const auto bookings = visit.backend->get("booking", "/v1/bookings?" + query_string(question));
    if (!bookings) return std::unexpected(bookings.error());
    return Reply::page("my_requests", my_requests_view(visit, name, *bookings));
}

base::Result<Reply> show_request(Visit& visit, const std::optional<base::Error>& error) {
    const auto id = percent_encode(visit.request.params.get("id"));
    const auto booking = visit.backend->get("booking", "/v1/bookings/" + id);
    if (!booking) return std::unexpected(booking.error());
    const auto history = visit.backend->get("booking", "/v1/bookings/" + id + "/history");
    const auto organisation_id = text_of(*booking, "organisation_id");
    // Payment knows more than booking was told; without it the page says what booking knows.
    auto payment = member_of(*booking, "payment");
    if (const auto payment_id = text_of(payment, "payment_id"); !payment_id.empty()) {
        const auto known =
            visit.backend->get("payment", "/v1/payments/" + percent_encode(payment_id));
        if (known) payment = *known;
    }
    auto organisation = organisation_name(visit, organisation_id);
    if (organisation.empty()) {
        // Staff look at it too; they may read the name at accounts.
        const auto found =
            visit.backend->get("accounts", "/v1/organisations/" + percent_encode(organisation_id));
        if (found) organisation = text_of(*found, "name");
    }
    json instead = false;
    if (const auto closed = dates_closed(visit, *booking); !closed.empty()) {
        const auto space = visit.backend->get(
            "inventory", "/v1/spaces/" + percent_encode(text_of(*booking, "space_id")));
        if (space) {
            instead = closed_dates_view(
                visit, *booking, *space,
                alternatives_of_dates(visit, *space, text_of(*booking, "offer_id"), closed,
                                      member_of(*booking, "when")));
        }
    }
    return Reply::page("request",
                       request_view(visit, *booking, history ? *history : json{}, organisation,
                                    books_for(visit, organisation_id), payment, error, instead),
                       error ? 422 : 200);
}

base::Result<Reply> request_page(Visit& visit) {
    return show_request(visit, std::nullopt);
}

base::Result<Reply> act(Visit& visit, const char* operation, const char* done) {
    const auto id = percent_encode(visit.request.params.get("id"));
    json body = {{"version", version_of(visit)}};
    if (const auto reason = visit.form.get("reason_text"); !reason.empty()) {
        body["reason_text"] = std::string(reason);
    }
    const bool answers = std::string_view(operation) == "provide-documents";
    if (answers) body["text"] = std::string(visit.form.get("text"));
    const auto answer = visit.backend->post("booking", "/v1/bookings/" + id + "/" + operation, body,
                                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) return Reply::see("/suivi/" + id + "?fait=" + done);
    const auto error = answer->error();
    if (answers && answer->status == 422) return show_request(visit, error);
    if (answer->status == 409 || answer->status == 412 || answer->status == 422) {
        return Reply::see("/suivi/" + id + "?probleme=" + percent_encode(error.code));
    }
    return std::unexpected(error);
}

}  // namespace

std::int64_t version_of(const Visit& visit) {
    const auto text = visit.form.get("version");
    std::int64_t version = 0;
    for (const char c : text.substr(0, 15)) {
        if (c < '0' || c > '9') return 0;
        version = version * 10 + (c - '0');
    }
    return version;
}

void add_follow_up_pages(Site& site, net::Router& router) {
    site.add(router, net::Method::get, "/compte/demandes", "page_my_requests", my_requests_page,
             Access::signed_in, "requests");
    site.add(router, net::Method::get, "/suivi/{id}", "page_request", request_page,
             Access::signed_in, "requests");
    site.add(
        router, net::Method::post, "/suivi/{id}/retirer", "withdraw_request",
        [](Visit& visit) { return act(visit, "withdraw", "retiree"); }, Access::signed_in);
    site.add(
        router, net::Method::post, "/suivi/{id}/annuler", "cancel_booking",
        [](Visit& visit) { return act(visit, "cancel", "annulee"); }, Access::signed_in);
    site.add(
        router, net::Method::post, "/suivi/{id}/repondre", "provide_documents",
        [](Visit& visit) { return act(visit, "provide-documents", "repondue"); }, Access::signed_in,
        "requests");
    site.add(
        router, net::Method::post, "/suivi/{id}/accepter-proposition", "accept_proposal",
        [](Visit& visit) { return act(visit, "accept-proposal", "acceptee"); }, Access::signed_in);
    site.add(
        router, net::Method::post, "/suivi/{id}/decliner-proposition", "decline_proposal",
        [](Visit& visit) { return act(visit, "decline-proposal", "declinee"); }, Access::signed_in);
}

}  // namespace preau::gateway
