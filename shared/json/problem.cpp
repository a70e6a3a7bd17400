#include "shared/json/problem.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>

namespace preau::json {
namespace {

constexpr ProblemKind kKinds[] = {
#define PREAU_PROBLEM(code, status, title) {#code, status, title},
#include "preau_problems.inc"
#undef PREAU_PROBLEM
};

const ProblemKind* find(std::string_view code) {
    const auto* const at = std::ranges::find(kKinds, code, &ProblemKind::code);
    return at == std::end(kKinds) ? nullptr : at;
}

}  // namespace

const ProblemKind& problem_kind(std::string_view code) {
    if (const ProblemKind* kind = find(code)) return *kind;
    const ProblemKind* internal = find("internal");
    assert(internal != nullptr);
    return *internal;
}

nlohmann::json problem_body(const base::Error& error, const nlohmann::json& extensions) {
    const ProblemKind& kind = problem_kind(error.code);
    nlohmann::json body = {{"type", "/problems/" + std::string(kind.code)},
                           {"title", kind.title},
                           {"status", kind.status},
                           {"code", kind.code}};
    if (!error.detail.empty()) body["detail"] = error.detail;
    if (!error.fields.empty()) {
        auto& faults = body["errors"] = nlohmann::json::array();
        for (const base::FieldError& field : error.fields) {
            nlohmann::json fault = {{"pointer", field.pointer}, {"code", field.code}};
            if (!field.detail.empty()) fault["detail"] = field.detail;
            faults.push_back(std::move(fault));
        }
    }
    if (extensions.is_object()) {
        for (const auto& [name, value] : extensions.items()) {
            if (!body.contains(name)) body[name] = value;
        }
    }
    return body;
}

}  // namespace preau::json
