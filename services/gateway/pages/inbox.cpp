// What the inbox shows: the list, one request with its checks, and the two answers.
#include "services/gateway/pages/inbox.hpp"

#include <algorithm>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/frame.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/values.hpp"
#include "services/gateway/pages/when_text.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

std::string name_of(const std::map<std::string, std::string>& names, const std::string& id,
                    const std::string& otherwise) {
    const auto at = names.find(id);
    return at == names.end() ? otherwise : at->second;
}

std::string organisation_of(const Inbox& inbox, const json& booking) {
    return name_of(inbox.organisations, text_of(booking, "organisation_id"),
                   text_of(booking, "reference"));
}

struct Deadline {
    std::string text;
    bool urgent = false;
};

/// When the answer is due, once it is near; before that, how long the request has waited.
Deadline deadline_of(const Visit& visit, const json& booking) {
    const auto today = visit.today();
    const auto zone = time::Zone::paris();
    if (const auto due = parse_moment(text_of(booking, "answer_by"))) {
        const auto days = zone.local(*due).date - today;
        if (*due < visit.now) return {visit.text("inbox.overdue"), true};
        if (days <= 0) return {visit.text("inbox.due_today"), true};
        if (days == 1) return {visit.text("inbox.due_tomorrow"), true};
    }
    const auto received = parse_moment(text_of(booking, "submitted_at"));
    if (!received) return {};
    const auto days = today - zone.local(*received).date;
    if (days <= 0) return {visit.text("inbox.received_today"), false};
    if (days == 1) return {visit.text("inbox.received_yesterday"), false};
    return {visit.words.count("inbox.received_days", days), false};
}

std::string activity_of(const Visit& visit, const json& booking) {
    return visit.words.fill(
        "inbox.row_activity",
        {{"purpose", purpose_text(visit, booking)},
         {"people", visit.words.count("search.people", integer_of(booking, "headcount", 1))}});
}

/// "500,00 €", "gratuit"
std::string sum_text(const Visit& visit, const json& price) {
    const auto total = cents_of(price, "total");
    return total == 0 ? visit.text("format.free_of_charge") : visit.format.money(total);
}

/// The price of a request, and what its acceptance would ask of the hirer.
json price_of(const Visit& visit, const json& booking) {
    const auto price = member_of(booking, "price");
    if (!price.contains("total")) return false;
    return {
        {"amount", capitalised(sum_text(visit, price))},
        {"unit", visit.words.fill("inbox.tariff", {{"category", text_of(booking, "category")}})}};
}

json row_of(const Visit& visit, const Inbox& inbox, const json& booking) {
    auto badges = json::array();
    const auto dates = integer_of(booking, "dates_count");
    if (dates > 1) {
        badges.push_back(
            {{"tone", "repeat"}, {"text", visit.words.count("inbox.badge_dates", dates)}});
    }
    if (inbox.tab != Inbox::Tab::open) {
        badges.push_back({{"tone", tone_of(booking)}, {"text", state_text(visit, booking)}});
    }
    auto activity = activity_of(visit, booking);
    if (const auto price = member_of(booking, "price"); price.contains("total")) {
        activity += visit.text("format.list") + sum_text(visit, price);
    }
    const auto deadline = inbox.tab == Inbox::Tab::open ? deadline_of(visit, booking) : Deadline{};
    const auto tab = inbox.tab_query();
    return {
        {"href", "/gestion/a-traiter/" + text_of(booking, "id") + std::string(tab)},
        {"name", organisation_of(inbox, booking)},
        {"deadline_text", deadline.text},
        {"urgent", deadline.urgent},
        {"activity_text", activity},
        {"where_text", visit.words.fill("inbox.row_where",
                                        {{"room", text_of(booking, "space_name")},
                                         {"when", when_short(visit, member_of(booking, "when"))}})},
        {"badges", badges},
        {"selected", text_of(booking, "id") == text_of(inbox.selected, "id")}};
}

