#include "services/booking/domain/states.hpp"

#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "services/booking/domain/deadlines.hpp"
#include "services/booking/domain/guard.hpp"

namespace preau::booking {
namespace {

using enum State;

// Written by hand from the table of architecture §4, not from the code. // S84
const std::set<std::tuple<State, Act, Party, State>> kExpected{
    {draft, Act::submit, Party::hirer, submitted},
    {submitted, Act::ask_documents, Party::body, awaiting_documents},
    {submitted, Act::propose, Party::body, counter_proposed},
    {submitted, Act::accept, Party::body, accepted},
    {submitted, Act::accept, Party::rules, accepted},
    {submitted, Act::refuse, Party::body, refused},
    {submitted, Act::withdraw, Party::hirer, withdrawn},
    {submitted, Act::expire, Party::clock, expired},
    // Two levels (decision 0012): the college's opinion, then the body's word.
    {submitted, Act::endorse, Party::college, endorsed},
    {submitted, Act::ask_documents, Party::college, awaiting_documents},
    {submitted, Act::refuse, Party::college, refused},
    {submitted, Act::ask_documents, Party::authority, awaiting_documents},
    {submitted, Act::propose, Party::authority, counter_proposed},
    {submitted, Act::accept, Party::authority, accepted},
    {submitted, Act::refuse, Party::authority, refused},
    {endorsed, Act::ask_documents, Party::authority, awaiting_documents},
    {endorsed, Act::propose, Party::authority, counter_proposed},
    {endorsed, Act::accept, Party::authority, accepted},
    {endorsed, Act::refuse, Party::authority, refused},
    {endorsed, Act::refuse, Party::rules, refused},
    {endorsed, Act::withdraw, Party::hirer, withdrawn},
    {endorsed, Act::expire, Party::clock, expired},
    {awaiting_documents, Act::provide_documents, Party::hirer, submitted},
    {awaiting_documents, Act::withdraw, Party::hirer, withdrawn},
    {awaiting_documents, Act::refuse, Party::rules, refused},  // decision 0009
    {awaiting_documents, Act::expire, Party::clock, expired},
    {counter_proposed, Act::accept, Party::hirer, accepted},
    {counter_proposed, Act::refuse, Party::hirer, refused},
    {counter_proposed, Act::refuse, Party::rules, refused},  // decision 0009
    {counter_proposed, Act::withdraw, Party::hirer, withdrawn},
    {counter_proposed, Act::expire, Party::clock, expired},
    {accepted, Act::confirm, Party::rules, confirmed},
    {accepted, Act::cancel, Party::hirer, cancelled_by_hirer},
    {accepted, Act::cancel, Party::body, cancelled_by_body},
    {accepted, Act::expire, Party::clock, expired},
    {accepted, Act::cancel, Party::clock, cancelled_by_hirer},  // decision 0013
    {confirmed, Act::cancel, Party::clock, cancelled_by_hirer},
    {confirmed, Act::cancel, Party::hirer, cancelled_by_hirer},
    {confirmed, Act::cancel, Party::body, cancelled_by_body},
    {confirmed, Act::close, Party::clock, closed},
    {accepted, Act::ask_other_dates, Party::hirer, submitted},  // S89
    {confirmed, Act::ask_other_dates, Party::hirer, submitted},
    {refused, Act::reopen, Party::body, submitted},
    {expired, Act::take_late_payment, Party::rules, confirmed},
};

TEST(States, every_state_act_and_party__leads_where_the_table_says_or_nowhere) {
    int allowed = 0;
    for (int s = 0; s < state_count; ++s) {
        for (int a = 0; a < act_count; ++a) {
            for (int p = 0; p < party_count; ++p) {
                const auto from = static_cast<State>(s);
                const auto act = static_cast<Act>(a);
                const auto by = static_cast<Party>(p);
                const auto to = next_state(from, act, by);
                if (to) ++allowed;
                EXPECT_EQ(to && kExpected.contains({from, act, by, *to}), to.has_value())
                    << to_string(from) << " " << to_string(act) << " " << to_string(by);
            }
        }
    }
    EXPECT_EQ(allowed, static_cast<int>(kExpected.size()));
}

TEST(States, names__read_back_as_the_same_state) {
    for (int s = 0; s < state_count; ++s) {
        EXPECT_EQ(state_from(to_string(static_cast<State>(s))), static_cast<State>(s));
    }
    EXPECT_FALSE(state_from("pending"));
}

TEST(States, holding__follows_the_policy_only_while_unanswered) {
    for (const auto state : {submitted, endorsed, awaiting_documents, counter_proposed}) {
        EXPECT_TRUE(holds_time(state, true));
        EXPECT_FALSE(holds_time(state, false));
    }
    for (const auto state : {accepted, confirmed})
        EXPECT_TRUE(holds_time(state, false));
    for (const auto state :
         {draft, refused, withdrawn, expired, cancelled_by_hirer, cancelled_by_body, closed}) {
        EXPECT_FALSE(holds_time(state, true)) << to_string(state);
    }
}

TEST(Deadline, five_working_days__skip_weekend_and_public_holiday) {
    rules::PublicHolidays holidays;
    holidays.territory = "metropole";
    holidays.known_from = time::Date::of(2026, 1, 1);
    holidays.known_until = time::Date::of(2027, 12, 31);
    holidays.days = {{time::Date::of(2026, 11, 11), "11 Novembre"}};
    const rules::Calendar calendar{nullptr, &holidays};
    // Friday 6 November: Monday, Tuesday, (Wednesday 11), Thursday, Friday, Monday 16.
    EXPECT_EQ(working_days_after(time::Date::of(2026, 11, 6), 5, calendar).iso(), "2026-11-16");
    EXPECT_EQ(working_days_after(time::Date::of(2026, 11, 6), 5, {}).iso(), "2026-11-13");
}

//
TEST(SchoolYear, ends_with_august) {
    EXPECT_EQ(end_of_school_year(time::Date::of(2026, 9, 1)).iso(), "2027-08-31");
    EXPECT_EQ(end_of_school_year(time::Date::of(2027, 8, 31)).iso(), "2027-08-31");
    EXPECT_EQ(end_of_school_year(time::Date::of(2027, 1, 5)).iso(), "2027-08-31");
}

TEST(UnsafeGuard, unknown_switch__is_refused) {
    const auto switches = unsafe_guard_from("no_bump,no_key");
    ASSERT_TRUE(switches);
    EXPECT_TRUE(switches->no_bump && switches->no_key && !switches->no_check);
    EXPECT_FALSE(unsafe_guard_from("no_bumps"));
    EXPECT_TRUE(unsafe_guard_from(""));
}

}  // namespace
}  // namespace preau::booking
