#include "services/gateway/pages/values.hpp"

#include <algorithm>

namespace preau::gateway {

namespace {

const nlohmann::json* find(const nlohmann::json& object, std::string_view name) {
    if (!object.is_object()) return nullptr;
    const auto at = object.find(name);
    return at == object.end() ? nullptr : &*at;
}

}  // namespace

nlohmann::json member_of(const nlohmann::json& object, std::string_view name) {
    const auto* member = find(object, name);
    return member != nullptr && member->is_object() ? *member : nlohmann::json::object();
}

nlohmann::json list_of(const nlohmann::json& object, std::string_view name) {
    const auto* member = find(object, name);
    return member != nullptr && member->is_array() ? *member : nlohmann::json::array();
}

std::string text_of(const nlohmann::json& object, std::string_view name) {
    const auto* member = find(object, name);
    if (member == nullptr) return {};
    if (member->is_string()) return member->get<std::string>();
    if (member->is_number_integer()) return std::to_string(member->get<std::int64_t>());
    return {};
}

nlohmann::json optional_text(const nlohmann::json& object, std::string_view name) {
    auto text = text_of(object, name);
    return text.empty() ? nlohmann::json(false) : nlohmann::json(std::move(text));
}

std::int64_t integer_of(const nlohmann::json& object, std::string_view name,
                        std::int64_t otherwise) {
    const auto* member = find(object, name);
    return member != nullptr && member->is_number_integer() ? member->get<std::int64_t>()
                                                            : otherwise;
}

double number_of(const nlohmann::json& object, std::string_view name, double otherwise) {
    const auto* member = find(object, name);
    return member != nullptr && member->is_number() ? member->get<double>() : otherwise;
}

bool flag_of(const nlohmann::json& object, std::string_view name, bool otherwise) {
    const auto* member = find(object, name);
    return member != nullptr && member->is_boolean() ? member->get<bool>() : otherwise;
}

std::int64_t cents_of(const nlohmann::json& object, std::string_view name, std::int64_t otherwise) {
    const auto* member = find(object, name);
    if (member == nullptr) return otherwise;
    if (member->is_number_integer()) return member->get<std::int64_t>();
    return integer_of(*member, "amount", otherwise);
}

std::string uncapitalised(std::string text) {
    const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (text.empty() || !capital(text[0])) return text;
    if (std::count_if(text.begin(), text.end(), capital) == 1) {
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    }
    return text;
}

std::string capitalised(std::string text) {
    if (text.empty()) return text;
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead >= 'a' && lead <= 'z') {
        text[0] = static_cast<char>(lead - 'a' + 'A');
    } else if (lead == 0xC3 && text.size() > 1) {
        // U+00E0 to U+00FE stand 32 above their capitals, but for the division sign.
        const auto second = static_cast<unsigned char>(text[1]);
        if (second >= 0xA0 && second <= 0xBE && second != 0xB7) {
            text[1] = static_cast<char>(second - 0x20);
        }
    }
    return text;
}

}  // namespace preau::gateway