json tabs_of(const Visit& visit, const Inbox& inbox) {
    auto tabs = json::array();
    const auto add = [&](const char* key, Inbox::Tab tab, const std::string& query) {
        json count = false;
        if (inbox.tab == tab) {
            // Only the tab shown was counted; beyond its page there are more.
            const auto items = std::ssize(list_of(inbox.bookings, "items"));
            const bool more = !text_of(inbox.bookings, "next").empty();
            count = std::to_string(items) + (more ? "+" : "");
        }
        tabs.push_back({{"text", visit.text(key)},
                        {"count_text", count},
                        {"href", "/gestion/a-traiter" + query},
                        {"current", inbox.tab == tab}});
    };
    add("inbox.tab_open", Inbox::Tab::open, "");
    if (inbox.authority) add("inbox.tab_endorsed", Inbox::Tab::endorsed, "?etat=a-valider");
    add("inbox.tab_waiting", Inbox::Tab::waiting, "?etat=en-attente");
    add("inbox.tab_done", Inbox::Tab::done, "?etat=traitees");
    return tabs;
}

void add_check(json& checks, const Visit& visit, const char* tone, const char* key,
               const std::string& text) {
    checks.push_back({{"tone", tone}, {"label", visit.text(key)}, {"text", text}});
}

void add_slot_check(json& list, const Visit& visit, const json& checks) {
    const auto conflicts = std::ssize(list_of(checks, "conflicts"));
    if (conflicts == 0) {
        add_check(list, visit, "free", "inbox.check_slot",
                  visit.words.count("inbox.check_slot_free", integer_of(checks, "dates_total", 1)));
    } else {
        add_check(list, visit, "warm", "inbox.check_slot",
                  visit.words.count("inbox.check_slot_taken", conflicts));
    }
}

void add_affiliation_checks(json& list, const Visit& visit, const json& affiliation) {
    const auto status = text_of(affiliation, "status");
    const bool active = status == "active";
    const auto key =
        active ? std::string("inbox.check_affiliation_ok") : "inbox.check_affiliation_" + status;
    add_check(list, visit, active ? "free" : "warn", "inbox.check_affiliation",
              visit.words.has(key)
                  ? visit.words.fill(key, {{"category", text_of(affiliation, "category")}})
                  : visit.text("inbox.check_affiliation_none"));
    const auto insured = time::Date::parse(text_of(affiliation, "insurance_valid_until"));
    if (insured) {
        add_check(list, visit, flag_of(affiliation, "insurance_covers_all") ? "free" : "warn",
                  "inbox.check_insurance",
                  visit.words.fill("inbox.check_insurance_ok",
                                   {{"date", visit.format.day_month_year(*insured)}}));
    } else {
        add_check(list, visit, "warn", "inbox.check_insurance",
                  visit.text("inbox.check_insurance_none"));
    }
}

void add_debt_check(json& list, const Visit& visit, const json& debt) {
    const auto state = text_of(debt, "state");
    if (state.empty()) return;
    add_check(list, visit, state == "none" ? "free" : "warn", "inbox.check_debt",
              visit.words.fill(
                  "inbox.check_debt_" + state,
                  {{"amount", visit.format.money(integer_of(member_of(debt, "overdue"), "amount"))},
                   {"days", text_of(debt, "days")}}));
}

/// Why a request waits for a person where the rules accept most by themselves.
void add_auto_check(json& list, const Visit& visit, const json& checks) {
    const auto rule = member_of(checks, "auto_accept");
    if (!flag_of(rule, "opted_in")) return;
    std::vector<std::string> why;
    for (const auto& code : list_of(rule, "obstacles")) {
        if (code.is_string()) why.push_back(visit.text("inbox.auto_" + code.get<std::string>()));
    }
    if (why.empty()) return;
    add_check(list, visit, "info", "inbox.check_auto", visit.format.list(why));
}

