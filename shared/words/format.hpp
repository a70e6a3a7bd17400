#pragma once
// Dates, times, sums and distances as people read them, in French and English typography: "mardi
// 6 octobre 2026", "18 h–20 h", "1ᵉʳ", "518,00 €". All words come from the catalogue's "format"
// part; the only place where they are put together is here.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/time/civil.hpp"
#include "shared/time/zone.hpp"
#include "shared/words/catalogue.hpp"

namespace preau::words {

/// The instant of an RFC 3339 text ("2026-12-01T18:00:00+01:00", "…Z", fractions ignored).
std::optional<base::Instant> parse_moment(std::string_view rfc3339);

class Format {
public:
    explicit Format(const Catalogue& catalogue) : words_(catalogue) {}

    /// "mardi 6 octobre 2026"
    std::string date(time::Date date) const;
    /// "mardi 6 octobre"
    std::string date_without_year(time::Date date) const;
    /// "6 octobre 2026", "1ᵉʳ octobre 2026"
    std::string day_month_year(time::Date date) const;
    /// "1ᵉʳ sept. 2026"
    std::string day_month_year_short(time::Date date) const;
    /// "6 octobre"
    std::string day_month(time::Date date) const;
    /// "octobre 2026"
    std::string month_year(time::Date date) const;
    std::string month_short(time::Date date) const;
    std::string month_initial(time::Date date) const;
    /// The beginning of "14 au 20 septembre 2026": what the end does not repeat, "14"
    std::string span_start(time::Date first, time::Date last) const;
    /// "mardi", "le mardi", "mar."
    std::string weekday(time::Weekday day) const;
    std::string weekday_on(time::Weekday day) const;
    std::string weekday_short(time::Weekday day) const;

    /// "18 h", "18 h 30"; the end of the day is "24 h"
    std::string time(time::Minute minute) const;
    /// "18 h–20 h"; with the next day named when the end is on it
    std::string range(time::Minute start, time::Minute end) const;
    /// The same of "18:00" and "20:00"; the texts themselves when malformed
    std::string range(std::string_view start, std::string_view end) const;
    /// "de 18 h à 20 h"
    std::string range_words(std::string_view start, std::string_view end) const;
    /// "26 juin 2026 à 19 h 04" in the zone
    std::string moment(base::Instant at, const time::Zone& zone = time::Zone::paris()) const;
    /// "19 h 04" in the zone
    std::string clock_time(base::Instant at, const time::Zone& zone = time::Zone::paris()) const;
    /// "2 h", "1 h 30", "45 minutes"
    std::string duration(int minutes) const;

    /// "518,00 €": what is owed, always with cents
    std::string money(std::int64_t cents) const;
    /// "9 €", "13,70 €", "gratuit": a tariff, cents only where there are some
    std::string tariff(std::int64_t cents) const;
    /// "4,2 km"
    std::string distance(double km) const;
    /// "1 250" with the language's thousands separator
    std::string number(std::int64_t n) const;
    /// "a, b et c"
    std::string list(const std::vector<std::string>& items) const;

    /// A date or moment as it came, for people; the text itself when it cannot be read.
    std::string date_text(std::string_view iso) const;
    std::string moment_text(std::string_view rfc3339) const;

private:
    std::string day(time::Date date) const;
    std::string month(time::Date date) const;

    const Catalogue& words_;
};

}  // namespace preau::words
