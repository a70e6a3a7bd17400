#include "tests/unit/services/payment/stripe_schema.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <stdexcept>

namespace preau::payment::test {

namespace {

using Json = nlohmann::json;
using Fault = std::optional<std::string>;

/// Requests: unknown members are faults, and all values are text. Answers: more members than are
/// known here are none, for Stripe may add some.
enum class Side { request, answer };

class Checker {
public:
    Checker(const Json& definitions, Side side) : definitions_(definitions), side_(side) {}

    Fault fault(const Json& value, const Json& schema, const std::string& at) const {
        if (schema.is_string()) return simple(value, schema.get<std::string>(), at);
        if (const auto words = schema.find("enum"); words != schema.end()) {
            const bool known = std::ranges::find(*words, value) != words->end();
            return known ? Fault{} : Fault(at + ": " + value.dump() + " is none of the words");
        }
        if (const auto any = schema.find("anyOf"); any != schema.end()) {
            Fault last;
            for (const auto& one : *any) {
                last = fault(value, one, at);
                if (!last) return last;
            }
            return last;
        }
        if (const auto of = schema.find("ref"); of != schema.end()) {
            return fault(value, definitions_.at(of->get<std::string>()), at);
        }
        if (const auto of = schema.find("array"); of != schema.end()) return list(value, *of, at);
        if (const auto of = schema.find("map"); of != schema.end()) {
            if (!value.is_object()) return at + ": no map";
            for (const auto& [name, member] : value.items()) {
                if (auto bad = fault(member, *of, at + "." + name)) return bad;
            }
            return {};
        }
        return members(value, schema, at);
    }

private:
    static bool is_number(const std::string& text) {
        std::int64_t out = 0;
        const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), out);
        return bad == std::errc{} && end == text.data() + text.size();
    }

    Fault simple(const Json& value, const std::string& kind, const std::string& at) const {
        const bool text = value.is_string();
        const bool from_text = side_ == Side::request && text;
        const bool fits =
            kind == "any" || (kind == "string" && text) || (kind == "null" && value.is_null()) ||
            (kind == "boolean" &&
             (value.is_boolean() || (from_text && (value == "true" || value == "false")))) ||
            (kind == "number" &&
             (value.is_number() || (from_text && is_number(value.get<std::string>()))));
        return fits ? Fault{} : Fault(at + ": " + value.dump() + " is no " + kind);
    }

    Fault list(const Json& value, const Json& of, const std::string& at) const {
        if (!value.is_array()) return at + ": no list";
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (auto bad = fault(value[i], of, at + "[" + std::to_string(i) + "]")) return bad;
        }
        return {};
    }

    Fault members(const Json& value, const Json& schema, const std::string& at) const {
        if (!value.is_object()) return at + ": no object";
        for (const auto& name : schema.at("required")) {
            if (!value.contains(name.get<std::string>())) {
                return at + ": lacks " + name.get<std::string>();
            }
        }
        const auto& known = schema.at("properties");
        for (const auto& [name, member] : value.items()) {
            const auto of = known.find(name);
            if (of == known.end()) {
                if (side_ == Side::request) return at + ": " + name + " is not known";
                continue;
            }
            if (auto bad = fault(member, *of, at + "." + name)) return bad;
        }
        return {};
    }

    const Json& definitions_;
    Side side_;
};

bool matches(std::string_view pattern, std::string_view path) {
    while (!pattern.empty() && !path.empty()) {
        if (pattern.starts_with("{id}")) {
            const auto end = path.find('/');
            if (end == 0) return false;
            pattern.remove_prefix(4);
            path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
            continue;
        }
        if (pattern.front() != path.front()) return false;
        pattern.remove_prefix(1);
        path.remove_prefix(1);
    }
    return pattern.empty() && path.empty();
}

}  // namespace

StripeSchema::StripeSchema() {
    std::ifstream in(std::string(PREAU_SOURCE_DIR) + "/tests/contract/stripe/schema.json");
    if (!in) throw std::runtime_error("tests/contract/stripe/schema.json is missing");
    schema_ = Json::parse(in);
}

const Json* StripeSchema::operation(std::string_view method, std::string_view path) const {
    for (const auto& one : schema_.at("operations")) {
        if (one.at("method") == method && matches(one.at("path").get<std::string>(), path)) {
            return &one;
        }
    }
    return nullptr;
}

Fault StripeSchema::fault_of_request(std::string_view method, std::string_view path,
                                     const Json& parameters) const {
    const auto* found = operation(method, path);
    if (found == nullptr) return std::string(method) + " " + std::string(path) + ": not known";
    return Checker(schema_.at("definitions"), Side::request)
        .fault(parameters, found->at("request"), std::string(path));
}

Fault StripeSchema::fault_of_answer(std::string_view method, std::string_view path,
                                    const Json& answer) const {
    const auto* found = operation(method, path);
    if (found == nullptr) return std::string(method) + " " + std::string(path) + ": not known";
    return Checker(schema_.at("definitions"), Side::answer)
        .fault(answer, found->at("answer"), std::string(path));
}

}  // namespace preau::payment::test
