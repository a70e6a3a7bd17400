// Opening hours and the votes of the boards.

#include <algorithm>
#include <array>

#include "services/inventory/domain/moving_in.hpp"
#include "shared/base/import_ids.hpp"
#include "shared/text/french.hpp"

namespace preau::inventory::moving_in {
namespace {

using rules::Period;

constexpr std::array<std::pair<std::string_view, Period>, 6> kPeriods{
    {{"scolaire", Period::term},
     {"periode scolaire", Period::term},
     {"petites vacances", Period::small_holidays},
     {"ete", Period::summer},
     {"vacances d ete", Period::summer},
     {"grandes vacances", Period::summer}}};
constexpr std::array<std::string_view, 7> kDays{"lun", "mar", "mer", "jeu", "ven", "sam", "dim"};

std::optional<std::size_t> day_of(std::string_view typed) {
    const std::string word = text::folded(typed).substr(0, 3);
    const auto at = std::ranges::find(kDays, word);
    if (at == kDays.end()) return std::nullopt;
    return static_cast<std::size_t>(at - kDays.begin());
}

std::vector<Period> periods_of(text::SheetLine& line) {
    std::vector<Period> out;
    for (const std::string& typed : text::split_list(line.text("periodes"))) {
        const auto found = std::ranges::find(kPeriods, text::folded(typed),
                                             [](const auto& one) { return one.first; });
        if (found == kPeriods.end()) {
            line.fault("unknown_word", "periodes", typed);
        } else if (std::ranges::find(out, found->second) == out.end()) {
            out.push_back(found->second);
        }
    }
    if (out.empty()) out = {Period::term, Period::small_holidays, Period::summer};
    return out;
}

/// "lun|mer", "lundi-vendredi"; without any: every day.
std::vector<time::Weekday> days_of(text::SheetLine& line) {
    std::array<bool, 7> open{};
    const auto typed = text::split_list(line.text("jours"));
    for (const std::string& one : typed) {
        const auto dash = one.find('-');
        const auto first = day_of(one.substr(0, dash));
        const auto last =
            dash == std::string::npos ? first : day_of(text::collapsed(one.substr(dash + 1)));
        if (!first || !last || *last < *first) {
            line.fault("unknown_word", "jours", one);
            continue;
        }
        for (std::size_t day = *first; day <= *last; ++day)
            open.at(day) = true;
    }
    std::vector<time::Weekday> out;
    for (std::size_t day = 0; day < open.size(); ++day) {
        if (open.at(day) || typed.empty()) out.push_back(static_cast<time::Weekday>(day));
    }
    return out;
}

std::optional<time::Minute> minute_of(text::SheetLine& line, std::string_view column) {
    const std::string typed = line.required(column);
    if (typed.empty()) return std::nullopt;
    const auto minute = time::parse_minute(text::clock_time(typed));
    if (!minute) line.fault("time", column, typed);
    if (minute && *minute % 15 != 0) line.fault("quarter", column, typed);
    return minute;
}

std::optional<time::Date> date_of(text::SheetLine& line, std::string_view column, bool required) {
    const std::string typed = required ? line.required(column) : line.text(column);
    if (typed.empty()) return std::nullopt;
    const auto date = time::Date::parse(text::iso_date(typed));
    if (!date) line.fault("date", column, typed);
    return date;
}

std::optional<rules::Frame> frame_of(text::SheetLine& line) {
    rules::Frame frame;
    frame.periods = periods_of(line);
    frame.weekdays = days_of(line);
    const auto start = minute_of(line, "debut");
    const auto end = minute_of(line, "fin");
    frame.valid_from = date_of(line, "valable_du", false);
    frame.valid_until = date_of(line, "valable_au", false);
    if (frame.valid_from && frame.valid_until && *frame.valid_until < *frame.valid_from) {
        line.fault("order", "valable_au");
    }
    if (start && end) {
        frame.start_minute = *start;
        // An end at or before the beginning is on the next day.
        frame.end_minute = *end > *start ? *end : *end + time::minutes_per_day;
    }
    if (!line.sound()) return std::nullopt;
    return frame;
}

}  // namespace

std::span<const text::SheetColumn> hours_columns() {
    static constexpr std::array<text::SheetColumn, 3> kColumns{
        {{"uai", true}, {"debut", true}, {"fin", true}}};
    return kColumns;
}

std::span<const text::SheetColumn> vote_columns() {
    static constexpr std::array<text::SheetColumn, 5> kColumns{{{"uai", true},
                                                                {"numero", true},
                                                                {"votee_le", true},
                                                                {"valable_du", true},
                                                                {"valable_au", true}}};
    return kColumns;
}

std::vector<text::SheetFault> add_hours(const text::Sheet& sheet, std::vector<Told<Space>>& rooms,
                                        const Establishments& establishments) {
    std::vector<text::SheetFault> faults = sheet.faults();
    for (const text::CsvRow& row : sheet.rows()) {
        text::SheetLine line(sheet, row);
        const std::string uai = line.required("uai");
        const auto at = establishments.find(uai);
        if (at == establishments.end() && !uai.empty()) line.fault("unknown_uai", "uai", uai);
        const auto frame = frame_of(line);
        const std::string code = text::slug(line.text("code"));
        bool met = false;
        if (frame && at != establishments.end()) {
            const auto wanted = base::imported::space_id(uai, code);
            for (auto& [number, space] : rooms) {
                const bool here = space.establishment == at->second.establishment.id;
                if (!here || (!code.empty() && space.id != wanted)) continue;
                met = true;
                if (space.opening.frames.size() < frames_max) {
                    space.opening.frames.push_back(*frame);
                } else {
                    line.fault("too_many_hours", {}, std::to_string(frames_max));
                }
            }
            if (!met) line.fault("unknown_room", "code", line.text("code"));
        }
        std::ranges::move(line.faults(), std::back_inserter(faults));
    }
    return faults;
}

Read<Deliberation> read_votes(const text::Sheet& sheet, const Establishments& establishments,
                              time::Date today) {
    Read<Deliberation> out;
    out.faults = sheet.faults();
    for (const text::CsvRow& row : sheet.rows()) {
        text::SheetLine line(sheet, row);
        const std::string uai = line.required("uai");
        const auto at = establishments.find(uai);
        if (at == establishments.end() && !uai.empty()) line.fault("unknown_uai", "uai", uai);
        Deliberation one;
        one.number = line.required("numero");
        if (one.number.size() > 60) line.fault("too_long", "numero", "60");
        one.voted_on = date_of(line, "votee_le", true).value_or(time::Date{});
        one.valid_from = date_of(line, "valable_du", true).value_or(time::Date{});
        one.valid_until = date_of(line, "valable_au", true).value_or(time::Date{});
        if (line.sound()) {
            if (const auto fine = check(one, today); !fine) {
                const bool early = fine.error().fields.front().pointer == "/voted_on";
                line.fault(early ? "not_yet" : "order", early ? "votee_le" : "valable_au");
            }
        }
        if (!line.sound()) {
            std::ranges::move(line.faults(), std::back_inserter(out.faults));
            continue;
        }
        one.establishment = at->second.establishment.id;
        one.id = base::imported::id<DeliberationId>("deliberation", uai + ":" + one.number);
        out.records.push_back({line.number(), std::move(one)});
    }
    return out;
}

}  // namespace preau::inventory::moving_in
