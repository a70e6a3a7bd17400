#include "services/inventory/domain/territory.hpp"

#include <array>

namespace preau::inventory {
namespace {

struct Overseas {
    std::string_view departement;
    std::string_view zone;
    std::string_view territory;
};

constexpr std::array<Overseas, 11> kOverseas{{
    {"971", "America/Guadeloupe", "guadeloupe"},
    {"972", "America/Martinique", "martinique"},
    {"973", "America/Cayenne", "guyane"},
    {"974", "Indian/Reunion", "la-reunion"},
    {"975", "America/Miquelon", "saint-pierre-et-miquelon"},
    {"976", "Indian/Mayotte", "mayotte"},
    {"977", "America/St_Barthelemy", "saint-barthelemy"},
    {"978", "America/Marigot", "saint-martin"},
    {"986", "Pacific/Wallis", "wallis-et-futuna"},
    {"987", "Pacific/Tahiti", "polynesie-francaise"},
    {"988", "Pacific/Noumea", "nouvelle-caledonie"},
}};

const Overseas* overseas(std::string_view departement) {
    for (const Overseas& one : kOverseas) {
        if (one.departement == departement) return &one;
    }
    return nullptr;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

std::string departement_code(std::string_view text) {
    if (text.size() == 3 && text[0] == '0') text.remove_prefix(1);
    const bool corsica = text == "2A" || text == "2B";
    const bool two = text.size() == 2 && is_digit(text[0]) && is_digit(text[1]);
    const bool three = text.size() == 3 && overseas(text) != nullptr;
    return corsica || two || three ? std::string(text) : std::string();
}

std::string_view zone_of(std::string_view departement, std::string_view commune_insee) {
    for (const std::string_view marquesas :
         {"98723", "98731", "98732", "98746", "98750", "98757"}) {
        if (commune_insee == marquesas) return "Pacific/Marquesas";
    }
    if (commune_insee == "98719") return "Pacific/Gambier";
    const Overseas* far = overseas(departement);
    return far == nullptr ? "Europe/Paris" : far->zone;
}

std::string_view territory_of(std::string_view departement) {
    if (departement == "57" || departement == "67" || departement == "68") return "alsace-moselle";
    const Overseas* far = overseas(departement);
    return far == nullptr ? "metropole" : far->territory;
}

}  // namespace preau::inventory
