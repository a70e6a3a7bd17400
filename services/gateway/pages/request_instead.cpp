#include "services/gateway/pages/request_instead.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/room_text.hpp"
#include "services/gateway/pages/series_alternatives.hpp"
#include "services/gateway/pages/values.hpp"
#include "services/gateway/pages/when_text.hpp"
#include "shared/base/id.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "instead_";
constexpr std::size_t kChoicesMax = 50;
constexpr std::size_t kDatesAskedMax = 60;  // of search in one question: addresses have an end

std::optional<InsteadChoice> choice_from(std::string_view token) {
    std::vector<std::string> parts(1);
    for (const char c : token) {
        if (c == '~') {
            parts.emplace_back();
        } else {
            parts.back().push_back(c);
        }
    }
    if (parts.size() != 5 || !time::Date::parse(parts[0]) || !time::Date::parse(parts[2]) ||
        !base::is_ulid(parts[1]) || !time::parse_minute(parts[3]) ||
        !time::parse_minute(parts[4])) {
        return std::nullopt;
    }
    return InsteadChoice{parts[0], parts[1], parts[2], parts[3], parts[4]};
}

/// An end before the start is one of the next day.
bool next_day(const InsteadChoice& choice) {
    return choice.end_time <= choice.start_time;
}

bool here(const RequestForm& form, const InsteadChoice& choice) {
    return choice.offer_id == form.offer_id;
}

const InsteadChoice* chosen_for(const RequestForm& form, const std::string& date) {
    const auto at = std::ranges::find(form.instead, date, &InsteadChoice::of);
    return at == form.instead.end() ? nullptr : &*at;
}

std::string date_of(const json& dated) {
    return text_of(member_of(dated, "slot"), "date");
}

/// The dates that the room cannot give, in order: those of its quote, and those already chosen for.
std::map<std::string, std::string> failing(const RequestForm& form, const json& quote,
                                           const json& alternatives) {
    std::map<std::string, std::string> out;
    for (const auto& one : form.instead)
        out[one.of] = "taken";
    for (const auto& one : list_of(alternatives, "dates")) {
        if (const auto at = out.find(date_of(one)); at != out.end()) {
            at->second = text_of(one, "state");
        }
    }
    for (const auto& one : list_of(quote, "dates")) {
        if (text_of(one, "state") != "free") out[date_of(one)] = text_of(one, "state");
    }
    return out;
}

json alternatives_for(const json& alternatives, const std::string& date) {
    for (const auto& one : list_of(alternatives, "dates")) {
        if (date_of(one) == date) return list_of(one, "alternatives");
    }
    return json::array();
}

/// "Décaler à 20 h–22 h", "même salle, 2 h plus tard", "12 €"
json labelled(const Visit& visit, const std::string& start_time, const json& space,
              const json& one) {
    auto out = alternative_text(visit, start_time, space, one);
    out["label"] = out["name"];  // what it stands in has a name of its own
    out.erase("name");
    return out;
}

json option_of(const Visit& visit, const RequestForm& form, const json& space, const json& one,
               const InsteadChoice& choice, bool checked) {
    auto out = labelled(visit, text_of(form.when, "start_time"), space, one);
    out["value"] = instead_token(choice);
    out["checked"] = checked;
    return out;
}

json choices_view(const Visit& visit, const RequestForm& form, const json& space,
                  const json& alternatives, const std::string& date) {
    const auto* chosen = chosen_for(form, date);
    auto options = json::array();
    bool found = false;
    for (const auto& one : alternatives_for(alternatives, date)) {
        const auto choice = choice_of(date, one);
        const bool checked = chosen != nullptr && instead_token(choice) == instead_token(*chosen);
        found = found || checked;
        options.push_back(option_of(visit, form, space, one, choice, checked));
    }
    if (chosen != nullptr && !found) {
        // What was chosen is shown as long as nobody chose otherwise.
        options.push_back({{"label", visit.format.range(chosen->start_time, chosen->end_time)},
                           {"detail_text", visit.format.date_text(chosen->date)},
                           {"price_text", false},
                           {"value", instead_token(*chosen)},
                           {"checked", true}});
    }
    if (options.empty()) return false;
    return {{"name", std::string(kPrefix) + date},
            {"leave_checked", chosen == nullptr},
            {"options", options}};
}

}  // namespace

std::string instead_token(const InsteadChoice& choice) {
    return choice.of + "~" + choice.offer_id + "~" + choice.date + "~" + choice.start_time + "~" +
           choice.end_time;
}

