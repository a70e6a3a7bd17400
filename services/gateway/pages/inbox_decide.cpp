// The forms by which a manager answers a request.
#include <algorithm>

#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/inbox.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr time::Minute kFirst = 7 * 60;
constexpr time::Minute kLast = 23 * 60 + 30;

/// What one form was sent with, and what was wrong with it. Ids are those of the fields in the form
/// that failed, so that the summary's links lead there; elsewhere they carry the form's name.
struct Form {
    Form(const Visit& visit_now, const Inbox& inbox, std::string_view form_name)
        : visit(visit_now), name(form_name) {
        sent = inbox.error.has_value() && visit.form.get("form") == name;
        if (sent) faults = inbox.error->fields;
        prefix = sent || (!inbox.error && name == "refuse") ? "f-" : std::string(name) + "-";
    }

    std::string value(std::string_view field, std::string otherwise = {}) const {
        return sent ? std::string(visit.form.get(field)) : std::move(otherwise);
    }
    json field(std::string_view field_name, std::string otherwise = {}) const {
        return {{"id", prefix + std::string(field_name)},
                {"value", value(field_name, std::move(otherwise))},
                {"error", field_error(visit, faults, field_name)}};
    }

    const Visit& visit;
    std::string_view name;
    bool sent = false;
    std::vector<base::FieldError> faults;
    std::string prefix;
};

/// The reasons that booking knows, in its order.
json reason_field(const Form& form, const Inbox& inbox) {
    auto out = form.field("reason_code");
    const auto chosen = form.value("reason_code");
    auto& options = out["options"] = json::array();
    options.push_back(option_view("", form.visit.text("inbox.reason_choose"), chosen.empty()));
    for (const auto& known : list_of(inbox.checks, "refusal_codes")) {
        const auto code = known.is_string() ? known.get<std::string>() : std::string{};
        options.push_back(option_view(code, refusal_text(form.visit, code), chosen == code));
    }
    return out;
}

/// The dates that are still asked for.
std::vector<json> open_dates(const json& booking) {
    std::vector<json> out;
    for (const auto& one : list_of(booking, "occurrences")) {
        if (text_of(one, "state") == "planned") out.push_back(one);
    }
    return out;
}

json part_of(const Visit& visit, const Inbox& inbox, const std::vector<json>& dates) {
    if (dates.size() < 2) return false;
    const Form form(visit, inbox, "part");
    const auto conflicts = list_of(inbox.checks, "conflicts");
    const auto is_gone = [&](const json& slot) {
        return std::any_of(conflicts.begin(), conflicts.end(), [&](const json& one) {
            return text_of(member_of(one, "slot"), "start") == text_of(slot, "start");
        });
    };
    auto rows = json::array();
    for (const auto& one : dates) {
        const auto id = text_of(one, "id");
        const auto slot = member_of(one, "slot");
        const auto sent = visit.form.all("occurrence_ids");
        const bool ticked =
            form.sent ? std::find(sent.begin(), sent.end(), id) != sent.end() : !is_gone(slot);
        rows.push_back({{"value", id}, {"text", slot_text(visit, slot)}, {"checked", ticked}});
    }
    return {{"open", form.sent},
            {"dates", rows},
            {"dates_id", form.prefix + "occurrence_ids"},
            {"dates_error", field_error(visit, form.faults, "occurrence_ids")},
            {"reason_code", reason_field(form, inbox)},
            {"reason_text", form.field("reason_text")}};
}

json rooms_of(const Form& form, const Inbox& inbox) {
    const auto chosen = form.value("offer_id", text_of(inbox.selected, "offer_id"));
    auto options = json::array();
    const auto add = [&](const json& space) {
        for (const auto& offer : list_of(space, "offers")) {
            const auto id = text_of(offer, "offer_id");
            const auto name =
                text_of(space, "name") + form.visit.text("format.list") + text_of(offer, "name");
            options.push_back(option_view(id, name, id == chosen));
        }
    };
    const auto rooms = inbox.rooms.is_array() ? inbox.rooms : json::array();
    for (const auto& space : rooms)
        add(space);
    if (options.empty()) add(inbox.space);
    return options;
}

