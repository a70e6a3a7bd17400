#include "services/gateway/pages/typed_money.hpp"

namespace preau::gateway {

std::optional<std::int64_t> cents_typed(std::string_view typed) {
    std::int64_t euros = 0;
    std::int64_t cents = 0;
    int decimals = -1;  // digits after the comma; none was seen yet
    bool any = false;
    if (constexpr std::string_view kEuro = "€"; typed.ends_with(kEuro)) {
        typed.remove_suffix(kEuro.size());
    }
    for (const char c : typed) {
        if (c >= '0' && c <= '9') {
            any = true;
            if (decimals < 0) euros = euros * 10 + (c - '0');
            if (decimals >= 0 && ++decimals <= 2) cents = cents * 10 + (c - '0');
            if (decimals > 2 || euros > 1'000'000) return std::nullopt;
        } else if ((c == ',' || c == '.') && decimals < 0) {
            decimals = 0;
        } else if (c != ' ') {
            return std::nullopt;
        }
    }
    if (!any) return std::nullopt;
    return euros * 100 + (decimals == 1 ? cents * 10 : cents);
}

}  // namespace preau::gateway
