#include "services/gateway/pages/closures.hpp"

#include <algorithm>
#include <set>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/planning.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::string_view kSite = "site:";
constexpr std::string_view kSpace = "space:";
constexpr const char* kTouches = "closure_touches_bookings";
constexpr time::Minute kFirst = 7 * 60;
constexpr time::Minute kLast = 24 * 60;

/// The rooms whose parts are closed, "tout le site" where it is all of them.
std::string where_text(const Visit& visit, const json& spaces, const json& closure) {
    std::set<std::string> parts;
    for (const auto& one : list_of(closure, "part_ids")) {
        if (one.is_string()) parts.insert(one.get<std::string>());
    }
    std::vector<std::string> names;
    bool all = true;
    for (const auto& space : list_of(spaces, "items")) {
        if (text_of(space, "site_id") != text_of(closure, "site_id")) continue;
        std::size_t hit = 0;
        const auto its = list_of(space, "parts");
        for (const auto& part : its)
            hit += parts.contains(text_of(part, "part_id")) ? 1 : 0;
        all = all && hit == its.size();
        if (hit > 0) names.push_back(text_of(space, "name"));
    }
    return all ? visit.text("closures.whole_site") : visit.format.list(names);
}

json rows_view(const Visit& visit, const ClosuresPage& page) {
    auto items = json::array();
    for (const auto& closure : page.closures) {
        items.push_back({{"days_text", closure_days_text(visit, closure)},
                         {"where_text", where_text(visit, page.spaces, closure)},
                         {"kind_text", visit.text("closures.kind." + text_of(closure, "kind"))},
                         {"reason", text_of(closure, "reason")},
                         {"action", "/gestion/fermetures/" + text_of(closure, "id") + "/rouvrir"}});
    }
    return items.empty() ? json(false) : json{{"items", items}};
}

/// What stands in the way, each booking with its dates; false when nothing does.
json touched_view(const Visit& visit, const ClosuresPage& page) {
    if (!touches_bookings(page.form)) return false;
    auto items = json::array();
    std::int64_t dates = 0;
    for (const auto& booking : list_of(page.form.problem, "bookings")) {
        dates += std::ssize(list_of(booking, "dates"));
        items.push_back(touched_booking_view(visit, booking, page.organisations));
    }
    return {{"title_text",
             visit.words.count("closures.touched", static_cast<std::int64_t>(items.size()))},
            {"lead_text", visit.words.count("closures.touched_lead", dates)},
            {"items", items}};
}

json where_options(const Visit& visit, const ClosuresPage& page) {
    auto options = json::array();
    std::set<std::string> sites;
    for (const auto& space : list_of(page.spaces, "items")) {
        const auto value = std::string(kSite) + text_of(space, "site_id");
        if (!sites.insert(value).second) continue;
        options.push_back(option_view(value, visit.text("closures.whole_site"),
                                      page.form.where.empty() || page.form.where == value));
    }
    for (const auto& space : list_of(page.spaces, "items")) {
        const auto value = std::string(kSpace) + text_of(space, "space_id");
        options.push_back(option_view(value, text_of(space, "name"), page.form.where == value));
    }
    return options;
}

json form_view(const Visit& visit, const ClosuresPage& page) {
    auto view = closure_fields_view(visit, page.form);
    view["where"] = {{"options", where_options(visit, page)}};
    view["touched"] = touched_view(visit, page);
    return view;
}

}  // namespace

std::string closure_days_text(const Visit& visit, const json& closure) {
    const auto from = time::Date::parse(text_of(closure, "from"));
    const auto until = time::Date::parse(text_of(closure, "until"));
    if (!from || !until) return {};
    const auto days =
        *from == *until
            ? visit.format.date(*from)
            : visit.words.fill("closures.days", {{"from", visit.format.day_month_year(*from)},
                                                 {"until", visit.format.day_month_year(*until)}});
    const auto start = text_of(closure, "start_time");
    if (start.empty()) return days;
    return visit.words.fill(
        "closures.hours",
        {{"days", days}, {"range", visit.format.range(start, text_of(closure, "end_time"))}});
}

