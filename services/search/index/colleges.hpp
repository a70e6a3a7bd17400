#pragma once
// Establishments by name, for typing along: each word typed begins a word of the name or of the
// commune. Accents, hyphens and case do not matter, and "St" is "Saint".

#include <string>
#include <string_view>
#include <vector>

#include "services/search/index/index.hpp"

namespace preau::search {

struct College {
    std::string establishment_id;
    std::string name;
    std::string commune_name;
    double lat = 0;
    double lon = 0;
};

/// At most `count_max` establishments that have a published room, by name.
std::vector<College> suggest_colleges(const Index::View& view, std::string_view text,
                                      std::size_t count_max);

}  // namespace preau::search
