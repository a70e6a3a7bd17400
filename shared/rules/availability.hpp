#pragma once
// Is it free? The one answer, used by search (over bitmaps built with these functions), by booking
// (inside the transaction) and by the quote. Pure functions of values.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"
#include "shared/rules/recurrence.hpp"
#include "shared/rules/space.hpp"
#include "shared/time/interval.hpp"
#include "shared/time/zone.hpp"

namespace preau::rules {

/// When the space is open on a local day (what starts on that day; may end on the next). Beyond the
/// published calendar: `calendar_unknown`. A calendar without public holidays (null) has none.
base::Result<std::vector<time::Interval>> open_intervals(const Opening& opening,
                                                         const Calendar& calendar,
                                                         const time::Zone& zone, time::Date date);

enum class OccupationKind { taken, pending, closure };

/// The day's own hours, which beat frames and public holidays; null where it has none.
const DayException* exception_on(const Opening& opening, time::Date date);
/// Why a closed time of that day is closed: "exception", "public_holiday" or "frames".
std::string_view closed_reason(const Opening& opening, const Calendar& calendar, time::Date date);

enum class ClosureKind { closure, school_need, works };
std::string_view to_string(ClosureKind kind);
std::optional<ClosureKind> closure_kind_from(std::string_view text);

/// Time on one part that something holds. Closures and school needs have no buffers and no hirer.
struct Occupation {
    base::PartId part;
    time::Interval interval;
    OccupationKind kind = OccupationKind::taken;
    std::int64_t buffer_before_s = 0;
    std::int64_t buffer_after_s = 0;
    base::OrganisationId organisation;  // empty for closures
    base::OfferId offer;
    base::BookingId booking;                     // empty for closures
    ClosureKind closure = ClosureKind::closure;  // of a closure: the reason that is told
};

enum class SlotState { free, taken, pending, closed, buffer, past, notice, horizon, unknown };
std::string_view to_string(SlotState state);
char strip_letter(SlotState state);  // f t p c b x

struct Verdict {
    SlotState state = SlotState::free;
    std::string reason;                 // a message key's last part: "public_holiday", "closure", …
    const Occupation* clash = nullptr;  // what is in the way, where something is
};

struct Asker {
    base::OrganisationId organisation;         // empty: anybody (search)
    bool staff = false;                        // may book inside the notice, and from today's start
    std::optional<time::Date> first_day = {};  // a longer notice than the offer's (R-01: first use)
    std::optional<time::Date> last_day = {};   // a nearer horizon than the offer's (R-02: by kind)
};

struct SpaceFacts {
    const Opening* opening = nullptr;
    const Calendar* calendar = nullptr;
    const time::Zone* zone = nullptr;
    bool pending_holds = true;  // a pending request keeps the slot (hold_policy)
};

/// The bounds between which an asker may book an offer, at one moment.
struct BookableWindow {
    base::Instant earliest;  // nothing before now; for staff the start of the local day (S09)
    time::Date first;        // after the notice, in local calendar days
    time::Date last;         // within the horizon

    /// free, past, notice or horizon.
    SlotState state_of(const Slot& slot) const;
};
BookableWindow bookable_window(const Offer& offer, const time::Zone& zone, const Asker& asker,
                               base::Instant now);

/// What these bounds hang on besides the offer: for many offers of one zone, worked out once.
struct AskedAt {
    base::Instant earliest;
    time::Date today;
    std::optional<time::Date> entry_day;  // staff only, for whom no notice holds
    std::optional<time::Date> first_day = {};
    std::optional<time::Date> last_day = {};
};
AskedAt asked_at(const time::Zone& zone, const Asker& asker, base::Instant now);
BookableWindow bookable_window(const Offer& offer, const AskedAt& asked);

/// The verdict on one slot of an offer. In order: past, notice, horizon, closed (frames,
/// exceptions, public holiday), closure, taken, pending, buffer. Buffers may overlap one another
/// but no event; none between consecutive bookings of the same hirer and offer; none against
/// closures; they may hang over closing time. A notice that is only the asker's
/// (`first_day`) has the reason "first_use". `occupations` may hold other parts and other times.
/// Where pending requests do not hold, such a slot is free with the reason "requested" and the
/// request as `clash`.
Verdict judge(const Slot& slot, const Offer& offer, const SpaceFacts& facts, const Asker& asker,
              std::span<const Occupation> occupations, base::Instant now);

/// Grid, duration and capacity of a request, before any calendar: `invalid_start` (detail: nearest
/// valid start), `invalid_duration`, `capacity`.
base::Result<void> check_shape(const Recurrence& rule, const Offer& offer, int headcount);

}  // namespace preau::rules
