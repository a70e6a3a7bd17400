#include "services/inventory/domain/demo.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "shared/base/demo_ids.hpp"
#include "shared/text/french.hpp"

namespace preau::inventory::demo {
namespace {

constexpr std::array<Showcase, 9> kShowcase{{
    {"0382042N", 120, 840, true},   // La Garenne, Voiron
    {"0382495F", 120, 800, true},   // Plan Menu, Coublevie
    {"0383454Y", 90, 640, true},    // des Collines, Chirens
    {"0381908T", 150, 960, true},   // Le Vergeron, Moirans
    {"0380067S", 120, 800, false},  // Condorcet, Tullins
    {"0382266G", 100, 720, true},   // Robert Desnos, Rives
    {"0382663N", 120, 800, true},   // André Malraux, Voreppe
    {"0380062L", 110, 760, true},   // Le Grand Som, Saint-Laurent-du-Pont
    {"0380026X", 90, 660, false},   // Liers et Lemps, Le Grand-Lemps
}};

// Proportions of the whole: what 97 collèges have.
constexpr std::size_t kColleges = 97;
constexpr std::size_t kGyms = 30;
constexpr std::size_t kAuditoriums = 22;
constexpr std::size_t kSecondItRooms = 24;
constexpr std::size_t kSpaces = 800;

const Showcase* showcase_of(std::string_view uai) {
    for (const Showcase& one : kShowcase) {
        if (one.uai == uai) return &one;
    }
    return nullptr;
}

std::size_t in_proportion(std::size_t of_97, std::size_t establishments) {
    return (of_97 * establishments + kColleges / 2) / kColleges;
}

/// "Gymnase" at "Collège La Garenne" gives "Gymnase du collège La Garenne".
std::string name_at(std::string_view what, std::string_view establishment) {
    constexpr std::string_view kCollege = "Collège ";
    const bool college = establishment.starts_with(kCollege);
    const std::string rest(college ? establishment.substr(kCollege.size()) : establishment);
    return std::string(what) + (college ? " du collège " : ", ") + rest;
}

/// What is common to every space; parts and offers follow.
Space blank(const EstablishmentFacts& at, SpaceKind kind, const std::string& what) {
    Space space;
    space.slug = text::slug(what) + "-" + at.establishment.slug;
    space.id = base::demo::id<base::SpaceId>("space", space.slug);
    space.body = at.establishment.body;
    space.establishment = at.establishment.id;
    space.site = at.site.id;
    space.name = name_at(what, at.establishment.name);
    space.kind = kind;
    space.published = true;
    space.demonstration = true;
    return space;
}

base::PartId add_part(Space& space, const std::string& key, const std::string& name) {
    space.parts.push_back({base::demo::id<base::PartId>("part", space.slug + ":" + key), name});
    return space.parts.back().id;
}

void add_offer(Space& space, const std::string& key, const std::string& name,
               std::vector<base::PartId> parts, int capacity, const std::string& tariff_kind) {
    rules::Offer offer;
    offer.id = base::demo::id<base::OfferId>("offer", space.slug + ":" + key);
    offer.name = name;
    std::ranges::sort(parts);
    offer.parts = std::move(parts);
    offer.capacity = capacity;
    offer.tariff_kind = tariff_kind;
    if (space.kind == SpaceKind::gym) offer.buffer_after_min = 15;
    if (space.kind == SpaceKind::polyvalente || space.kind == SpaceKind::auditorium) {
        offer.buffer_before_min = 30;
        offer.buffer_after_min = 30;
    }
    space.offers.push_back(std::move(offer));
}

void add_whole(Space& space, const std::string& tariff_kind) {
    const base::PartId part = add_part(space, "A", "Salle entière");
    add_offer(space, "whole", "Salle entière", {part}, space.capacity(), tariff_kind);
}

void add_words(std::vector<std::string>& words, std::initializer_list<std::string_view> more) {
    for (const std::string_view word : more)
        words.emplace_back(word);
    std::ranges::sort(words);
}

void add_thirds(Space& space) {
    const int third = space.capacity() / 3;
    const base::PartId a = add_part(space, "A", "Tiers A");
    const base::PartId b = add_part(space, "B", "Tiers B");
    const base::PartId c = add_part(space, "C", "Tiers C");
    add_offer(space, "whole", "Gymnase entier", {a, b, c}, space.capacity(), "gym");
    add_offer(space, "A", "Tiers A", {a}, third, "gym_part");
    add_offer(space, "B", "Tiers B", {b}, third, "gym_part");
    add_offer(space, "C", "Tiers C", {c}, third, "gym_part");
    add_offer(space, "AB", "Tiers A et B", {a, b}, 2 * third, "gym_two_parts");
}

Space gym(Dice& dice, const EstablishmentFacts& at) {
    Space space = blank(at, SpaceKind::gym, "Gymnase");
    const int size = dice.between(0, 5);
    space.capacity_standing = 90 + 12 * size;
    space.area_m2 = 640 + 60 * size + 5 * dice.between(0, 8);
    space.step_free = dice.chance(80);
    if (const Showcase* shown = showcase_of(at.establishment.uai)) {
        space.capacity_standing = shown->gym_capacity;
        space.area_m2 = shown->gym_area_m2;
        space.step_free = shown->step_free;
    }
    space.capacity_seated = space.capacity_standing * 2 / 3;
    add_words(space.equipment, {"changing_rooms", "showers", "dividing_curtains", "basketball",
                                "volleyball", "badminton", "parking"});
    if (space.step_free) add_words(space.equipment, {"accessible_toilets"});
    if (dice.chance(75)) add_words(space.equipment, {"handball"});
    if (dice.chance(60)) add_words(space.equipment, {"futsal"});
    if (dice.chance(35)) add_words(space.equipment, {"climbing_wall"});
    if (dice.chance(50)) add_words(space.equipment, {"scoreboard"});
    if (dice.chance(40)) add_words(space.equipment, {"bleachers"});
    if (dice.chance(45)) add_words(space.equipment, {"mats"});
    if (dice.chance(55)) add_words(space.equipment, {"bike_shelter"});
    space.purposes = {"dance", "sport"};
    const auto has = [&](std::string_view word) {
        return std::ranges::find(space.equipment, word) != space.equipment.end();
    };
    if (has("climbing_wall")) add_words(space.purposes, {"climbing"});
    if (has("mats")) add_words(space.purposes, {"martial_arts"});
    add_thirds(space);
    return space;
}

Space polyvalente(Dice& dice, const EstablishmentFacts& at) {
    Space space = blank(at, SpaceKind::polyvalente, "Salle polyvalente");
    const bool shown = showcase_of(at.establishment.uai) != nullptr;
    space.capacity_seated = 10 * dice.between(shown ? 6 : 4, 10);
    space.capacity_standing = std::min(150, space.capacity_seated * 14 / 10);
    space.area_m2 = space.capacity_seated * 3 / 2 + 5 * dice.between(3, 9);
    space.step_free = shown || dice.chance(85);
    add_words(space.equipment, {"tables", "chairs", "sound_system"});
    if (space.step_free) add_words(space.equipment, {"accessible_toilets"});
    if (dice.chance(70)) add_words(space.equipment, {"projector"});
    if (dice.chance(60)) add_words(space.equipment, {"stage"});
    if (dice.chance(30)) add_words(space.equipment, {"kitchen_corner"});
    if (dice.chance(60)) add_words(space.equipment, {"parking"});
    if (dice.chance(25)) add_words(space.equipment, {"blackout"});
    add_words(space.purposes, {"meeting", "general_assembly", "show", "rehearsal", "workshop",
                               "dance", "training"});
    add_whole(space, "polyvalente");
    return space;
}

Space auditorium(Dice& dice, const EstablishmentFacts& at) {
    Space space = blank(at, SpaceKind::auditorium, "Auditorium");
    space.capacity_seated = 10 * dice.between(9, 14);
    space.area_m2 = space.capacity_seated + 5 * dice.between(6, 12);
    space.step_free = dice.chance(85);
    add_words(space.equipment, {"fixed_seats", "stage", "projector", "sound_system", "blackout"});
    if (space.step_free) add_words(space.equipment, {"accessible_toilets"});
    if (dice.chance(60)) add_words(space.equipment, {"stage_lighting"});
    if (dice.chance(50)) add_words(space.equipment, {"parking"});
    add_words(space.purposes, {"show", "rehearsal", "meeting", "general_assembly", "training"});
    add_whole(space, "auditorium");
    return space;
}

Space it_room(Dice& dice, const EstablishmentFacts& at, int number) {
    Space space =
        blank(at, SpaceKind::it_room, number == 1 ? "Salle informatique" : "Salle informatique 2");
    space.capacity_seated = 2 * dice.between(12, 16);
    space.area_m2 = 2 * space.capacity_seated + dice.between(4, 12);
    space.step_free = dice.chance(70);
    add_words(space.equipment, {"computers", "tables", "chairs", "projector", "whiteboard"});
    add_words(space.purposes, {"computing", "training", "workshop", "exam"});
    add_whole(space, "it_room");
    return space;
}

Space classroom(Dice& dice, const EstablishmentFacts& at, int number) {
    Space space = blank(at, SpaceKind::classroom, "Salle " + std::to_string(number));
    space.capacity_seated = dice.between(26, 34);
    space.area_m2 = dice.between(50, 62);
    space.step_free = number < 100 ? dice.chance(90) : dice.chance(60);
    add_words(space.equipment, {"tables", "chairs", "whiteboard"});
    if (dice.chance(65)) add_words(space.equipment, {"projector"});
    if (dice.chance(20)) add_words(space.equipment, {"interactive_board"});
    add_words(space.purposes, {"meeting", "training", "workshop", "exam"});
    if (dice.chance(40)) add_words(space.purposes, {"general_assembly"});
    add_whole(space, "classroom");
    return space;
}

using Order = std::vector<const EstablishmentFacts*>;

/// The establishments in an order of their own for each choice.
Order shuffled(std::uint64_t seed, std::string_view choice,
               std::span<const EstablishmentFacts> all) {
    std::vector<std::pair<std::uint64_t, const EstablishmentFacts*>> drawn;
    for (const EstablishmentFacts& one : all) {
        drawn.emplace_back(Dice(seed, std::string(choice) + ":" + one.establishment.uai).next(),
                           &one);
    }
    std::ranges::sort(drawn, [](const auto& a, const auto& b) {
        return std::pair{a.first, a.second->establishment.uai} <
               std::pair{b.first, b.second->establishment.uai};
    });
    Order out;
    for (const auto& [rank, one] : drawn)
        out.push_back(one);
    return out;
}

std::set<std::string> first_of(const Order& order, std::size_t count) {
    std::set<std::string> out;
    for (const EstablishmentFacts* one : order) {
        if (out.size() == count) break;
        out.insert(one->establishment.uai);
    }
    return out;
}

/// Showcase gyms first, then by the draw.
std::set<std::string> with_gym(std::uint64_t seed, std::span<const EstablishmentFacts> all) {
    Order order;
    Order rest;
    for (const EstablishmentFacts* one : shuffled(seed, "gym", all)) {
        (showcase_of(one->establishment.uai) != nullptr ? order : rest).push_back(one);
    }
    order.insert(order.end(), rest.begin(), rest.end());
    return first_of(order, in_proportion(kGyms, all.size()));
}

/// `total` classrooms over the establishments: three to eight each, pairs trade one or two.
std::map<std::string, int> classrooms(std::uint64_t seed, std::size_t total,
                                      std::span<const EstablishmentFacts> all) {
    const Order order = shuffled(seed, "classrooms", all);
    std::map<std::string, int> out;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::size_t more = i < total % order.size() ? 1 : 0;
        out[order[i]->establishment.uai] = static_cast<int>(total / order.size() + more);
    }
    for (std::size_t i = 0; i + 1 < order.size(); i += 2) {
        int& one = out[order[i]->establishment.uai];
        int& other = out[order[i + 1]->establishment.uai];
        const int traded = std::min(
            {Dice(seed, "trade:" + order[i]->establishment.uai).between(0, 2), one, other});
        one += traded;
        other -= traded;
    }
    return out;
}

/// Distinct door numbers: ground floor to second floor.
std::vector<int> door_numbers(Dice& dice, int count) {
    std::set<int> doors;
    while (doors.size() < static_cast<std::size_t>(count)) {
        doors.insert(100 * dice.between(0, 2) + dice.between(1, 14));
    }
    return {doors.begin(), doors.end()};
}

}  // namespace