bool touches_bookings(const ClosureForm& form) {
    return form.error && form.error->code == kTouches;
}

json touched_booking_view(const Visit& visit, const json& booking,
                          const std::map<std::string, std::string>& organisations) {
    std::vector<std::string> texts;
    for (const auto& one : list_of(booking, "dates"))
        texts.push_back(moment_of(visit, one, "start"));
    const auto at = organisations.find(text_of(booking, "organisation_id"));
    return {{"name", at == organisations.end() ? text_of(booking, "reference") : at->second},
            {"reference", text_of(booking, "reference")},
            {"href", "/gestion/a-traiter/" + text_of(booking, "id")},
            {"dates_text", visit.format.list(texts)}};
}

json closure_fields_view(const Visit& visit, const ClosureForm& form) {
    static const std::vector<base::FieldError> none;
    const auto& faults = form.error ? form.error->fields : none;
    auto kinds = json::array();
    for (const auto* kind : {"closure", "school_need", "works"}) {
        kinds.push_back(
            option_view(kind, visit.text(std::string("closures.kind.") + kind), form.kind == kind));
    }
    const auto hours = [&](const std::string& chosen) {
        auto options = time_options(visit, kFirst, kLast, chosen);
        options.insert(options.begin(),
                       option_view("", visit.text("planning.all_day"), chosen.empty()));
        return options;
    };
    const auto field = [&](const char* name, json more) {
        more["error"] = field_error(visit, faults, name);
        return more;
    };
    return {{"kinds", kinds},
            {"reason", field("reason", {{"value", form.reason}})},
            {"from", field("from", {{"value", form.from}})},
            {"until", field("until", {{"value", form.until}})},
            {"start", field("start_time", {{"options", hours(form.start_time)}})},
            {"end", field("end_time", {{"options", hours(form.end_time)}})}};
}

ClosureForm closure_form_of(const Visit& visit) {
    const auto value = [&](std::string_view name) { return std::string(visit.form.get(name)); };
    ClosureForm form;
    form.where = value("where");
    form.kind = value("kind");
    form.reason = value("reason");
    form.from = value("from");
    form.until = value("until");
    form.start_time = value("start_time");
    form.end_time = value("end_time");
    form.force = value("force") == "1";
    return form;
}

json closure_fields(const ClosureForm& form) {
    json body{{"kind", form.kind},
              {"reason", form.reason},
              {"from", form.from},
              {"until", form.until.empty() ? form.from : form.until},
              {"force", form.force}};
    if (!form.start_time.empty()) body["start_time"] = form.start_time;
    if (!form.end_time.empty()) body["end_time"] = form.end_time;
    return body;
}

json closure_body(const ClosureForm& form) {
    auto body = closure_fields(form);
    const std::string_view where = form.where;
    if (where.starts_with(kSite)) body["site_id"] = where.substr(kSite.size());
    if (where.starts_with(kSpace)) body["space_id"] = where.substr(kSpace.size());
    return body;
}

json closures_view(const Visit& visit, const PostScope& scope, const ClosuresPage& page) {
    auto model = office_frame(visit, scope, "/gestion/fermetures");
    json flash = false;
    const auto done = visit.query("fait");
    if (done == "ferme") flash = flash_view("free", visit.text("closures.laid"));
    if (done == "rouvert") flash = flash_view("free", visit.text("closures.lifted"));
    json errors = false;
    if (page.form.error && !touches_bookings(page.form)) {
        errors = errors_view(visit, *page.form.error, "where");
    }
    const bool confirm = page.form.error && !errors.is_object();
    model.update(
        {{"title", visit.words.fill(confirm ? "closures.title_confirm" : "closures.title_full",
                                    {{"school", scope.name_of(scope.chosen)}})},
         {"flash", flash},
         {"errors", errors},
         {"planning_href", "/gestion/planning" + scope_query(scope)},
         {"many_href",
          scope.schools.size() > 1 ? json("/gestion/fermetures/plusieurs") : json(false)},
         {"form", form_view(visit, page)},
         {"rows", rows_view(visit, page)}});
    return model;
}

}  // namespace preau::gateway
