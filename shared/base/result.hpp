#pragma once
// The error of an expected outcome and the Result that carries it. Domain rules and handlers return
// Result; exceptions come only from third parties and are converted at the edge of shared/db and
// shared/net. `code` is a code of api/problems.yaml; people read the sentence of that code, so
// `detail` is for developers and logs and never holds personal data.

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace preau::base {

/// One refused input. `pointer` is the RFC 6901 pointer of the field in the request body, or
/// "/query/<name>" for a query parameter; `code` is a code of api/problems.yaml or "required",
/// "format", "range", "length", "unknown"; `detail` may hold a bound or the nearest valid value.
struct FieldError {
    std::string pointer;
    std::string code;
    std::string detail;
};

struct Error {
    std::string code;
    std::string detail;
    std::vector<FieldError> fields;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string code, std::string detail = {}) {
    return std::unexpected(Error{std::move(code), std::move(detail), {}});
}

inline std::unexpected<Error> fail_field(std::string code, std::string pointer,
                                         std::string detail = {}) {
    Error error{code, detail, {}};
    error.fields.push_back({std::move(pointer), std::move(code), std::move(detail)});
    return std::unexpected(std::move(error));
}

}  // namespace preau::base
