#include "shared/rules/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace preau::rules {
namespace {

constexpr std::array<std::string_view, 7> kKinds{
    "gym", "polyvalente", "classroom", "it_room", "auditorium", "dojo", "meeting"};
constexpr std::array<std::string_view, 27> kEquipment{"accessible_toilets",
                                                      "badminton",
                                                      "basketball",
                                                      "bike_shelter",
                                                      "blackout",
                                                      "bleachers",
                                                      "chairs",
                                                      "changing_rooms",
                                                      "climbing_wall",
                                                      "computers",
                                                      "dividing_curtains",
                                                      "fixed_seats",
                                                      "futsal",
                                                      "handball",
                                                      "interactive_board",
                                                      "kitchen_corner",
                                                      "mats",
                                                      "parking",
                                                      "projector",
                                                      "scoreboard",
                                                      "showers",
                                                      "sound_system",
                                                      "stage",
                                                      "stage_lighting",
                                                      "tables",
                                                      "volleyball",
                                                      "whiteboard"};
static_assert(kEquipment.size() <= 64);

}  // namespace

std::span<const std::string_view> kind_words() {
    return kKinds;
}

std::span<const std::string_view> equipment_words() {
    return kEquipment;
}

std::optional<std::size_t> word_number(std::span<const std::string_view> words,
                                       std::string_view word) {
    const auto at = std::ranges::find(words, word);
    if (at == words.end()) return std::nullopt;
    return static_cast<std::size_t>(at - words.begin());
}

}  // namespace preau::rules
