#include "services/payment/provider/stripe/form.hpp"

namespace preau::payment::stripe {

std::string encoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '[' ||
                           c == ']';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += kHex[byte >> 4];
            out += kHex[byte & 0xf];
        }
    }
    return out;
}

Form& Form::add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_ += encoded(name) + "=" + encoded(value);
    return *this;
}

Form& Form::add(std::string_view name, std::int64_t value) {
    return add(name, std::to_string(value));
}

}  // namespace preau::payment::stripe
