#pragma once
// Reading the fields of a JSON object with bounds, collecting every fault before answering, so that
// a person sees all wrong fields at once. Usage:
//
//     json::Fields in(body);                       // or Fields(body.at("when"), "/when")
//     auto purpose   = in.text("purpose", {.length_min = 3, .length_max = 500});
//     auto headcount = in.integer("headcount", {.min = 1, .max = 5'000});
//     if (auto bad = in.errors()) return std::unexpected(*bad);
//
// A getter of a required field that is absent or wrong records a FieldError and gives a default
// value, which is never used because errors() is checked before. Unknown members are ignored.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/id.hpp"
#include "shared/base/result.hpp"

namespace preau::json {

/// Lengths count Unicode code points after trimming; control characters but newline are refused.
struct TextBounds {
    std::size_t length_min = 0;
    std::size_t length_max = 200;
};

struct IntegerBounds {
    std::int64_t min = 0;
    std::int64_t max = 1'000'000;
};

class Fields {
public:
    explicit Fields(const nlohmann::json& object, std::string pointer = "");

    std::string text(std::string_view name, TextBounds bounds = {});
    std::optional<std::string> optional_text(std::string_view name, TextBounds bounds = {});
    std::int64_t integer(std::string_view name, IntegerBounds bounds = {});
    std::optional<std::int64_t> optional_integer(std::string_view name, IntegerBounds bounds = {});
    bool boolean(std::string_view name);
    bool boolean_or(std::string_view name, bool otherwise);
    /// One of `choices`; the index into it.
    std::size_t choice(std::string_view name, const std::vector<std::string_view>& choices);
    std::optional<std::size_t> optional_choice(std::string_view name,
                                               const std::vector<std::string_view>& choices);

    template <class IdType>
    IdType id(std::string_view name) {
        const auto parsed = IdType::parse(text(name, {.length_min = 1, .length_max = 40}));
        if (!parsed && !refused(name)) refuse(name, "format");
        return parsed.value_or(IdType{});
    }

    /// A member that is an object, for a nested Fields; null (and an error) when absent.
    const nlohmann::json& object(std::string_view name);
    /// A member that is an array; null (and an error) when absent.
    const nlohmann::json& array(std::string_view name);
    bool has(std::string_view name) const;

    /// Records a fault of this object's field.
    void refuse(std::string_view name, std::string code, std::string detail = {});
    /// Takes over the faults of a nested reader.
    void absorb(const Fields& nested);
    void absorb(const base::Error& nested);

    /// All faults so far as one `invalid` error, or nothing.
    std::optional<base::Error> errors() const;

private:
    bool refused(std::string_view name) const;
    const nlohmann::json* member(std::string_view name) const;

    const nlohmann::json* object_;
    std::string pointer_;
    std::vector<base::FieldError> faults_;
};

}  // namespace preau::json