std::vector<InsteadChoice> chosen_instead(const net::Pairs& pairs) {
    std::vector<InsteadChoice> out;
    for (const auto& [name, value] : pairs.list()) {
        if (name != "instead" && !name.starts_with(kPrefix)) continue;
        auto choice = choice_from(value);
        if (!choice || out.size() == kChoicesMax) continue;
        if (std::ranges::find(out, choice->of, &InsteadChoice::of) != out.end()) continue;
        out.push_back(*std::move(choice));
    }
    return out;
}

std::string instead_tokens(const RequestForm& form) {
    std::set<std::string> tokens;
    for (const auto& one : form.instead)
        tokens.insert(instead_token(one));
    std::string out;
    for (const auto& one : tokens)
        out += (out.empty() ? "" : " ") + one;
    return out;
}

InsteadChoice choice_of(const std::string& of, const json& alternative) {
    const auto slot = member_of(alternative, "slot");
    const auto offer = member_of(member_of(alternative, "room"), "offer");
    return {of, text_of(offer, "offer_id"), text_of(slot, "date"), text_of(slot, "start_time"),
            text_of(slot, "end_time")};
}

std::vector<ElsewhereGroup> elsewhere_groups(const RequestForm& form) {
    std::map<std::string, ElsewhereGroup> groups;
    for (const auto& one : form.instead) {
        if (here(form, one)) continue;
        auto& group = groups[one.offer_id + one.start_time + one.end_time];
        group.offer_id = one.offer_id;
        group.of.push_back(one.of);
        if (group.when.is_null()) {
            group.when = {{"kind", "dates"},
                          {"dates", json::array()},
                          {"start_time", one.start_time},
                          {"end_time", one.end_time},
                          {"end_next_day", next_day(one)}};
        }
        group.when["dates"].push_back(one.date);
    }
    std::vector<ElsewhereGroup> out;
    for (auto& [key, group] : groups)
        out.push_back(std::move(group));
    return out;
}

json when_here(const RequestForm& form) {
    auto when = form.when;
    for (const auto& one : form.instead) {
        if (here(form, one)) continue;
        if (text_of(when, "kind") == "dates" && when["dates"].is_array()) {
            auto& dates = when["dates"];
            dates.erase(std::remove(dates.begin(), dates.end(), json(one.of)), dates.end());
        } else {
            when["except"].push_back(one.of);
        }
    }
    return when;
}

json instead_body(const RequestForm& form) {
    auto out = json::array();
    for (const auto& one : form.instead) {
        if (!here(form, one)) continue;
        out.push_back({{"of", one.of},
                       {"date", one.date},
                       {"start_time", one.start_time},
                       {"end_time", one.end_time},
                       {"end_next_day", next_day(one)}});
    }
    return out;
}

json elsewhere_body(const RequestForm& form) {
    auto out = json::array();
    const auto groups = elsewhere_groups(form);
    for (std::size_t n = 0; n < groups.size(); ++n) {
        json one{{"of", groups[n].of}, {"offer_id", groups[n].offer_id}, {"when", groups[n].when}};
        if (n < form.elsewhere_quotes.size()) one["quote_id"] = form.elsewhere_quotes[n];
        out.push_back(std::move(one));
    }
    return out;
}

json alternatives_of_dates(const Visit& visit, const json& space, const std::string& offer_id,
                           const std::vector<std::string>& dates, const json& when) {
    std::string joined;
    for (std::size_t n = 0; n < std::min(dates.size(), kDatesAskedMax); ++n)
        joined += (n == 0 ? "" : ",") + dates[n];
    QueryPairs question{{"offer_id", offer_id},
                        {"dates", joined},
                        {"start_time", text_of(when, "start_time")},
                        {"end_time", text_of(when, "end_time")},
                        {"category", price_category(visit, space)}};
    if (flag_of(when, "end_next_day")) question.emplace_back("end_next_day", "true");
    const auto found = visit.backend->get("search", "/v1/spaces/" + text_of(space, "space_id") +
                                                        "/alternatives?" + query_string(question));
    return found ? *found : json();
}

InsteadFacts instead_facts(const Visit& visit, const RequestForm& form, const json& space,
                           const json& quote) {
    InsteadFacts out;
    std::vector<std::string> dates;
    for (const auto& [date, state] : failing(form, quote, {}))
        dates.push_back(date);
    if (dates.empty()) return out;
    out.alternatives = alternatives_of_dates(visit, space, form.offer_id, dates, form.when);
    for (auto& group : elsewhere_groups(form)) {
        ElsewhereQuote one{std::move(group), {}, {}};
        const auto answer = visit.backend->post("booking", "/v1/quotes",
                                                {{"organisation_id", form.organisation_id},
                                                 {"offer_id", one.group.offer_id},
                                                 {"when", one.group.when}},
                                                base::new_ulid());
        if (answer && answer->ok()) {
            one.quote = answer->body;
            const auto other = visit.backend->get(
                "inventory", "/v1/spaces/" + percent_encode(text_of(one.quote, "space_id")));
            if (other) one.space = *other;
        }
        out.elsewhere.push_back(std::move(one));
    }
    return out;
}

