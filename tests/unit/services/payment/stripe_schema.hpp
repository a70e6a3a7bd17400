#pragma once
// Whether a request fits what Stripe takes, and an answer what Stripe gives, in the pinned version
// of its API: against tests/contract/stripe/schema.json, which is made of Stripe's own
// declarations.

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace preau::payment::test {

class StripeSchema {
public:
    StripeSchema();

    /// What is wrong, or nothing. `method` as GET; `path` without query; `parameters` of query and
    /// form, all values text.
    std::optional<std::string> fault_of_request(std::string_view method, std::string_view path,
                                                const nlohmann::json& parameters) const;
    std::optional<std::string> fault_of_answer(std::string_view method, std::string_view path,
                                               const nlohmann::json& answer) const;
    std::string api_version() const { return schema_.at("api_version").get<std::string>(); }

private:
    const nlohmann::json* operation(std::string_view method, std::string_view path) const;

    nlohmann::json schema_;
};

}  // namespace preau::payment::test
