#include "tests/simulators/stripe/form.hpp"

#include <cctype>
#include <string>
#include <vector>

namespace preau::stripe_simulator {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kDepthMax = 8;

std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] == '%') {
            if (i + 2 >= text.size() ||
                std::isxdigit(static_cast<unsigned char>(text[i + 1])) == 0 ||
                std::isxdigit(static_cast<unsigned char>(text[i + 2])) == 0) {
                return std::nullopt;
            }
            out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// "a[b][0]" -> a, b, 0
std::optional<std::vector<std::string>> steps_of(const std::string& name) {
    std::vector<std::string> steps;
    const auto bracket = name.find('[');
    steps.push_back(name.substr(0, bracket));
    std::size_t at = bracket;
    while (at != std::string::npos && at < name.size()) {
        const auto close = name.find(']', at);
        if (name[at] != '[' || close == std::string::npos) return std::nullopt;
        steps.push_back(name.substr(at + 1, close - at - 1));
        at = close + 1;
    }
    if (steps.size() > kDepthMax) return std::nullopt;
    return steps;
}

/// Objects whose keys are 0 … n-1 become arrays.
Json with_arrays(Json value) {
    if (!value.is_object()) return value;
    for (auto& [key, member] : value.items())
        member = with_arrays(std::move(member));
    Json list = Json::array();
    for (std::size_t i = 0; i < value.size(); ++i) {
        const auto member = value.find(std::to_string(i));
        if (member == value.end()) return value;
        list.push_back(*member);
    }
    return list.empty() ? value : list;
}

}  // namespace

std::optional<nlohmann::json> parse_form(std::string_view body) {
    Json root = Json::object();
    while (!body.empty()) {
        const auto pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        const auto name = decoded(pair.substr(0, equals));
        const auto value = decoded(equals == std::string_view::npos ? std::string_view()
                                                                    : pair.substr(equals + 1));
        if (!name || !value) return std::nullopt;
        const auto steps = steps_of(*name);
        if (!steps) return std::nullopt;
        Json* at = &root;
        for (const auto& step : *steps) {
            if (at->is_string()) return std::nullopt;
            at = &(*at)[step];
        }
        *at = *value;
    }
    return with_arrays(std::move(root));
}

}  // namespace preau::stripe_simulator
