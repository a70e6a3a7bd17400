#include "services/accounts/domain/registers.hpp"

#include <algorithm>
#include <vector>

namespace preau::accounts {
namespace {

constexpr std::string_view kLaPoste = "356000000";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, is_digit);
}

int luhn_sum(std::string_view digits) {
    int sum = 0;
    bool doubled = false;
    for (std::size_t i = digits.size(); i > 0; --i) {
        int n = digits[i - 1] - '0';
        if (doubled) n = n > 4 ? 2 * n - 9 : 2 * n;
        sum += n;
        doubled = !doubled;
    }
    return sum;
}

int plain_sum(std::string_view digits) {
    int sum = 0;
    for (const char c : digits)
        sum += c - '0';
    return sum;
}

}  // namespace

std::string compacted(std::string_view typed) {
    std::string out;
    for (const char c : typed) {
        if (c == ' ' || c == '.' || c == '-') continue;
        out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return out;
}

bool is_rna(std::string_view compact) {
    return compact.size() == 10 && compact[0] == 'W' && is_digit(compact[1]) &&
           (is_digit(compact[2]) || is_upper(compact[2])) && all_digits(compact.substr(3));
}

bool is_siren(std::string_view compact) {
    return compact.size() == 9 && all_digits(compact) && compact != "000000000" &&
           luhn_sum(compact) % 10 == 0;
}

bool is_siret(std::string_view compact) {
    if (compact.size() != 14 || !all_digits(compact)) return false;
    const std::string_view siren = compact.substr(0, 9);
    if (!is_siren(siren)) return false;
    // La Poste ran out of office numbers with a Luhn sum; its seat keeps the ordinary rule as well.
    if (siren == kLaPoste && plain_sum(compact) % 5 == 0) return true;
    return luhn_sum(compact) % 10 == 0;
}

std::optional<CourtEntry> court_entry(std::string_view text) {
    std::vector<std::string_view> pieces;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t slash = std::min(text.find('/', from), text.size());
        pieces.push_back(text.substr(from, slash - from));
        from = slash + 1;
    }
    if (pieces.size() != 4) return std::nullopt;
    if (pieces[0] != "57" && pieces[0] != "67" && pieces[0] != "68") return std::nullopt;
    if (pieces[1].empty() || pieces[1].size() > 60 || std::ranges::any_of(pieces[1], is_digit)) {
        return std::nullopt;
    }
    const auto number = [](std::string_view piece) {
        return !piece.empty() && piece.size() <= 6 && all_digits(piece);
    };
    if (!number(pieces[2]) || !number(pieces[3])) return std::nullopt;
    return CourtEntry{std::string(pieces[0]), std::string(pieces[1]), std::string(pieces[2]),
                      std::string(pieces[3])};
}

}  // namespace preau::accounts
