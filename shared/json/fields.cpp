#include "shared/json/fields.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace preau::json {
namespace {

const nlohmann::json kNull;
constexpr double kExactIntegerMax = 9007199254740992.0;  // 2^53: larger doubles skip integers

// The code point at `at` of valid UTF-8, and its length in bytes. The parser has checked the text.
struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;
};

CodePoint code_point(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<char32_t>(static_cast<unsigned char>(text[i])) : 0U;
    };
    const char32_t first = byte(at);
    if (first < 0x80) return {first, 1};
    if (first < 0xe0) return {((first & 0x1fU) << 6U) | (byte(at + 1) & 0x3fU), 2};
    if (first < 0xf0) {
        return {((first & 0x0fU) << 12U) | ((byte(at + 1) & 0x3fU) << 6U) | (byte(at + 2) & 0x3fU),
                3};
    }
    return {((first & 0x07U) << 18U) | ((byte(at + 1) & 0x3fU) << 12U) |
                ((byte(at + 2) & 0x3fU) << 6U) | (byte(at + 3) & 0x3fU),
            4};
}

bool is_space(char32_t c) {
    return c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0xa0 || (c >= 0x2000 && c <= 0x200b) ||
           c == 0x202f || c == 0x3000 || c == 0xfeff;
}

// Control characters, line separators of Unicode, and the direction overrides by which a text can
// be made to read as another.
bool is_control(char32_t c) {
    if (c == '\n') return false;
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

std::string trimmed(std::string_view text) {
    std::size_t begin = text.size();
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = code_point(text, at);
        if (!is_space(c.value)) {
            begin = std::min(begin, at);
            end = at + c.bytes;
        }
        at += c.bytes;
    }
    if (begin >= end) return {};
    return std::string(text.substr(begin, end - begin));
}

// Browsers send lines of a text area with CR LF.
std::string with_plain_newlines(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\r') {
            out += text[at];
        } else if (at + 1 >= text.size() || text[at + 1] != '\n') {
            out += '\n';
        }
    }
    return out;
}

struct Measured {
    std::size_t code_points = 0;
    bool controls = false;
};

Measured measure(std::string_view text) {
    Measured out;
    for (std::size_t at = 0; at < text.size(); ++out.code_points) {
        const CodePoint c = code_point(text, at);
        out.controls = out.controls || is_control(c.value);
        at += c.bytes;
    }
    return out;
}

std::optional<std::int64_t> whole_number(const nlohmann::json& value) {
    if (value.is_number_unsigned()) {
        const auto n = value.get<std::uint64_t>();
        if (n > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return {};
        return static_cast<std::int64_t>(n);
    }
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number_float()) {  // "30.0" is the integer 30
        const double n = value.get<double>();
        if (std::abs(n) < kExactIntegerMax && n == std::trunc(n)) {
            return static_cast<std::int64_t>(n);
        }
    }
    return {};
}

std::string between(std::int64_t min, std::int64_t max) {
    return std::to_string(min) + ".." + std::to_string(max);
}

}  // namespace

Fields::Fields(const nlohmann::json& object, std::string pointer)
    : object_(object.is_object() ? &object : nullptr), pointer_(std::move(pointer)) {
    if (object_ == nullptr) faults_.push_back({pointer_, "format", "object"});
}

const nlohmann::json* Fields::member(std::string_view name) const {
    if (object_ == nullptr) return nullptr;
    const auto at = object_->find(name);
    return at == object_->end() || at->is_null() ? nullptr : &*at;
}

bool Fields::has(std::string_view name) const {
    return member(name) != nullptr;
}

bool Fields::refused(std::string_view name) const {
    const std::string pointer = pointer_ + "/" + std::string(name);
    return object_ == nullptr ||
           std::ranges::find(faults_, pointer, &base::FieldError::pointer) != faults_.end();
}

// The first fault of a field is the one that is told; of something that is no object only that.
void Fields::refuse(std::string_view name, std::string code, std::string detail) {
    if (refused(name)) return;
    faults_.push_back({pointer_ + "/" + std::string(name), std::move(code), std::move(detail)});
}

std::string Fields::text(std::string_view name, TextBounds bounds) {
    if (!has(name)) {
        refuse(name, "required");
        return {};
    }
    const auto found = optional_text(name, bounds);
    if (!found) refuse(name, "required");
    return found.value_or(std::string());
}

