#include "services/search/http/query.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include "shared/json/fields.hpp"
#include "shared/security/digest.hpp"
#include "shared/wire/when.hpp"

namespace preau::search {
namespace {

constexpr std::size_t kTextMax = 100;
constexpr std::size_t kFingerprintLetters = 12;

const std::vector<std::string_view> kKinds = {"gym",        "polyvalente", "classroom", "it_room",
                                              "auditorium", "dojo",        "meeting"};
const std::vector<std::string_view> kSorts = {"fit", "free_dates", "distance", "capacity", "price"};
const std::vector<std::string_view> kCategories = {"A", "B", "C", "D", "E"};
constexpr std::size_t kCategoryDefault = 2;  // C: other associations

/// The parameters that are plain values, as JSON, so that json::Fields checks them.
nlohmann::json values_of(const net::Pairs& query) {
    nlohmann::json out = nlohmann::json::object();
    for (const char* name : {"kind", "near", "sort", "after", "category"}) {
        if (const auto text = query.get(name); !text.empty()) out[name] = std::string(text);
    }
    for (const char* name : {"capacity", "radius_km", "limit", "step_free"}) {
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

std::optional<std::size_t> first_of(std::string_view cursor, const std::string& fingerprint) {
    if (!cursor.starts_with(fingerprint + "-")) return std::nullopt;
    cursor.remove_prefix(fingerprint.size() + 1);
    std::size_t first = 0;
    const auto [end, fault] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), first);
    if (fault != std::errc{} || end != cursor.data() + cursor.size()) return std::nullopt;
    return first;
}

void read_place(const net::Pairs& query, const Context& context, json::Fields& in,
                Question& question) {
    const auto lat = degrees(query, "lat", 90, in);
    const auto lon = degrees(query, "lon", 180, in);
    const auto near = in.optional_text("near", {.length_min = 1, .length_max = kTextMax});
    if (lat && lon) {
        question.near = Place{.insee = "", .name = "", .postcode = "", .lat = *lat, .lon = *lon};
    } else if (near) {
        question.near = context.places.find(*near, context.departement);
        if (!question.near) in.refuse("near", "unknown_place");
    }
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

std::string cursor(const std::string& fingerprint, std::size_t first) {
    return fingerprint + "-" + std::to_string(first);
}

base::Result<SearchQuery> read_search(const net::Pairs& query, const Context& context) {
    SearchQuery out;
    const nlohmann::json values = values_of(query);
    json::Fields in(values, "/query");
    Question& question = out.question;
    if (const auto kind = in.optional_choice("kind", kKinds)) question.kind = kKinds[*kind];
    read_wish(in, question);
    question.step_free = in.optional_integer("step_free", {.min = 0, .max = 1}).value_or(0) == 1;
    question.equipment = list_of(query, "equipment");
    question.sort = static_cast<Sort>(in.optional_choice("sort", kSorts).value_or(0));
    out.count = read_limit(in, page_rooms_default, page_rooms_max);
    out.fingerprint = fingerprint_of(query);
    if (const auto after = in.optional_text("after", {.length_min = 1, .length_max = 40})) {
        const auto first = first_of(*after, out.fingerprint);
        if (!first) in.refuse("after", "unknown");
        out.first = first.value_or(0);
    }
    read_place(query, context, in, question);

    if (auto fault = read_when(query, in, question)) return std::unexpected(*std::move(fault));
    return out;
}

base::Result<AlternativesQuery> read_alternatives(const net::Pairs& query) {
    AlternativesQuery out;
    const nlohmann::json values = values_of(query);
    json::Fields in(values, "/query");
    read_wish(in, out.question);
    out.per_date = read_limit(in, alternatives_per_date_default, alternatives_per_date_max);
    if (auto fault = read_when(query, in, out.question)) return std::unexpected(*std::move(fault));
    return out;
}

}  // namespace preau::search
