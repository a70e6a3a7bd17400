#pragma once
// The guarantee against double booking: the one road by which time is taken, whatever takes it
// (request, decision, series, counter, reopening, import). In one transaction: bump the version
// rows of all parts touched, in order, and of the (organisation, body) pair -> read what occupies
// them -> rules::judge -> write the booking -> insert its occupied cells, whose primary key has the
// last word.
//
// Why both: the bump makes all who want the same time wait for one another, so that the check (and
// with it every good answer: buffers, closures, quotas) is right; the key holds even where a bump
// does not serialise (two writing nodes of a cluster).

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/booking/domain/store.hpp"
#include "services/booking/domain/types.hpp"

namespace preau::booking {

/// Test-only: what of the guard is left out, to prove that the race test can fail. Never set in
/// production (main.cpp refuses it outside demonstration and test instances).
struct UnsafeGuard {
    bool no_bump = false;
    bool no_key = false;
    bool no_check = false;
};
/// "no_bump,no_key" -> switches; anything unknown is refused.
base::Result<UnsafeGuard> unsafe_guard_from(std::string_view list);

/// The place that is asked for, as of the running transaction.
struct Place {
    SpaceRef space;
    const rules::Offer* offer = nullptr;
    SiteCalendar calendar;
};
/// `not_found` where the offer is unknown.
Outcome<Place> place_of(Tx& tx, const base::OfferId& offer);

struct JudgedSlot {
    rules::Slot slot;
    rules::SlotState state = rules::SlotState::free;
    Conflict conflict;  // where state is not free, or free but "requested"
};

/// Days between which this hirer may ask for this rule, besides those of the offer.
struct AskerDays {
    std::optional<time::Date> first = {};
    std::optional<time::Date> last = {};
};

struct Question {
    base::OrganisationId organisation;
    base::BookingId booking;  // whose own time is never in its way; empty for a new one
    bool staff = false;
    base::Instant now;
    bool pending_counts = false;     // as if the space held pending requests
    std::optional<Buffers> buffers;  // of the booking, where they are not those of the offer
    AskerDays days = {};
    bool past_too = false;  // out of an old calendar: what went by is judged as on its own day
};

/// The verdict on each slot, by rules::judge, from the occupations of the running transaction. The
/// same function answers the quote, the request, the decision and the inbox's conflict check.
std::vector<JudgedSlot> judge_slots(Tx& tx, const Place& place,
                                    const std::vector<rules::Slot>& slots, const Question& question,
                                    bool ignore_occupations = false);

/// The slots that can be had.
std::vector<rules::Slot> free_slots(const std::vector<JudgedSlot>& judged);

/// The refusal for dates that cannot be had: overlap, else buffer, else the first date's reason.
Refusal refusal_of(const std::vector<JudgedSlot>& judged, const time::Zone& zone);

struct Plan {
    std::vector<rules::Slot> slots;
    bool skip_conflicts = false;  // take what is free, leave out the rest; at least one date
};

struct Taking {
    base::OfferId offer;
    std::optional<Place>
        place;  // of `offer`, where this transaction has read it; read anew after the bump
    base::OrganisationId organisation;
    base::BookingId booking;         // an existing one that takes time again, or empty
    std::vector<base::PartId> also;  // parts that it holds besides those of `offer`
    bool staff = false;
    base::Instant now;
    std::optional<Buffers> buffers;  // where they are not those of the offer
    AskerDays days = {};
    bool past_too = false;  // as in Question
    UnsafeGuard unsafe;
    /// Called after the bump: what is wanted, or why it cannot be (shape, quota, duplicate).
    std::function<Outcome<Plan>(const Place&)> plan;
    /// Writes the booking and its occurrences; its `hold` says whether and how time is taken.
    std::function<Outcome<Booking>(const Place&, const std::vector<JudgedSlot>&)> write;
};

/// Both lists, sorted, each part once.
std::vector<base::PartId> together(std::vector<base::PartId> parts,
                                   const std::vector<base::PartId>& also);

/// Gives the booking as written. Refusals: those of `plan` and `write`; `overlap`, `buffer`,
/// `closed`, `past_start`, `notice_too_short`, `beyond_horizon`, `calendar_unknown` with the dates.
Outcome<Booking> take_time(Tx& tx, const Taking& taking);

}  // namespace preau::booking