std::optional<std::string> Fields::optional_text(std::string_view name, TextBounds bounds) {
    const nlohmann::json* value = member(name);
    if (value == nullptr) return {};
    if (!value->is_string()) {
        refuse(name, "format", "text");
        return {};
    }
    std::string text = trimmed(with_plain_newlines(value->get_ref<const std::string&>()));
    if (text.empty() && bounds.length_min > 0) return {};  // an empty form field
    const Measured measured = measure(text);
    if (measured.controls) {
        refuse(name, "format", "control character");
        return {};
    }
    if (measured.code_points < bounds.length_min || measured.code_points > bounds.length_max) {
        refuse(name, "length",
               between(static_cast<std::int64_t>(bounds.length_min),
                       static_cast<std::int64_t>(bounds.length_max)));
        return {};
    }
    return text;
}

std::int64_t Fields::integer(std::string_view name, IntegerBounds bounds) {
    if (!has(name)) refuse(name, "required");
    return optional_integer(name, bounds).value_or(bounds.min);
}

std::optional<std::int64_t> Fields::optional_integer(std::string_view name, IntegerBounds bounds) {
    const nlohmann::json* value = member(name);
    if (value == nullptr) return {};
    if (!value->is_number()) {
        refuse(name, "format", "integer");
        return {};
    }
    const auto number = whole_number(*value);
    if (!number && value->is_number_float() && std::abs(value->get<double>()) < kExactIntegerMax) {
        refuse(name, "format", "integer");
        return {};
    }
    if (!number || *number < bounds.min || *number > bounds.max) {
        refuse(name, "range", between(bounds.min, bounds.max));
        return {};
    }
    return number;
}

bool Fields::boolean(std::string_view name) {
    if (!has(name)) refuse(name, "required");
    return boolean_or(name, false);
}

bool Fields::boolean_or(std::string_view name, bool otherwise) {
    const nlohmann::json* value = member(name);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) {
        refuse(name, "format", "boolean");
        return otherwise;
    }
    return value->get<bool>();
}

std::size_t Fields::choice(std::string_view name, const std::vector<std::string_view>& choices) {
    if (!has(name)) refuse(name, "required");
    return optional_choice(name, choices).value_or(0);
}

std::optional<std::size_t> Fields::optional_choice(std::string_view name,
                                                   const std::vector<std::string_view>& choices) {
    const nlohmann::json* value = member(name);
    if (value == nullptr) return {};
    if (!value->is_string()) {
        refuse(name, "format", "text");
        return {};
    }
    const auto at =
        std::ranges::find(choices, std::string_view(value->get_ref<const std::string&>()));
    if (at == choices.end()) {
        std::string known;
        for (const std::string_view choice : choices) {
            if (!known.empty()) known += '|';
            known += choice;
        }
        refuse(name, "unknown", std::move(known));
        return {};
    }
    return static_cast<std::size_t>(at - choices.begin());
}

const nlohmann::json& Fields::object(std::string_view name) {
    const nlohmann::json* value = member(name);
    if (value == nullptr) {
        refuse(name, "required");
        return kNull;
    }
    if (!value->is_object()) {
        refuse(name, "format", "object");
        return kNull;
    }
    return *value;
}

const nlohmann::json& Fields::array(std::string_view name) {
    const nlohmann::json* value = member(name);
    if (value == nullptr) {
        refuse(name, "required");
        return kNull;
    }
    if (!value->is_array()) {
        refuse(name, "format", "array");
        return kNull;
    }
    return *value;
}

void Fields::absorb(const Fields& nested) {
    if (const auto error = nested.errors()) absorb(*error);
}

void Fields::absorb(const base::Error& nested) {
    for (const base::FieldError& fault : nested.fields) {
        if (std::ranges::find(faults_, fault.pointer, &base::FieldError::pointer) ==
            faults_.end()) {
            faults_.push_back(fault);
        }
    }
    if (nested.fields.empty()) faults_.push_back({pointer_, nested.code, nested.detail});
}

std::optional<base::Error> Fields::errors() const {
    if (faults_.empty()) return {};
    return base::Error{"invalid", {}, faults_};
}

}  // namespace preau::json
