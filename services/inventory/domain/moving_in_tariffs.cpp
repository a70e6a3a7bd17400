// Tariff grids: one line a price.

#include <algorithm>
#include <array>
#include <set>

#include "services/inventory/domain/moving_in.hpp"
#include "shared/base/import_ids.hpp"
#include "shared/text/french.hpp"

namespace preau::inventory::moving_in {
namespace {

using rules::Unit;

constexpr std::array<std::pair<std::string_view, Unit>, 6> kUnits{{{"heure", Unit::hour},
                                                                   {"demi journee", Unit::half_day},
                                                                   {"journee", Unit::day},
                                                                   {"jour", Unit::day},
                                                                   {"week end", Unit::weekend},
                                                                   {"saison", Unit::season}}};

/// A grid that is being put together.
struct Draft {
    std::size_t line = 0;
    Tariff tariff;
    std::set<std::string> prices;  // kind, category and unit: each once
    bool sound = true;
};

struct Price {
    std::string establishment;
    std::string vote;
    time::Date voted_on;
    time::Date executory_from;
    rules::TariffLine line;
    std::string vat_note;
};

time::Date date_of(text::SheetLine& line, std::string_view column) {
    const std::string typed = line.required(column);
    const auto date = time::Date::parse(text::iso_date(typed));
    if (!date && !typed.empty()) line.fault("date", column, typed);
    return date.value_or(time::Date{});
}

Price price_of(text::SheetLine& line) {
    Price out;
    out.establishment = line.text("uai");
    out.vote = line.required("deliberation");
    out.voted_on = date_of(line, "votee_le");
    out.executory_from = date_of(line, "applicable_du");
    out.line.tariff_kind = line.required("tarif");
    out.vat_note = line.text("mention_tva");
    const std::string category = line.required("categorie");
    if (category.size() == 1 && category.front() >= 'A' && category.front() <= 'E') {
        out.line.category = category.front();
    } else if (!category.empty()) {
        line.fault("category", "categorie", category);
    }
    const std::string unit = line.required("unite");
    const auto known =
        std::ranges::find(kUnits, text::folded(unit), [](const auto& one) { return one.first; });
    if (known != kUnits.end()) {
        out.line.unit = known->second;
    } else if (!unit.empty()) {
        line.fault("unknown_word", "unite", unit);
    }
    const std::string amount = line.required("montant");
    const auto cents = text::cents_of(amount);
    if (cents) {
        out.line.amount = {*cents};
    } else if (!amount.empty()) {
        line.fault("amount", "montant", amount);
    }
    return out;
}

void put(Draft& draft, const Price& price, text::SheetLine& line) {
    auto& grid = draft.tariff.grid;
    if (draft.line == 0) {
        draft.line = line.number();
        grid.voted_on = price.voted_on;
        grid.executory_from = price.executory_from;
        grid.vat_note = price.vat_note;
    }
    if (grid.voted_on != price.voted_on) line.fault("vote_differs", "votee_le", price.vote);
    if (grid.executory_from != price.executory_from) {
        line.fault("vote_differs", "applicable_du", price.vote);
    }
    const std::string key = price.line.tariff_kind + ":" + price.line.category + ":" +
                            std::string(rules::to_string(price.line.unit));
    if (!draft.prices.insert(key).second) line.fault("price_twice", "tarif", key);
    grid.lines.push_back(price.line);
}

}  // namespace

std::span<const text::SheetColumn> tariff_columns() {
    static constexpr std::array<text::SheetColumn, 7> kColumns{{{"deliberation", true},
                                                                {"votee_le", true},
                                                                {"applicable_du", true},
                                                                {"tarif", true},
                                                                {"categorie", true},
                                                                {"unite", true},
                                                                {"montant", true}}};
    return kColumns;
}

Read<Tariff> read_tariffs(const text::Sheet& sheet, const Establishments& establishments,
                          const base::BodyId& body) {
    Read<Tariff> out;
    out.faults = sheet.faults();
    std::map<std::string, Draft> drafts;
    for (const text::CsvRow& row : sheet.rows()) {
        text::SheetLine line(sheet, row);
        const Price price = price_of(line);
        const auto at = establishments.find(price.establishment);
        const bool own = !price.establishment.empty();
        if (own && at == establishments.end())
            line.fault("unknown_uai", "uai", price.establishment);
        const std::string of = own ? price.establishment : body.str();
        Draft& draft = drafts[of + ":" + price.vote];
        draft.tariff.body = body;
        if (own && at != establishments.end())
            draft.tariff.establishment = at->second.establishment.id;
        draft.tariff.grid.own = own;
        draft.tariff.grid.id =
            base::seeded_ulid(base::demo::unix_ms, "import-tariff:" + of + ":" + price.vote);
        if (line.sound()) put(draft, price, line);
        draft.sound = draft.sound && line.sound();
        std::ranges::move(line.faults(), std::back_inserter(out.faults));
    }
    for (auto& [key, draft] : drafts) {
        if (draft.sound) out.records.push_back({draft.line, std::move(draft.tariff)});
    }
    // Numbered in the order in which they come into force.
    std::ranges::sort(out.records, {}, [](const Told<Tariff>& one) {
        return std::pair(one.record.grid.executory_from, one.line);
    });
    int number = 0;
    for (auto& told : out.records)
        told.record.grid.number = ++number;
    return out;
}

}  // namespace preau::inventory::moving_in