std::span<const Showcase> showcase() {
    return kShowcase;
}

Dice::Dice(std::uint64_t seed, std::string_view key) : state_(14695981039346656037ULL ^ seed) {
    for (const char c : key) {
        state_ ^= static_cast<std::uint8_t>(c);
        state_ *= 1099511628211ULL;
    }
}

std::uint64_t Dice::next() {  // splitmix64
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
}

int Dice::between(int low, int high) {
    return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
}

bool Dice::chance(int percent) {
    return between(0, 99) < percent;
}

std::vector<Space> spaces(std::uint64_t seed, time::Date today,
                          std::span<const EstablishmentFacts> establishments) {
    const std::size_t n = establishments.size();
    if (n == 0) return {};
    const std::set<std::string> gyms = with_gym(seed, establishments);
    const std::set<std::string> auditoriums =
        first_of(shuffled(seed, "auditorium", establishments), in_proportion(kAuditoriums, n));
    const std::set<std::string> two_it_rooms =
        first_of(shuffled(seed, "it", establishments), in_proportion(kSecondItRooms, n));
    const std::size_t others = gyms.size() + n + auditoriums.size() + n + two_it_rooms.size();
    const std::size_t total = std::max(in_proportion(kSpaces, n), others + n);
    const auto classes = classrooms(seed, total - others, establishments);

    std::vector<Space> out;
    for (const EstablishmentFacts& at : establishments) {
        const std::string& uai = at.establishment.uai;
        const std::size_t first = out.size();
        Dice dice(seed, "rooms:" + uai);
        if (gyms.contains(uai)) {
            Dice own(seed, "gym-of:" + uai);
            out.push_back(gym(own, at));
        }
        out.push_back(polyvalente(dice, at));
        if (auditoriums.contains(uai)) {
            Dice own(seed, "auditorium-of:" + uai);
            out.push_back(auditorium(own, at));
        }
        for (int i = 1; i <= (two_it_rooms.contains(uai) ? 2 : 1); ++i) {
            out.push_back(it_room(dice, at, i));
        }
        Dice doors(seed, "doors:" + uai);
        for (const int number : door_numbers(doors, classes.at(uai))) {
            out.push_back(classroom(dice, at, number));
        }
        for (std::size_t i = first; i < out.size(); ++i) {
            out[i].opening = opening(seed, today, at, out[i].kind);
        }
    }
    return out;
}

}  // namespace preau::inventory::demo
