#pragma once
// The states of a booking, the acts that move it on and who may do them: one table for the whole
// service (architecture §4). What is not in the table is refused.

#include <optional>
#include <span>
#include <string_view>

namespace preau::booking {

enum class State {
    draft,
    submitted,
    endorsed,  // the college is in favour; the body has the last word
    awaiting_documents,
    counter_proposed,
    accepted,
    confirmed,
    refused,
    withdrawn,
    expired,
    cancelled_by_hirer,
    cancelled_by_body,
    closed,
};
inline constexpr int state_count = 13;

enum class Act {
    submit,
    ask_documents,
    provide_documents,
    propose,
    accept,
    refuse,
    withdraw,
    cancel,
    confirm,
    expire,
    close,
    reopen,
    take_late_payment,
    ask_other_dates,
    endorse,
};
inline constexpr int act_count = 15;

/// In whose name an act is done. `body`: who decides alone, and for all that comes after a
/// decision. Where two levels decide: `college`, which gives its opinion first, and `authority`,
/// the administrators of the body, who have the last word. `rules` is the service itself (automatic
/// acceptance, requirements met), `clock` its timers.
enum class Party { hirer, body, college, authority, rules, clock };
inline constexpr int party_count = 6;

struct Transition {
    State from;
    Act act;
    Party by;
    State to;
};

/// Every transition that exists.
std::span<const Transition> transitions();

/// Where `act` of `by` leads from `from`, or nothing when the table does not have it.
std::optional<State> next_state(State from, Act act, Party by);

/// Whether time belongs to a booking in this state. `pending_holds`: the space's hold policy.
bool holds_time(State state, bool pending_holds);

/// Whether a request in this state waits for an answer (counts against the quota).
bool unanswered(State state);
/// Whether the body has acted on the request and that stands: an answer, a question, a proposal.
bool decided(State state);
/// Whether its dates were granted and are not over.
bool granted(State state);

std::string_view to_string(State state);
std::optional<State> state_from(std::string_view text);
std::string_view to_string(Act act);
std::optional<Act> act_from(std::string_view text);
std::string_view to_string(Party party);

/// The states of one dated occurrence (architecture §4).
enum class OccurrenceState {
    planned,
    left_out,
    skipped,
    given_back,
    cancelled,
    suspended,
    took_place,
    no_show,
};
std::string_view to_string(OccurrenceState state);
std::optional<OccurrenceState> occurrence_state_from(std::string_view text);
/// Whether an occurrence in this state keeps its time while its booking holds any.
bool keeps_time(OccurrenceState state);

/// What a booking holds. `requested`: its wish is known to all and keeps nobody away (the space
/// does not hold pending requests), so it has intervals but no cells.
enum class Hold { none, requested, pending, taken };
std::string_view to_string(Hold hold);
std::optional<Hold> hold_from(std::string_view text);

}  // namespace preau::booking