json conflicts_view(const Visit& visit, const RequestForm& form, const json& space,
                    const json& quote, const InsteadFacts& facts) {
    const auto free = integer_of(quote, "free_count");
    const auto dates = failing(form, quote, facts.alternatives);
    if (free == 0 || dates.empty()) return false;
    auto items = json::array();
    bool choices = false;
    for (const auto& [date, state] : dates) {
        const auto choice = choices_view(visit, form, space, facts.alternatives, date);
        choices = choices || choice.is_object();
        items.push_back({{"date_text", visit.format.date_text(date)},
                         {"tone", slot_tone(state)},
                         {"state_text", visit.words.text_or("state." + state, state)},
                         {"choice", choice}});
    }
    const bool fail = form.on_conflict == "fail";
    return {{"title_text", visit.words.count("request_form.conflicts", std::ssize(items))},
            {"items", items},
            {"choices", choices},
            {"skip_text", visit.words.count("request_form.skip", free)},
            {"fail_text", visit.text("request_form.fail")},
            {"skip_checked", !fail},
            {"fail_checked", fail}};
}

json beside_view(const Visit& visit, const json& quote, const InsteadFacts& facts) {
    if (facts.elsewhere.empty()) return false;
    auto items = json::array();
    auto quotes = json::array();
    std::int64_t total = cents_of(member_of(quote, "price"), "total");
    bool all_priced = quote.is_object() && quote.contains("price");
    for (const auto& one : facts.elsewhere) {
        const bool free =
            integer_of(one.quote, "free_count") == static_cast<std::int64_t>(one.group.of.size()) &&
            one.quote.is_object();
        const auto price = member_of(one.quote, "price");
        const bool priced = free && price.contains("total");
        all_priced = all_priced && priced;
        if (priced) total += cents_of(price, "total");
        const auto name = name_and_commune(one.space);
        items.push_back({{"label", name.empty() ? visit.text("request_form.other_room") : name},
                         {"detail_text", capitalised(when_long(visit, one.group.when))},
                         {"amount", priced ? visit.format.money(cents_of(price, "total"))
                                           : visit.text("request_form.not_free_any_more")}});
        quotes.push_back({{"value", text_of(one.quote, "quote_id")}});
    }
    return {{"title_text", visit.words.count("request_form.beside", std::ssize(items))},
            {"items", items},
            {"quotes", quotes},
            {"total_text", all_priced ? json(visit.format.money(total)) : json(false)}};
}

json alternative_links(const Visit& visit, const json& space, const std::string& start_time,
                       const json& dated) {
    auto items = json::array();
    for (const auto& one : list_of(dated, "alternatives")) {
        const auto choice = choice_of(date_of(dated), one);
        QueryPairs pairs{{"offer_id", choice.offer_id},
                         {"date", choice.date},
                         {"start_time", choice.start_time},
                         {"end_time", choice.end_time}};
        if (next_day(choice)) pairs.emplace_back("end_next_day", "true");
        auto item = labelled(visit, start_time, space, one);
        item["href"] = "/demande/nouvelle?" + query_string(pairs);
        items.push_back(std::move(item));
    }
    return items;
}

json instead_links(const Visit& visit, const RequestForm& form, const json& space,
                   const InsteadFacts& facts) {
    auto items = json::array();
    for (const auto& dated : list_of(facts.alternatives, "dates")) {
        for (auto& item :
             alternative_links(visit, space, text_of(form.when, "start_time"), dated)) {
            items.push_back(std::move(item));
        }
    }
    return items.empty() ? json(false) : json{{"items", items}};
}

std::vector<std::string> dates_closed(const Visit& visit, const json& booking) {
    std::vector<std::string> out;
    for (const auto& one : list_of(booking, "occurrences")) {
        const auto date = time::Date::parse(date_of(one));
        const bool closed =
            text_of(one, "state") == "cancelled" && text_of(one, "reason") == "closure";
        if (closed && date && *date >= visit.today()) out.push_back(date->iso());
    }
    return out;
}

json closed_dates_view(const Visit& visit, const json& booking, const json& space,
                       const json& alternatives) {
    const auto start = text_of(member_of(booking, "when"), "start_time");
    auto items = json::array();
    for (const auto& dated : list_of(alternatives, "dates")) {
        auto links = alternative_links(visit, space, start, dated);
        if (links.empty()) continue;
        items.push_back({{"date_text", capitalised(visit.format.date_text(date_of(dated)))},
                         {"links", std::move(links)}});
    }
    return items.empty() ? json(false) : json{{"items", items}};
}

}  // namespace preau::gateway
