#include <array>
#include <string>

#include "services/inventory/domain/demo.hpp"
#include "shared/base/demo_ids.hpp"

namespace preau::inventory::demo {
namespace {

struct Row {
    std::string_view tariff_kind;
    rules::Unit unit;
    std::array<std::int64_t, 5> cents;  // A to E; below 0: not let to that category
};

constexpr std::array<Row, 11> kGrid{{
    {"classroom", rules::Unit::hour, {0, 300, 500, 800, 1'500}},
    {"classroom", rules::Unit::half_day, {0, 1'000, 1'800, 3'000, 5'500}},
    {"it_room", rules::Unit::hour, {0, 600, 900, 1'500, 2'500}},
    {"polyvalente", rules::Unit::hour, {0, 800, 1'200, 1'800, 3'500}},
    {"polyvalente", rules::Unit::day, {0, 6'000, 9'000, 14'000, 26'000}},
    {"polyvalente", rules::Unit::weekend, {0, 11'000, 16'000, 25'000, 45'000}},
    {"auditorium", rules::Unit::half_day, {0, 4'000, 6'000, 10'000, 18'000}},
    {"gym", rules::Unit::hour, {0, 900, 1'370, 1'800, 3'200}},
    {"gym", rules::Unit::season, {0, 50'000, 80'000, 110'000, -1}},
    {"gym_part", rules::Unit::hour, {0, 350, 500, 700, 1'200}},
    {"gym_two_parts", rules::Unit::hour, {0, 700, 1'000, 1'400, 2'400}},
}};

// What the grid adds in winter stands where no document names a price: auditoriums by date,
// IT rooms in part of their price; halls and gyms stay as they were voted.
constexpr rules::MonthDay kHeatedFrom{11, 1};
constexpr rules::MonthDay kHeatedUntil{3, 31};

void add_rules(rules::TariffVersion& grid) {
    using enum rules::Unit;
    const std::vector<std::string> halls{"polyvalente", "auditorium"};
    grid.modifiers = {
        {rules::ModifierKind::heating, "it_room", 15, {}, kHeatedFrom, kHeatedUntil},
        {rules::ModifierKind::heating, "auditorium", 0, {2'000}, kHeatedFrom, kHeatedUntil},
        {rules::ModifierKind::weekend, "it_room", 25, {}}};
    grid.extras = {{"sono", "Sonorisation", halls, booking, {3'000}, 1, {25'000}},
                   {"menage", "Ménage après la séance", halls, date, {6'000}, 1, {}},
                   {"technicien", "Technicien", halls, hour, {3'200}, 2, {}}};
    grid.deposits = {{"polyvalente", weekend, {30'000}}};
    grid.down_payment = {30, {30'000}, 30};
    grid.free_uses = {{"polyvalente", "auditorium"}, 0, 1};  // a weekend each
}

}  // namespace

Tariff tariff(const base::BodyId& body, std::string_view body_slug, time::Date today) {
    const time::Date september = time::Date::of(today.year(), 9, 1);
    const int year = today < september ? today.year() - 1 : today.year();
    Tariff out;
    out.body = body;
    out.grid.id = base::seeded_ulid(base::demo::unix_ms, "tariff:" + std::string(body_slug) + ":1");
    out.grid.number = 1;
    out.grid.voted_on = time::Date::of(year, 6, 26);
    out.grid.executory_from = time::Date::of(year, 9, 1);
    out.grid.vat_note = "TVA non applicable, art. 256 B du CGI";
    add_rules(out.grid);
    for (const Row& row : kGrid) {
        for (std::size_t i = 0; i < row.cents.size(); ++i) {
            if (row.cents[i] < 0) continue;
            out.grid.lines.push_back({std::string(row.tariff_kind), static_cast<char>('A' + i),
                                      row.unit, base::Cents{row.cents[i]}});
        }
    }
    return out;
}

}  // namespace preau::inventory::demo