json checks_of(const Visit& visit, const Inbox& inbox) {
    auto list = json::array();
    const auto& booking = inbox.selected;
    const auto& checks = inbox.checks;
    const auto capacity = member_of(checks, "capacity");
    if (!capacity.empty()) {
        add_check(list, visit, flag_of(capacity, "ok", true) ? "free" : "warm",
                  "inbox.check_capacity",
                  visit.words.fill("inbox.check_capacity_text",
                                   {{"headcount", text_of(capacity, "headcount")},
                                    {"capacity", text_of(capacity, "capacity")}}));
        add_slot_check(list, visit, checks);
    }
    const auto purpose = text_of(booking, "purpose");
    const auto purposes = list_of(inbox.space, "purposes");
    if (visit.words.has("purpose." + purpose) && !purposes.empty()) {
        const bool allowed = std::find(purposes.begin(), purposes.end(), purpose) != purposes.end();
        add_check(list, visit, allowed ? "free" : "warn", "inbox.check_purpose",
                  visit.text(allowed ? "inbox.check_purpose_ok" : "inbox.check_purpose_no"));
    }
    if (!checks.is_null()) add_affiliation_checks(list, visit, member_of(checks, "affiliation"));
    if (flag_of(checks, "contract_needed")) {
        add_check(list, visit, "warn", "inbox.check_contract",
                  visit.text("inbox.check_contract_needed"));
    }
    add_debt_check(list, visit, member_of(checks, "debt"));
    if (inbox.tab == Inbox::Tab::open) add_auto_check(list, visit, checks);
    const auto past = member_of(checks, "past");
    if (!past.empty()) {
        const bool none = integer_of(past, "accepted") + integer_of(past, "refused") +
                              integer_of(past, "cancelled") ==
                          0;
        add_check(list, visit, integer_of(past, "no_show") > 0 ? "warn" : "free",
                  "inbox.check_history",
                  none ? visit.text("inbox.check_history_none")
                       : visit.words.fill("inbox.check_history_text",
                                          {{"accepted", text_of(past, "accepted")},
                                           {"refused", text_of(past, "refused")},
                                           {"cancelled", text_of(past, "cancelled")}}));
    }
    const auto payment = text_of(member_of(booking, "requirement"), "payment");
    if (member_of(booking, "price").contains("total") &&
        visit.words.has("inbox.check_payment_" + payment)) {
        add_check(list, visit, "free", "inbox.check_payment",
                  visit.text("inbox.check_payment_" + payment));
    }
    const auto price = member_of(booking, "price");
    if (const auto extras = extras_text(visit, price); !extras.empty()) {
        add_check(list, visit, "info", "inbox.check_extras", extras);
    }
    if (const auto deposit = deposit_text(visit, price); deposit.is_string()) {
        add_check(list, visit, "info", "inbox.check_deposit", deposit.get<std::string>());
    }
    const auto due = day_of(visit, booking, "answer_by");
    if (inbox.tab == Inbox::Tab::open && !due.empty()) {
        add_check(list, visit, deadline_of(visit, booking).urgent ? "warn" : "free",
                  "inbox.check_answer",
                  visit.words.fill("inbox.check_answer_text", {{"date", due}}));
    }
    return list;
}

json competing_of(const Visit& visit, const Inbox& inbox) {
    const auto competing = list_of(inbox.checks, "competing");
    if (competing.empty()) return false;
    auto columns = json::array();
    columns.push_back(
        {{"name", organisation_of(inbox, inbox.selected)}, {"this", true}, {"href", false}});
    auto received = json::array();
    received.push_back({{"text", day_of(visit, inbox.selected, "submitted_at")}, {"this", true}});
    auto common = json::array();
    common.push_back(
        {{"text", std::to_string(integer_of(inbox.selected, "dates_count"))}, {"this", true}});
    for (const auto& other : competing) {
        columns.push_back({{"name", organisation_of(inbox, other)},
                           {"this", false},
                           {"href", "/gestion/a-traiter/" + text_of(other, "booking_id")}});
        received.push_back({{"text", day_of(visit, other, "submitted_at")}, {"this", false}});
        common.push_back(
            {{"text", std::to_string(list_of(other, "dates").size())}, {"this", false}});
    }
    auto rows = json::array();
    rows.push_back({{"label", visit.text("inbox.compare_received")}, {"cells", received}});
    rows.push_back({{"label", visit.text("inbox.compare_dates")}, {"cells", common}});
    return {{"title_text", visit.words.count("inbox.competing", std::ssize(competing))},
            {"lead_text", visit.text("inbox.competing_lead")},
            {"caption_text", visit.text("inbox.competing_caption")},
            {"columns", columns},
            {"rows", rows}};
}

