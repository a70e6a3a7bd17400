#include "services/gateway/pages/problems.hpp"

#include "services/gateway/pages/search_form.hpp"

namespace preau::gateway {

namespace {

struct NumberBounds {
    std::string_view field;
    const char* min;
    const char* max;
};

/// As the operations of api/openapi bound them; only shown, never enforced here.
constexpr NumberBounds kNumbers[] = {
    {"capacity", "1", "5000"}, {"headcount", "1", "5000"}, {"radius_km", "1", "100"}};

bool is_date(std::string_view field) {
    return field == "date" || field == "from" || field == "until";
}

bool is_time(std::string_view field) {
    return field == "start_time" || field == "end_time";
}

/// A value of the wrong shape: the sentence says what the field takes.
std::string shape_text(const Visit& visit, const std::string& field, const std::string& label,
                       const base::FieldError& fault) {
    for (const auto& number : kNumbers) {
        if (number.field == field) {
            return visit.words.fill("field_error.number",
                                    {{"min", number.min}, {"max", number.max}});
        }
    }
    if (is_date(field)) {
        return visit.words.fill("field_error.date",
                                {{"example", visit.format.day_month_year(visit.today() + 14)}});
    }
    if (is_time(field)) {
        constexpr time::Minute kExample = 18 * 60 + 30;
        return visit.words.fill("field_error.time", {{"example", visit.format.time(kExample)}});
    }
    if (field == "email") return visit.text("field_error.email");
    if (field == "contact_phone") return visit.text("field_error.phone");
    if (fault.code == "length" && !fault.detail.empty() &&
        fault.detail.find_first_not_of("0123456789") == std::string::npos) {
        return visit.words.fill("field_error.too_long", {{"max", fault.detail}});
    }
    if (fault.code == "choice" || fault.code == "unknown") {
        return visit.text("field_error.choice");
    }
    return visit.words.fill("field_error.other", {{"field", label}});
}

}  // namespace

nlohmann::json field_error(const Visit& visit, const std::vector<base::FieldError>& faults,
                           std::string_view field) {
    for (const auto& fault : faults) {
        if (field_of(fault.pointer) == field) return fault_text(visit, fault);
    }
    return false;
}

std::string fault_text(const Visit& visit, const base::FieldError& fault) {
    const auto field = field_of(fault.pointer);
    const auto label = visit.words.text_or("field." + field, field);
    // What is said of a field whatever is wrong with it.
    if (field == "near" && fault.code == "unknown_place") {
        return visit.words.fill("field_error.near",
                                {{"value", std::string(visit.request.query.get("near"))}});
    }
    if (field == "terms_accepted") return visit.text("field_error.terms");
    if (field == "reason_code") return visit.text("field_error.reason_code");
    if (field == "reason_text") return visit.text("field_error.reason_text");
    if (fault.code == "required") {
        return visit.words.fill("field_error.required", {{"field", label}});
    }
    if (fault.code == "format" || fault.code == "range" || fault.code == "length" ||
        fault.code == "unknown" || fault.code == "type" || fault.code == "choice") {
        return shape_text(visit, field, label, fault);
    }
    if (fault.code != "invalid" && visit.words.has("problem." + fault.code)) {
        return visit.text("problem." + fault.code);
    }
    return visit.words.fill("field_error.other", {{"field", label}});
}

std::string problem_text(const Visit& visit, const base::Error& error) {
    const auto key = "problem." + error.code;
    return visit.words.text_or(key, visit.text("problem.internal"));
}

nlohmann::json errors_view(const Visit& visit, const base::Error& error,
                           std::string_view fallback_field) {
    auto items = nlohmann::json::array();
    for (const auto& fault : error.fields) {
        auto field = field_of(fault.pointer);
        if (field.empty()) field = std::string(fallback_field);
        items.push_back({{"href", "#f-" + field}, {"text", fault_text(visit, fault)}});
    }
    if (items.empty()) {
        items.push_back(
            {{"href", "#f-" + std::string(fallback_field)}, {"text", problem_text(visit, error)}});
    }
    const auto count = static_cast<std::int64_t>(items.size());
    return {{"title_text", visit.words.count("errors.title", count)}, {"items", items}};
}

}  // namespace preau::gateway
