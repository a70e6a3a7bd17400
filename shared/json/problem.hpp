#pragma once
// RFC 9457 problem details: the one shape of every error answer. Codes, statuses and titles come
// from api/problems.yaml at build time.

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "shared/base/result.hpp"

namespace preau::json {

struct ProblemKind {
    std::string_view code;
    int status;
    std::string_view title;
};

/// The kind of `code`; an unknown code is a programmer's error and answers as "internal" (500).
const ProblemKind& problem_kind(std::string_view code);

/// {"type":"/problems/<code>","title","status","code","detail"?,"errors"?:[{"pointer","code",
/// "detail"?}]} with the members of the object `extensions` merged in (they never replace these).
nlohmann::json problem_body(const base::Error& error, const nlohmann::json& extensions = {});

}  // namespace preau::json
