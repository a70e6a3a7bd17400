#include "services/gateway/pages/problems.hpp"

#include "services/gateway/pages/search_form.hpp"

namespace preau::gateway {

nlohmann::json field_error(const Visit& visit, const std::vector<base::FieldError>& faults,
                           std::string_view field) {
    for (const auto& fault : faults) {
        if (field_of(fault.pointer) == field) return fault_text(visit, fault);
    }
    return false;
}

std::string fault_text(const Visit& visit, const base::FieldError& fault) {
    const auto field = field_of(fault.pointer);
    for (const auto& key : {"field_problem." + field + "." + fault.code,
                            "field_problem." + field + ".any", "problem." + fault.code}) {
        if (visit.words.has(key)) return visit.words.fill(key, {{"detail", fault.detail}});
    }
    return visit.text("problem.invalid");
}

std::string problem_text(const Visit& visit, const base::Error& error) {
    const auto key = "problem." + error.code;
    return visit.words.has(key) ? visit.text(key) : visit.text("problem.internal");
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
        items.push_back({{"href", "#f-" + std::string(fallback_field)},
                         {"text", problem_text(visit, error)}});
    }
    const auto count = static_cast<std::int64_t>(items.size());
    return {{"title_text", visit.words.count("errors.title", count)}, {"items", items}};
}

}  // namespace preau::gateway
