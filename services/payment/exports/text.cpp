#include "services/payment/exports/text.hpp"

#include <algorithm>

namespace preau::payment::exports {

namespace {

constexpr std::size_t kIbanMin = 15;
constexpr std::size_t kIbanMax = 34;
constexpr std::size_t kFrenchKey = 21;  // bank 5, branch 5, number 11

std::string amount(std::int64_t cents, char mark) {
    const auto size = cents < 0 ? -cents : cents;
    const auto rest = std::to_string(size % 100);
    return (cents < 0 ? "-" : "") + std::to_string(size / 100) + mark +
           (rest.size() < 2 ? "0" : "") + rest;
}

/// The number that digits and letters (A = 10) write, modulo 97.
int modulo_97(std::string_view text) {
    int out = 0;
    for (const char c : text) {
        const int value = c >= 'A' ? c - 'A' + 10 : c - '0';
        out = (out * (value > 9 ? 100 : 10) + value) % 97;
    }
    return out;
}

/// The key that ends a French account: letters count as the digits of their column on a French
/// keyboard of cheques (A and J and no S: 1; B, K, S: 2 …).
std::string rib_key(std::string_view account) {
    int out = 0;
    for (const char c : account) {
        int digit = c - '0';
        if (c >= 'A' && c <= 'I') digit = c - 'A' + 1;
        if (c >= 'J' && c <= 'R') digit = c - 'J' + 1;
        if (c >= 'S' && c <= 'Z') digit = c - 'S' + 2;
        out = (out * 10 + digit) % 97;
    }
    const int key = 97 - (out * 100) % 97;
    return (key < 10 ? "0" : "") + std::to_string(key);
}

}  // namespace

std::string euros(std::int64_t cents) {
    return amount(cents, ',');
}

std::string decimal(std::int64_t cents) {
    return amount(cents, '.');
}

std::string compact(time::Date day) {
    auto out = day.iso();
    std::erase(out, '-');
    return out;
}

std::string cell(std::string_view given) {
    std::string text(given);
    if (!text.empty() && std::string_view("=+-@\t\r").contains(text.front())) {
        text.insert(0, "'");
    }
    if (text.find_first_of(";\"\n\r") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + "\"";
}

std::string row(const std::vector<std::string>& written) {
    std::string out;
    for (std::size_t i = 0; i < written.size(); ++i)
        out += (i == 0 ? "" : ";") + written[i];
    return out + "\r\n";
}

std::string field(std::string_view text) {
    std::string out(text);
    std::ranges::replace_if(
        out, [](char c) { return c == '\t' || c == '\n' || c == '\r' || c == '|'; }, ' ');
    return out;
}

std::optional<std::string> iban_of(std::string_view key) {
    if (key.size() != kFrenchKey) return read_iban(key);
    const auto account = std::string(key) + rib_key(key);
    const int check = 98 - modulo_97(account + "FR00");
    return "FR" + std::string(check < 10 ? "0" : "") + std::to_string(check) + account;
}

std::optional<std::string> read_iban(std::string_view typed) {
    std::string out;
    for (const char c : typed) {
        if (c == ' ') continue;
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        if (!((upper >= 'A' && upper <= 'Z') || (upper >= '0' && upper <= '9'))) return {};
        out += upper;
    }
    if (out.size() < kIbanMin || out.size() > kIbanMax || out[0] < 'A' || out[1] < 'A') return {};
    if (modulo_97(out.substr(4) + out.substr(0, 4)) != 1) return {};
    return out;
}

}  // namespace preau::payment::exports
