#include "shared/text/reference.hpp"

#include <cassert>
#include <cstddef>

namespace preau::text {

namespace {

constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int kBase = 32;

int value_of(char letter) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    if (letter == 'O') letter = '0';
    if (letter == 'I' || letter == 'L') letter = '1';
    const auto at = kLetters.find(letter);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

char check_letter(std::string_view payload) {
    int sum = 0;
    int factor = 2;
    for (std::size_t i = payload.size(); i-- > 0;) {
        const int product = value_of(payload[i]) * factor;
        sum += product / kBase + product % kBase;
        factor = 3 - factor;
    }
    return kLetters[static_cast<std::size_t>((kBase - sum % kBase) % kBase)];
}

std::string printed(std::string_view prefix, std::string_view payload) {
    return std::string(prefix) + "-" + std::string(payload) + "-" + check_letter(payload);
}

char lower(char letter) {
    return static_cast<char>(letter | 0x20);
}

}  // namespace

std::string make_reference(std::string_view prefix, std::uint64_t random, int letters) {
    assert(letters >= 4 && letters <= 8);
    std::string payload;
    for (int i = 0; i < letters; ++i) {
        payload += kLetters[random % kBase];
        random /= kBase;
    }
    return printed(prefix, payload);
}

std::optional<std::string> read_reference(std::string_view prefix, std::string_view typed) {
    std::string letters;
    for (const char letter : typed) {
        if (letter == '-' || letter == ' ') continue;
        letters += letter;
    }
    if (letters.size() < prefix.size() + 5 || letters.size() > prefix.size() + 9) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < prefix.size(); ++i) {
        if (lower(letters[i]) != lower(prefix[i])) return std::nullopt;
    }
    std::string payload;
    for (const char letter : std::string_view(letters).substr(prefix.size())) {
        const int value = value_of(letter);
        if (value < 0) return std::nullopt;
        payload += kLetters[static_cast<std::size_t>(value)];
    }
    const char check = payload.back();
    payload.pop_back();
    if (check != check_letter(payload)) return std::nullopt;
    return printed(prefix, payload);
}

}  // namespace preau::text