/// Who has the next word while the manager waits.
json waiting_of(const Visit& visit, const json& booking) {
    const auto decision = member_of(booking, "decision");
    const auto moment = moment_of(visit, decision, "at");
    if (text_of(booking, "state") == "endorsed" && !decision.empty()) {
        const auto words = text_of(decision, "reason_text");
        const char* key = words.empty() ? "inbox.waiting_endorsed" : "inbox.waiting_endorsed_text";
        return {{"text", visit.words.fill(key, {{"moment", moment}, {"text", words}})}};
    }
    if (const auto asked = text_of(booking, "asked"); !asked.empty()) {
        return {{"text",
                 visit.words.fill("inbox.waiting_asked", {{"moment", moment}, {"text", asked}})}};
    }
    const auto proposal = member_of(booking, "proposal");
    if (!proposal.empty()) {
        return {{"text", visit.words.fill("inbox.waiting_proposed",
                                          {{"moment", moment_of(visit, proposal, "made_at")},
                                           {"deadline", moment_of(visit, proposal, "deadline")}})}};
    }
    if (const auto answered = text_of(booking, "answered");
        !answered.empty() && text_of(booking, "state") == "submitted") {
        return {{"text", visit.words.fill("inbox.answered", {{"text", answered}})}};
    }
    return false;
}

json decided_of(const Visit& visit, const json& booking) {
    const auto decision = member_of(booking, "decision");
    const auto state = text_of(booking, "state");
    if (decision.empty() || state == "endorsed" || state == "awaiting_documents" ||
        state == "counter_proposed") {
        return waiting_of(visit, booking);
    }
    const auto moment = moment_of(visit, decision, "at");
    const bool by_hirer = text_of(decision, "by_role") == "hirer";
    const auto code = text_of(decision, "reason_code");
    const auto say = [&](const char* key) -> json {
        return {{"text", visit.words.fill(
                             key, {{"moment", moment}, {"reason", refusal_text(visit, code)}})}};
    };
    if (state == "refused")
        return say(by_hirer ? "inbox.decided_declined" : "inbox.decided_refused");
    if (state != "accepted" && state != "confirmed") return false;
    if (by_hirer) return say("inbox.decided_taken");
    return say(code.empty() ? "inbox.decided_accepted" : "inbox.decided_in_part");
}

json message_of(const Visit& visit, const Inbox& inbox) {
    const auto text = text_of(inbox.selected, "message");
    if (text.empty()) return false;
    const auto who = name_of(inbox.people, text_of(inbox.selected, "requester_id"),
                             organisation_of(inbox, inbox.selected));
    return {{"initials", initials(who)},
            {"who_text", who},
            {"when_text", moment_of(visit, inbox.selected, "submitted_at")},
            {"text", text}};
}

json detail_of(const Visit& visit, const Inbox& inbox) {
    const auto& booking = inbox.selected;
    if (!booking.is_object()) return false;
    const auto slots = list_of(booking, "occurrences");
    const auto first =
        slots.empty() ? std::string{} : text_of(member_of(slots.front(), "slot"), "date");
    return {
        {"reference", text_of(booking, "reference")},
        {"received_text",
         visit.words.fill("inbox.received",
                          {{"reference", text_of(booking, "reference")},
                           {"moment", moment_of(visit, booking, "submitted_at")}})},
        {"name", organisation_of(inbox, booking)},
        {"lead_text",
         visit.words.fill(
             "inbox.lead",
             {{"purpose", purpose_text(visit, booking)},
              {"people", visit.words.count("search.people", integer_of(booking, "headcount", 1))},
              {"offer", text_of(booking, "space_name") + visit.text("format.list") +
                            text_of(booking, "offer_name")},
              {"when", capitalised(when_long(visit, member_of(booking, "when")))}})},
        {"room_href",
         "/salles/" + text_of(booking, "space_id") + "?" +
             query_string({{"offer_id", text_of(booking, "offer_id")}, {"date", first}})},
        {"price", price_of(visit, booking)},
        {"tone", tone_of(booking)},
        {"state_text", state_text(visit, booking)},
        {"decided", decided_of(visit, booking)},
        {"checks", checks_of(visit, inbox)},
        {"competing", competing_of(visit, inbox)},
        {"dates", dates_view(visit, booking, slots.size() <= 3)},
        {"message", message_of(visit, inbox)},
        {"history", history_view(visit, booking, inbox.history)},
        {"decide", decide_view(visit, inbox)}};
}

