#include "services/gateway/pages/request_extras.hpp"

#include <algorithm>

#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "extra_";
constexpr std::size_t kDigitsMax = 8;

std::string count_of(const RequestForm& form, const std::string& code) {
    const auto at =
        std::ranges::find(form.extras, code, &std::pair<std::string, std::string>::first);
    return at == form.extras.end() ? std::string("0") : at->second;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> chosen_extras(const net::Pairs& form) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& [name, value] : form.list()) {
        if (!name.starts_with(kPrefix) || value.empty() || value == "0") continue;
        out.emplace_back(name.substr(kPrefix.size()), value);
    }
    return out;
}

json extras_body(const RequestForm& form) {
    auto out = json::array();
    for (const auto& [code, count] : form.extras) {
        const bool digits = count.size() <= kDigitsMax &&
                            count.find_first_not_of("0123456789") == std::string::npos;
        out.push_back({{"code", code}, {"count", digits ? json(std::stoll(count)) : json(count)}});
    }
    return out;
}

json extras_view(const Visit& visit, const RequestForm& form, const json& quote) {
    auto items = json::array();
    for (const auto& extra : list_of(quote, "extras_offered")) {
        const auto code = text_of(extra, "code");
        const auto per = text_of(extra, "per");
        const auto chosen = count_of(form, code);
        const auto most = integer_of(extra, "count_max", 1);
        auto options = json::array();
        for (std::int64_t n = 0; n <= most; ++n) {
            const auto text = std::to_string(n);
            options.push_back(option_view(
                text, n == 0 ? visit.text("request_form.extra_none") : text, chosen == text));
        }
        const auto deposit = cents_of(extra, "deposit");
        json deposit_note = false;
        if (deposit > 0) {
            deposit_note = visit.words.fill("request_form.extra_deposit",
                                            {{"amount", visit.format.tariff(deposit)}});
        }
        items.push_back(
            {{"code", code},
             {"label", text_of(extra, "label")},
             {"price_text",
              visit.words.fill("price.unit_price",
                               {{"price", visit.format.tariff(cents_of(extra, "price"))},
                                {"unit", visit.words.text_or("unit." + per, per)}})},
             {"deposit_text", deposit_note},
             {"one", most == 1 ? json{{"checked", chosen != "0"}} : json(false)},
             {"options", most == 1 ? json(false) : options}});
    }
    if (items.empty()) return false;
    return {{"items", items}, {"open", !form.extras.empty()}};
}

}  // namespace preau::gateway
