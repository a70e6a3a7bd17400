#include "services/search/index/colleges.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <tuple>

#include "services/search/index/places.hpp"

namespace preau::search {
namespace {

std::vector<std::string> words_of(std::string_view text) {
    std::istringstream in(place_key(text));
    std::vector<std::string> out;
    for (std::string word; in >> word;)
        out.push_back(word);
    return out;
}

bool begins_one(const std::string& typed, const std::vector<std::string>& words) {
    return std::ranges::any_of(words,
                               [&](const std::string& word) { return word.starts_with(typed); });
}

}  // namespace

std::vector<College> suggest_colleges(const Index::View& view, std::string_view text,
                                      std::size_t count_max) {
    const auto typed = words_of(text);
    std::vector<College> out;
    if (typed.empty()) return out;
    std::set<std::string> seen;
    const std::string* last = nullptr;
    for (const RoomEntry& room : view.rooms().all()) {
        const wire::Space& facts = room.space->facts;
        // Rooms of one establishment nearly always follow one another.
        const std::string& id = facts.establishment.str();
        if (!room.published || (last != nullptr && *last == id)) continue;
        last = &id;
        const auto words = words_of(facts.establishment_name + " " + facts.commune_name);
        const bool all = std::ranges::all_of(
            typed, [&](const std::string& word) { return begins_one(word, words); });
        if (!all || !seen.insert(id).second) continue;
        out.push_back({id, facts.establishment_name, facts.commune_name, facts.lat, facts.lon});
    }
    std::ranges::sort(out, {}, [](const College& one) {
        return std::tie(one.name, one.commune_name, one.establishment_id);
    });
    if (out.size() > count_max) out.resize(count_max);
    return out;
}

}  // namespace preau::search