/// "Annuler": as long as the decision can still be taken back.
json undo_of(const Visit& visit, const Inbox& inbox) {
    const auto until = parse_moment(text_of(inbox.selected, "undo_until"));
    if (!until || *until <= inbox.machine_now) return false;
    const auto state = text_of(inbox.selected, "state");
    const char* key = state == "refused"              ? "inbox.undo_refused"
                      : state == "endorsed"           ? "inbox.undo_endorsed"
                      : state == "awaiting_documents" ? "inbox.undo_asked"
                      : state == "counter_proposed"   ? "inbox.undo_proposed"
                                                      : "inbox.undo_accepted";
    return {
        {"text", visit.words.fill(key, {{"name", organisation_of(inbox, inbox.selected)},
                                        {"seconds", std::to_string(*until - inbox.machine_now)}})},
        {"action", "/gestion/a-traiter/" + text_of(inbox.selected, "id") + "/annuler-decision"},
        {"version", text_of(inbox.selected, "version")}};
}

/// "Une ou un collègue a décidé avant vous, le …": who, in which role, and when.
json decided_before(const Visit& visit, const json& booking) {
    const auto decision = member_of(booking, "decision");
    if (decision.empty()) return flash_view("warm", visit.text("problem.already_decided"));
    const auto who = visit.words.text_or("inbox.role_" + text_of(decision, "by_role"),
                                         visit.text("inbox.role_other"));
    return flash_view(
        "warm", visit.words.fill("inbox.already_decided",
                                 {{"who", who}, {"moment", moment_of(visit, decision, "at")}}));
}

json flash_of(const Visit& visit, const json& booking) {
    const auto done = visit.query("fait");
    if (done == "annulee") return flash_view("info", visit.text("inbox.undone"));
    if (done == "trop-tard") return flash_view("warn", visit.text("inbox.too_late_to_undo"));
    if (const auto code = visit.query("probleme"); !code.empty()) {
        if (code == "already_decided") return decided_before(visit, booking);
        const auto key = "problem." + std::string(code);
        if (visit.words.has(key)) return flash_view("warm", visit.text(key));
    }
    return false;
}

}  // namespace

json inbox_view(const Visit& visit, const Inbox& inbox) {
    auto rows = json::array();
    for (const auto& booking : list_of(inbox.bookings, "items")) {
        rows.push_back(row_of(visit, inbox, booking));
    }
    json list = false;
    if (!rows.empty()) {
        json more = false;
        if (const auto next = text_of(inbox.bookings, "next"); !next.empty()) {
            QueryPairs pairs{{"after", next}};
            if (inbox.tab == Inbox::Tab::endorsed) pairs.emplace_back("etat", "a-valider");
            if (inbox.tab == Inbox::Tab::waiting) pairs.emplace_back("etat", "en-attente");
            if (inbox.tab == Inbox::Tab::done) pairs.emplace_back("etat", "traitees");
            more = {{"href", "/gestion/a-traiter?" + query_string(pairs)},
                    {"text", visit.text("inbox.more")}};
        }
        list = {{"label_text",
                 inbox.tab == Inbox::Tab::open
                     ? visit.words.count("inbox.count", std::ssize(rows))
                     : visit.text(inbox.tab == Inbox::Tab::done       ? "inbox.tab_done"
                                  : inbox.tab == Inbox::Tab::endorsed ? "inbox.tab_endorsed"
                                                                      : "inbox.tab_waiting")},
                {"items", rows},
                {"more", more}};
    }
    const auto title = inbox.selected.is_object()
                           ? visit.words.fill("inbox.title_full",
                                              {{"name", organisation_of(inbox, inbox.selected)}})
                           : visit.text("inbox.title");
    return {{"title", title},
            {"flash", flash_of(visit, inbox.selected)},
            {"errors", inbox.error ? errors_view(visit, *inbox.error, "reason_code") : json(false)},
            {"scope_text", inbox.scope},
            {"tabs", tabs_of(visit, inbox)},
            {"list", list},
            {"empty", rows.empty() ? json{{"text", visit.text("inbox.empty_none")}} : json(false)},
            {"undo", undo_of(visit, inbox)},
            {"detail", detail_of(visit, inbox)}};
}

}  // namespace preau::gateway
