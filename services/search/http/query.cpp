#include "services/search/http/query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "services/search/index/free_days.hpp"
#include "shared/json/fields.hpp"
#include "shared/rules/vocabulary.hpp"
#include "shared/security/digest.hpp"
#include "shared/wire/when.hpp"

namespace preau::search {
namespace {

constexpr std::size_t kTextMax = 100;
constexpr std::size_t kCursorMax = 60;
constexpr std::size_t kFingerprintLetters = 12;

const std::vector<std::string_view> kSorts = {"fit", "free_dates", "distance", "capacity", "price"};
const std::vector<std::string_view> kCategories = {"A", "B", "C", "D", "E"};
const std::vector<std::string_view> kPostures = {"seated", "standing"};
constexpr std::size_t kCategoryDefault = 2;  // C: other associations
constexpr std::int64_t kPriceMaxCents = 10'000'000;
/// Seven weekdays with starts over seven hours: what one question may try in each room.
constexpr std::size_t kWaysMax = 200;
constexpr std::size_t kEquipmentMax = 10;
/// 200 dates, which the longest question names, with their commas.
constexpr std::size_t kValueMax = 2'400;
constexpr std::size_t kParametersMax = 60;
constexpr std::size_t kNameMax = 40;

/// The parameters that are plain values, as JSON, so that json::Fields checks them.
nlohmann::json values_of(const net::Pairs& query) {
    nlohmann::json out = nlohmann::json::object();
    for (const char* name : {"kind", "near", "sort", "after", "category", "posture", "purpose"}) {
        if (const auto text = query.get(name); !text.empty()) out[name] = std::string(text);
    }
    for (const char* name : {"capacity", "radius_km", "limit", "step_free", "any_weekday",
                             "duration_min", "instant", "price_max", "facets"}) {
        const auto text = query.get(name);
        if (text.empty()) continue;
        std::int64_t number = 0;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool whole = fault == std::errc{} && end == text.data() + text.size();
        out[name] = whole ? nlohmann::json(number) : nlohmann::json(std::string(text));
    }
    return out;
}

std::vector<std::string> list_of(const net::Pairs& query, std::string_view name) {
    std::vector<std::string> out;
    for (std::string_view rest : query.all(name)) {
        while (!rest.empty()) {
            const auto comma = std::min(rest.find(','), rest.size());
            if (comma > 0) out.emplace_back(rest.substr(0, comma));
            rest.remove_prefix(std::min(rest.size(), comma + 1));
        }
    }
    return out;
}

std::optional<double> degrees(const net::Pairs& query, std::string_view name, double bound,
                              json::Fields& in) {
    const auto text = query.get(name);
    if (text.empty()) return std::nullopt;
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fine = fault == std::errc{} && end == text.data() + text.size() &&
                      std::isfinite(value) && std::abs(value) <= bound;
    if (!fine) in.refuse(name, "range");
    return fine ? std::optional(value) : std::nullopt;
}

/// All parameters but those of the page, in their order: what a cursor belongs to.
std::string fingerprint_of(const net::Pairs& query) {
    std::string text;
    for (const auto& [name, value] : query.list()) {
        if (name != "after" && name != "limit") text += name + "=" + value + "&";
    }
    return security::sha256_hex(text).substr(0, kFingerprintLetters);
}

/// "<fingerprint>-<rooms before it>-<the last room's id>".
std::optional<Page> page_of(std::string_view cursor, const std::string& fingerprint) {
    if (!cursor.starts_with(fingerprint + "-")) return std::nullopt;
    cursor.remove_prefix(fingerprint.size() + 1);
    Page page;
    const auto [end, fault] =
        std::from_chars(cursor.data(), cursor.data() + cursor.size(), page.first);
    cursor.remove_prefix(static_cast<std::size_t>(end - cursor.data()));
    if (fault != std::errc{} || !cursor.starts_with('-')) return std::nullopt;
    page.after = cursor.substr(1);
    return base::is_ulid(page.after) ? std::optional(page) : std::nullopt;
}

/// A query that no form makes is refused by the parameter that is too much, whether or not we know
/// it: never by reading on.
void check_size(const net::Pairs& query, json::Fields& in) {
    std::size_t parameters = 0;
    for (const auto& [name, value] : query.list()) {
        if (name.size() > kNameMax) in.refuse(name.substr(0, kNameMax), "unknown");
        const bool bounded = name == "near" || name == "after";  // by their own readers
        if (value.size() > kValueMax && !bounded) {
            in.refuse(name.substr(0, kNameMax), "length", "at most " + std::to_string(kValueMax));
        }
        if (++parameters > kParametersMax) {
            in.refuse(name.substr(0, kNameMax), "range",
                      "at most " + std::to_string(kParametersMax) + " parameters");
            return;
        }
    }
}

void read_place(const net::Pairs& query, const Context& context, json::Fields& in,
                Question& question) {
    const auto lat = degrees(query, "lat", 90, in);
    const auto lon = degrees(query, "lon", 180, in);
    const auto near = in.optional_text("near", {.length_min = 1, .length_max = kTextMax});
    const bool half = query.get("lat").empty() != query.get("lon").empty();
    if (half) in.refuse(query.get("lat").empty() ? "lat" : "lon", "required", "lat and lon");
    if (near && lat && lon) {
        in.refuse("near", "contradiction", "near, or lat and lon");
    } else if (lat && lon) {
        question.near = Place{.insee = "", .name = "", .postcode = "", .lat = *lat, .lon = *lon};
    } else if (near) {
        question.near = context.places.find(*near, context.departement);
        if (!question.near) in.refuse("near", "unknown_place");
    }
    const bool nowhere = !near && query.get("lat").empty() && query.get("lon").empty();
    if (nowhere && question.sort == Sort::distance) in.refuse("sort", "contradiction", "no place");
    if (nowhere && !query.get("radius_km").empty()) {
        in.refuse("radius_km", "contradiction", "no place");
    }
}

bool flag(json::Fields& in, std::string_view name) {
    return in.optional_integer(name, {.min = 0, .max = 1}).value_or(0) == 1;
}

/// What the room must have and be.
void read_filters(const net::Pairs& query, json::Fields& in, Question& question) {
    const auto kinds = rules::kind_words();
    const auto purposes = rules::purpose_words();
    if (const auto kind = in.optional_choice("kind", {kinds.begin(), kinds.end()})) {
        question.kind = kinds[*kind];
    }
    if (const auto purpose = in.optional_choice("purpose", {purposes.begin(), purposes.end()})) {
        question.purpose = purposes[*purpose];
    }
    if (const auto posture = in.optional_choice("posture", kPostures)) {
        question.posture = *posture == 0 ? Posture::seated : Posture::standing;
    }
    question.step_free = flag(in, "step_free");
    question.equipment = list_of(query, "equipment");
    const bool known = std::ranges::all_of(question.equipment, [](const std::string& word) {
        return rules::word_number(rules::equipment_words(), word).has_value();
    });
    if (!known) in.refuse("equipment", "unknown");
    if (question.equipment.size() > kEquipmentMax) in.refuse("equipment", "range", "at most 10");
    if (const auto instant = in.optional_integer("instant", {.min = 0, .max = 1})) {
        question.instant = *instant == 1;
    }
    if (const auto cents = in.optional_integer("price_max", {.min = 0, .max = kPriceMaxCents})) {
        question.price_max = base::Cents{*cents};
    }
}

/// How much of the window is wanted, and of the weekdays. After read_when.
void read_choice(json::Fields& in, Question& question) {
    const rules::Recurrence& when = question.when;
    const time::Minute window = when.end_minute - when.start_minute;
    if (question.length_min > window) {
        in.refuse("duration_min", "range", "longer than from start_time to end_time");
        return;
    }
    if (question.length_min == window) question.length_min = 0;
    if (question.any_weekday && when.kind != rules::RecurrenceKind::weekly) {
        in.refuse("any_weekday", "contradiction", "no weekly series");
    }
    const std::size_t ways = ways_count(when, question.length_min, question.any_weekday);
    if (ways == 0) in.refuse("duration_min", "range", "no quarter of an hour to begin on");
    if (ways > kWaysMax) in.refuse("end_time", "range", "too many starts and weekdays to try");
}

/// For how many people, how far, at whose price.
void read_wish(json::Fields& in, Question& question) {
    question.capacity =
        static_cast<int>(in.optional_integer("capacity", {.min = 1, .max = 10'000}).value_or(1));
    question.radius_km = static_cast<double>(
        in.optional_integer("radius_km",
                            {.min = 1, .max = static_cast<std::int64_t>(radius_km_max)})
            .value_or(15));
    question.category =
        kCategories[in.optional_choice("category", kCategories).value_or(kCategoryDefault)].front();
}

std::size_t read_limit(json::Fields& in, std::size_t otherwise, std::size_t max) {
    return static_cast<std::size_t>(
        in.optional_integer("limit", {.min = 1, .max = static_cast<std::int64_t>(max)})
            .value_or(static_cast<std::int64_t>(otherwise)));
}

/// Reads the dates and closes the reading: all faults of the query together, or nothing.
std::optional<base::Error> read_when(const net::Pairs& query, json::Fields& in,
                                     Question& question) {
    auto when = wire::when_from_query(query);
    if (!when && when.error().fields.empty()) return when.error();
    if (!when) in.absorb(when.error());
    auto faults = in.errors();
    if (!faults) {
        question.when = std::move(*when);
        return std::nullopt;
    }
    // One fault that has a name of its own is told by that name.
    if (faults->fields.size() == 1) {
        const auto& code = faults->fields[0].code;
        if (code == "unknown_place") faults->code = code;
        if (!when && when.error().fields.size() == 1) faults->code = when.error().code;
    }
    return faults;
}

}  // namespace

std::string cursor(const std::string& fingerprint, std::size_t first, const std::string& last) {
    return fingerprint + "-" + std::to_string(first) + "-" + last;
}

base::Result<SearchQuery> read_search(const net::Pairs& query, const Context& context) {
    SearchQuery out;
    const nlohmann::json values = values_of(query);
    json::Fields in(values, "/query");
    Question& question = out.question;
    check_size(query, in);
    read_wish(in, question);
    read_filters(query, in, question);
    question.sort = static_cast<Sort>(in.optional_choice("sort", kSorts).value_or(0));
    question.facets = flag(in, "facets");
    question.other_weekdays = true;
    question.any_weekday = flag(in, "any_weekday");
    question.length_min = static_cast<time::Minute>(
        in.optional_integer("duration_min", {.min = 15, .max = time::minutes_per_day}).value_or(0));
    out.fingerprint = fingerprint_of(query);
    if (const auto after = in.optional_text("after", {.length_min = 1, .length_max = kCursorMax})) {
        const auto page = page_of(*after, out.fingerprint);
        if (!page) in.refuse("after", "unknown");
        out.page = page.value_or(Page{});
    }
    out.page.count = read_limit(in, page_rooms_default, page_rooms_max);
    read_place(query, context, in, question);

    if (auto fault = read_when(query, in, question)) return std::unexpected(*std::move(fault));
    json::Fields of_choice(values, "/query");
    read_choice(of_choice, question);
    if (auto fault = of_choice.errors()) return std::unexpected(*std::move(fault));
    return out;
}

base::Result<AlternativesQuery> read_alternatives(const net::Pairs& query) {
    AlternativesQuery out;
    const nlohmann::json values = values_of(query);
    json::Fields in(values, "/query");
    check_size(query, in);
    read_wish(in, out.question);
    out.per_date = read_limit(in, alternatives_per_date_default, alternatives_per_date_max);
    if (auto fault = read_when(query, in, out.question)) return std::unexpected(*std::move(fault));
    return out;
}

base::Result<AskedRoom> read_room(const Index::View& view, const net::Request& request) {
    const SpaceEntry* space = view.space(std::string(request.params.get("id")));
    if (space == nullptr || !space->facts.published) return base::fail("not_found");
    const auto& offers = space->facts.offers;
    const rules::Offer* offer = whole_offer(*space);
    if (const auto wanted = request.query.get("offer_id"); !wanted.empty()) {
        const auto at = std::ranges::find(offers, wanted, [](const auto& o) { return o.id.str(); });
        if (at == offers.end()) return base::fail_field("invalid", "/query/offer_id", "unknown");
        offer = &*at;
    }
    if (offer == nullptr) return base::fail("not_found");
    return AskedRoom{space, offer};
}

}  // namespace preau::search