json propose_of(const Visit& visit, const Inbox& inbox, const std::vector<json>& dates) {
    if (dates.empty()) return false;
    const Form form(visit, inbox, "propose");
    const auto first = member_of(dates.front(), "slot");
    json which = false;
    if (dates.size() > 1) {
        which = form.field("occurrence_id");
        const auto chosen = form.value("occurrence_id");
        auto& options = which["options"] = json::array();
        options.push_back(option_view("", visit.text("inbox.propose_all"), chosen.empty()));
        for (const auto& one : dates) {
            const auto id = text_of(one, "id");
            options.push_back(
                option_view(id, slot_text(visit, member_of(one, "slot")), id == chosen));
        }
    }
    auto date = form.field("date", dates.size() == 1 ? text_of(first, "date") : std::string{});
    auto start = form.field("start_time");
    start["options"] =
        time_options(visit, kFirst, kLast, form.value("start_time", text_of(first, "start_time")));
    auto end = form.field("end_time");
    end["options"] =
        time_options(visit, kFirst, kLast, form.value("end_time", text_of(first, "end_time")));
    auto room = form.field("offer_id");
    room["options"] = rooms_of(form, inbox);
    // Faults of the dates as a whole stand by the date.
    for (const char* other : {"when", "replace"}) {
        if (date["error"] == false) date["error"] = field_error(visit, form.faults, other);
    }
    return {{"open", form.sent},
            {"which", which},
            {"only_id", dates.size() == 1 ? json(text_of(dates.front(), "id")) : json(false)},
            {"date", date},
            {"start", start},
            {"end", end},
            {"room", room},
            {"message", form.field("message")},
            {"deadline", form.field("deadline")}};
}

json ground_of(const Visit& visit, const Inbox& inbox) {
    if (!flag_of(inbox.checks, "ground_needed")) return false;
    auto value = std::string(visit.form.get("ground"));
    if (value.empty()) value = visit.text("inbox.ground_default");
    const auto faults = inbox.error ? inbox.error->fields : std::vector<base::FieldError>{};
    return {{"value", value}, {"error", field_error(visit, faults, "ground")}};
}

/// A lower price than that of the vote, with its reason; false where nothing is due anyway.
json lower_of(const Visit& visit, const Inbox& inbox) {
    const auto total = cents_of(member_of(inbox.selected, "price"), "total");
    if (total <= 0) return false;
    const Form form(visit, inbox, "lower");
    return {
        {"open", form.sent},
        {"now_text", visit.words.fill("inbox.lower_now", {{"amount", visit.format.money(total)}})},
        {"total", form.field("total")},
        {"ground", form.field("ground")}};
}

}  // namespace

json decide_view(const Visit& visit, const Inbox& inbox) {
    const auto& booking = inbox.selected;
    const auto acts = list_of(inbox.checks, "acts");
    if (acts.empty()) return false;
    const auto may = [&acts](const char* act) {
        return std::find(acts.begin(), acts.end(), act) != acts.end();
    };
    const auto path = "/gestion/a-traiter/" + text_of(booking, "id");
    const auto conflicts = std::ssize(list_of(inbox.checks, "conflicts"));
    const auto dates = open_dates(booking);
    const Form refusal(visit, inbox, "refuse");
    const Form question(visit, inbox, "ask");
    const Form opinion(visit, inbox, "endorse");
    const json no = false;
    const json accept = {
        {"text", visit.words.count("inbox.accept", integer_of(booking, "dates_count", 1))},
        {"ground", ground_of(visit, inbox)},
        {"blocked_text",
         conflicts > 0 ? json(visit.words.count("inbox.accept_blocked", conflicts)) : no}};
    return {{"accept_action", path + "/accepter"},
            {"refuse_action", path + "/refuser"},
            {"ask_action", path + "/demander"},
            {"propose_action", path + "/proposer"},
            {"version", text_of(booking, "version")},
            {"accept", may("accept") ? accept : no},
            {"endorse", may("endorse")
                            ? json{{"action", path + "/favorable"}, {"text", opinion.field("text")}}
                            : no},
            {"lower", may("accept") ? lower_of(visit, inbox) : no},
            {"part", may("accept") ? part_of(visit, inbox, dates) : no},
            {"ask", may("ask_documents")
                        ? json{{"open", question.sent}, {"text", question.field("text")}}
                        : no},
            {"propose", may("propose") ? propose_of(visit, inbox, dates) : no},
            {"refuse_open", refusal.sent},
            {"reason_code", reason_field(refusal, inbox)},
            {"reason_text", refusal.field("reason_text")}};
}

}  // namespace preau::gateway
