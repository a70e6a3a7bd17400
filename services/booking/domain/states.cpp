#include "services/booking/domain/states.hpp"

#include <array>
#include <cstddef>

namespace preau::booking {

namespace {

constexpr std::array kTransitions{
    Transition{State::draft, Act::submit, Party::hirer, State::submitted},

    Transition{State::submitted, Act::ask_documents, Party::body, State::awaiting_documents},
    Transition{State::submitted, Act::propose, Party::body, State::counter_proposed},
    Transition{State::submitted, Act::accept, Party::body, State::accepted},
    Transition{State::submitted, Act::accept, Party::rules, State::accepted},
    Transition{State::submitted, Act::refuse, Party::body, State::refused},
    Transition{State::submitted, Act::withdraw, Party::hirer, State::withdrawn},
    Transition{State::submitted, Act::expire, Party::clock, State::expired},

    // Two levels: the college first. What it is against ends there; what it is in favour of goes
    // on.
    Transition{State::submitted, Act::endorse, Party::college, State::endorsed},
    Transition{State::submitted, Act::ask_documents, Party::college, State::awaiting_documents},
    Transition{State::submitted, Act::refuse, Party::college, State::refused},
    // The body after the college, or in its place once the answer is overdue.
    Transition{State::submitted, Act::ask_documents, Party::authority, State::awaiting_documents},
    Transition{State::submitted, Act::propose, Party::authority, State::counter_proposed},
    Transition{State::submitted, Act::accept, Party::authority, State::accepted},
    Transition{State::submitted, Act::refuse, Party::authority, State::refused},
    Transition{State::endorsed, Act::ask_documents, Party::authority, State::awaiting_documents},
    Transition{State::endorsed, Act::propose, Party::authority, State::counter_proposed},
    Transition{State::endorsed, Act::accept, Party::authority, State::accepted},
    Transition{State::endorsed, Act::refuse, Party::authority, State::refused},
    Transition{State::endorsed, Act::refuse, Party::rules, State::refused},
    Transition{State::endorsed, Act::withdraw, Party::hirer, State::withdrawn},
    Transition{State::endorsed, Act::expire, Party::clock, State::expired},

    Transition{State::awaiting_documents, Act::provide_documents, Party::hirer, State::submitted},
    Transition{State::awaiting_documents, Act::refuse, Party::rules, State::refused},
    Transition{State::awaiting_documents, Act::withdraw, Party::hirer, State::withdrawn},
    Transition{State::awaiting_documents, Act::expire, Party::clock, State::expired},

    Transition{State::counter_proposed, Act::accept, Party::hirer, State::accepted},
    Transition{State::counter_proposed, Act::refuse, Party::hirer, State::refused},
    Transition{State::counter_proposed, Act::refuse, Party::rules, State::refused},
    Transition{State::counter_proposed, Act::withdraw, Party::hirer, State::withdrawn},
    Transition{State::counter_proposed, Act::expire, Party::clock, State::expired},

    Transition{State::accepted, Act::confirm, Party::rules, State::confirmed},
    Transition{State::accepted, Act::cancel, Party::hirer, State::cancelled_by_hirer},
    Transition{State::accepted, Act::cancel, Party::body, State::cancelled_by_body},
    Transition{State::accepted, Act::expire, Party::clock, State::expired},
    // None of its dates was insured in time.
    Transition{State::accepted, Act::cancel, Party::clock, State::cancelled_by_hirer},
    Transition{State::confirmed, Act::cancel, Party::clock, State::cancelled_by_hirer},

    // The hirer wants other times than those granted: the college is asked again (S89).
    Transition{State::accepted, Act::ask_other_dates, Party::hirer, State::submitted},
    Transition{State::confirmed, Act::ask_other_dates, Party::hirer, State::submitted},

    Transition{State::confirmed, Act::cancel, Party::hirer, State::cancelled_by_hirer},
    Transition{State::confirmed, Act::cancel, Party::body, State::cancelled_by_body},
    Transition{State::confirmed, Act::close, Party::clock, State::closed},

    Transition{State::refused, Act::reopen, Party::body, State::submitted},
    Transition{State::expired, Act::take_late_payment, Party::rules, State::confirmed},
};

constexpr std::array<std::string_view, state_count> kStates{"draft",
                                                            "submitted",
                                                            "endorsed",
                                                            "awaiting_documents",
                                                            "counter_proposed",
                                                            "accepted",
                                                            "confirmed",
                                                            "refused",
                                                            "withdrawn",
                                                            "expired",
                                                            "cancelled_by_hirer",
                                                            "cancelled_by_body",
                                                            "closed"};
constexpr std::array<std::string_view, act_count> kActs{"submit",
                                                        "ask_documents",
                                                        "provide_documents",
                                                        "propose",
                                                        "accept",
                                                        "refuse",
                                                        "withdraw",
                                                        "cancel",
                                                        "confirm",
                                                        "expire",
                                                        "close",
                                                        "reopen",
                                                        "take_late_payment",
                                                        "ask_other_dates",
                                                        "endorse"};
constexpr std::array<std::string_view, party_count> kParties{"hirer",     "body",  "college",
                                                             "authority", "rules", "clock"};
constexpr std::array<std::string_view, 8> kOccurrenceStates{"planned",    "left_out",  "skipped",
                                                            "given_back", "cancelled", "suspended",
                                                            "took_place", "no_show"};
constexpr std::array<std::string_view, 4> kHolds{"none", "requested", "pending", "taken"};

template <class E, std::size_t n>
std::optional<E> find(const std::array<std::string_view, n>& names, std::string_view text) {
    for (std::size_t i = 0; i < n; ++i) {
        if (names[i] == text) return static_cast<E>(i);
    }
    return std::nullopt;
}

}  // namespace

std::span<const Transition> transitions() {
    return kTransitions;
}

std::optional<State> next_state(State from, Act act, Party by) {
    for (const auto& row : kTransitions) {
        if (row.from == from && row.act == act && row.by == by) return row.to;
    }
    return std::nullopt;
}

bool holds_time(State state, bool pending_holds) {
    switch (state) {
        case State::submitted:
        case State::endorsed:
        case State::awaiting_documents:
        case State::counter_proposed:
            return pending_holds;
        case State::accepted:
        case State::confirmed:
            return true;
        case State::draft:
        case State::refused:
        case State::withdrawn:
        case State::expired:
        case State::cancelled_by_hirer:
        case State::cancelled_by_body:
        case State::closed:
            return false;
    }
    return false;
}

bool unanswered(State state) {
    return state == State::submitted || state == State::endorsed ||
           state == State::awaiting_documents || state == State::counter_proposed;
}

bool granted(State state) {
    return state == State::accepted || state == State::confirmed;
}

bool decided(State state) {
    return state == State::accepted || state == State::confirmed || state == State::refused ||
           state == State::awaiting_documents || state == State::counter_proposed;
}

std::string_view to_string(State state) {
    return kStates[static_cast<std::size_t>(state)];
}
std::optional<State> state_from(std::string_view text) {
    return find<State>(kStates, text);
}
std::string_view to_string(Act act) {
    return kActs[static_cast<std::size_t>(act)];
}
std::optional<Act> act_from(std::string_view text) {
    return find<Act>(kActs, text);
}
std::string_view to_string(Party party) {
    return kParties[static_cast<std::size_t>(party)];
}

std::string_view to_string(OccurrenceState state) {
    return kOccurrenceStates[static_cast<std::size_t>(state)];
}
std::optional<OccurrenceState> occurrence_state_from(std::string_view text) {
    return find<OccurrenceState>(kOccurrenceStates, text);
}
bool keeps_time(OccurrenceState state) {
    return state == OccurrenceState::planned || state == OccurrenceState::suspended;
}

std::string_view to_string(Hold hold) {
    return kHolds[static_cast<std::size_t>(hold)];
}
std::optional<Hold> hold_from(std::string_view text) {
    return find<Hold>(kHolds, text);
}

}  // namespace preau::booking
