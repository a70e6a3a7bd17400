#include "services/inventory/domain/uai.hpp"

namespace preau::inventory {

bool is_uai(std::string_view text) {
    constexpr std::string_view kLetters = "ABCDEFGHJKLMNPRSTUVWXYZ";
    if (text.size() != 8) return false;
    unsigned remainder = 0;
    for (const char c : text.substr(0, 7)) {
        if (c < '0' || c > '9') return false;
        remainder = (remainder * 10 + static_cast<unsigned>(c - '0')) % 23;
    }
    return text[7] == kLetters[remainder];
}

}  // namespace preau::inventory
