#include "services/booking/domain/import_sheet.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "shared/text/french.hpp"

namespace preau::booking {

namespace {

constexpr std::size_t kNumberBytesMax = 60;
constexpr std::size_t kPurposeBytesMax = 200;
constexpr int kHeadcountMax = 5'000;

std::optional<time::Date> date_of(text::SheetLine& line, std::string_view column,
                                  const std::string& typed) {
    if (typed.empty()) return std::nullopt;
    const auto date = time::Date::parse(text::iso_date(typed));
    if (!date) line.fault("date", column, typed);
    return date;
}

std::optional<time::Minute> minute_of(text::SheetLine& line, std::string_view column) {
    const std::string typed = line.required(column);
    if (typed.empty()) return std::nullopt;
    const auto minute = time::parse_minute(text::clock_time(typed));
    if (!minute) line.fault("time", column, typed);
    return minute;
}

/// One date; a weekly series where it goes on until another.
rules::Recurrence when_of(text::SheetLine& line) {
    rules::Recurrence out;
    const auto from = date_of(line, "date", line.required("date"));
    const auto until = date_of(line, "jusqu_au", line.text("jusqu_au"));
    const auto start = minute_of(line, "debut");
    const auto end = minute_of(line, "fin");
    out.interval_weeks = line.whole("toutes_les_n_semaines", 1, 8, 1);
    out.skip_school_holidays = line.yes("hors_vacances", false);
    out.skip_public_holidays = line.yes("hors_feries", false);
    for (const std::string& typed : text::split_list(line.text("sauf"))) {
        if (const auto date = date_of(line, "sauf", typed)) out.except.push_back(*date);
    }
    if (!line.sound()) return out;
    out.from = out.until = *from;
    if (until) {
        out.kind = rules::RecurrenceKind::weekly;
        out.weekdays = {from->weekday()};
        out.until = *until;
        if (*until < *from) line.fault("order", "jusqu_au");
    }
    std::ranges::sort(out.except);
    out.start_minute = *start;
    // An end at or before the beginning is on the next day.
    out.end_minute = *end > *start ? *end : *end + time::minutes_per_day;
    return out;
}

/// "W38 1000-001" as it stands in the register.
std::string compacted(std::string_view typed) {
    std::string out;
    for (const char c : typed) {
        const bool lower = c >= 'a' && c <= 'z';
        const bool kept = lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (kept) out += static_cast<char>(lower ? c - 'a' + 'A' : c);
    }
    return out;
}

ImportLine line_of(text::SheetLine& line) {
    ImportLine out;
    out.line = line.number();
    out.number = line.required("numero");
    if (out.number.size() > kNumberBytesMax) {
        line.fault("too_long", "numero", std::to_string(kNumberBytesMax));
    }
    out.uai = line.required("uai");
    out.room = text::slug(line.required("salle"));
    out.part = text::slug(line.text("partie"));
    out.register_number = compacted(line.required("association"));
    out.purpose = line.required("objet");
    if (out.purpose.size() > kPurposeBytesMax) {
        line.fault("too_long", "objet", std::to_string(kPurposeBytesMax));
    }
    out.headcount = line.whole("personnes", 1, kHeadcountMax, 1);
    out.when = when_of(line);
    return out;
}

}  // namespace

std::span<const text::SheetColumn> import_columns() {
    static constexpr std::array<text::SheetColumn, 8> kColumns{{{"numero", true},
                                                                {"uai", true},
                                                                {"salle", true},
                                                                {"association", true},
                                                                {"objet", true},
                                                                {"date", true},
                                                                {"debut", true},
                                                                {"fin", true}}};
    return kColumns;
}

ImportSheet read_import(const text::Sheet& sheet) {
    ImportSheet out;
    out.faults = sheet.faults();
    if (sheet.rows().size() > import_lines_max) {
        out.faults.push_back({0, "too_many_lines", {}, std::to_string(import_lines_max)});
        return out;
    }
    std::map<std::string, std::size_t> numbers;
    for (const text::CsvRow& row : sheet.rows()) {
        text::SheetLine line(sheet, row);
        ImportLine read = line_of(line);
        if (!read.number.empty()) {
            const auto [first, fresh] = numbers.emplace(read.number, read.line);
            if (!fresh) line.fault("twice", "numero", std::to_string(first->second));
        }
        if (line.sound()) {
            out.lines.push_back(std::move(read));
        } else {
            std::ranges::move(line.faults(), std::back_inserter(out.faults));
        }
    }
    return out;
}

}  // namespace preau::booking
