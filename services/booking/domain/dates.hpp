#pragma once
// From the words of a request to the dates that it is about, within what one request may ask for.

#include <string>
#include <vector>

#include "services/booking/domain/guard.hpp"
#include "services/booking/domain/requests.hpp"
#include "shared/rules/charges.hpp"

namespace preau::booking {

struct DatesLimits {
    rules::ExpansionLimits expansion;
    std::size_t cells_max = 0;  // of all dates and parts
};

/// The dates of a rule at a place, at least one. Errors: those of rules::expand, at "/when".
Outcome<rules::Expansion> expand(const Place& place, const rules::Recurrence& when,
                                 const DatesLimits& limits);

/// A rule for one date.
rules::Recurrence on_one_date(time::Date date, time::Minute start, time::Minute end);

/// A date of the rule that is not asked for as it is.
struct PutAside {
    rules::Slot slot;
    std::string_view reason;  // reason_instead, reason_elsewhere
};
inline constexpr std::string_view reason_instead = "instead";
inline constexpr std::string_view reason_elsewhere = "elsewhere";

struct AskedDates {
    std::vector<rules::Slot> slots;  // in order of start, at least one
    std::vector<rules::SkippedDate> skipped;
    std::vector<PutAside> put_aside;
};

/// The dates of a rule with other hours in place of some, and without those that are asked for
/// elsewhere. Errors: those of expand; `unknown` for a date that the rule does not give,
/// `self_overlap` and those of rules::check_shape at "/instead".
Outcome<AskedDates> dates_asked(const Place& place, const rules::Recurrence& when,
                                const std::vector<Instead>& instead,
                                const std::vector<time::Date>& elsewhere, int headcount,
                                const DatesLimits& limits);

/// Quarter hours that these slots take on so many parts.
std::size_t cells_of(const std::vector<rules::Slot>& slots, std::size_t parts);

/// Of hirer, offer and slots: the same request sent twice has the same hash. A price holds for its
/// extras too.
std::string request_hash(const base::OrganisationId& organisation, const base::OfferId& offer,
                         const std::vector<rules::Slot>& slots,
                         const std::vector<rules::ExtraChoice>& extras = {});

}  // namespace preau::booking
