// Who comes together: exactly one wins. The negative control proves that these tests can fail.

#include <atomic>
#include <barrier>

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

constexpr int kRounds = 25;  // the functional lane runs 200 of them against the real services

class Race : public Office {
protected:
    struct Wish {
        std::string organisation;
        base::OfferId offer;
        rules::Recurrence when;
    };

    /// Releases all wishes together; the codes that they got.
    std::vector<std::string> together(const std::vector<Wish>& wishes) {
        std::vector<std::string> codes(wishes.size());
        std::barrier start(static_cast<std::ptrdiff_t>(wishes.size()));
        db::test::Crew crew;
        for (std::size_t i = 0; i < wishes.size(); ++i) {
            crew.add([&, i] {
                start.arrive_and_wait();
                codes[i] = code_of(ask(wishes[i].organisation, wishes[i].offer, wishes[i].when));
            });
        }
        crew.join();
        return codes;
    }

    static rules::Recurrence slot(int round, const char* start, const char* end) {
        return single((day("2026-11-16") + round).iso(), start, end);
    }

    /// Rounds with any other number of winners than one.
    int bad_rounds(const std::function<std::vector<Wish>(int)>& wishes, int rounds = kRounds) {
        int bad = 0;
        for (int round = 0; round < rounds; ++round) {
            const auto codes = together(wishes(round));
            bad += std::ranges::count(codes, "ok") == 1 ? 0 : 1;
            for (const auto& code : codes) {
                EXPECT_TRUE(code == "ok" || code == "overlap") << code;
            }
        }
        return bad;
    }

    std::vector<Wish> duel(int round) {
        return {{"tatamis", whole("R"), slot(round, "18:00", "20:00")},
                {"volley", whole("R"), slot(round, "18:00", "20:00")}};
    }
};

// S13
TEST_F(Race, two_on_one_slot__exactly_one_wins) {
    EXPECT_EQ(bad_rounds([&](int round) { return duel(round); }), 0);
    expect_sound();
}

// S14
TEST_F(Race, two_that_overlap_in_part__exactly_one_wins) {
    EXPECT_EQ(bad_rounds([&](int round) -> std::vector<Wish> {
                  return {{"tatamis", whole("R"), slot(round, "18:00", "20:00")},
                          {"volley", whole("R"), slot(round, "19:00", "21:00")}};
              }),
              0);
    expect_sound();
}

// S33
TEST_F(Race, whole_against_part__exactly_one_wins) {
    EXPECT_EQ(bad_rounds([&](int round) -> std::vector<Wish> {
                  return {{"tatamis", whole("G"), slot(round, "18:00", "20:00")},
                          {"volley", part("G", 2), slot(round, "18:00", "20:00")}};
              }),
              0);
    expect_sound();
}

// S17
TEST_F(Race, series_against_single__the_shared_date_has_one_of_them) {
    constexpr int kHoursOfDay = 6;
    EXPECT_EQ(bad_rounds(
                  [&](int round) -> std::vector<Wish> {
                      const auto first = day("2026-11-17") + 21 * (round / kHoursOfDay);
                      const auto hour = std::to_string(10 + 2 * (round % kHoursOfDay));
                      const auto from = hour + ":00";
                      const auto until = hour + ":30";
                      const auto series =
                          weekly("tue", first.iso(), (first + 14).iso(), from, until);
                      return {{"tatamis", whole("R"), series},
                              {"volley", whole("R"), single((first + 7).iso(), from, until)}};
                  },
                  12),
              0);
    expect_sound();
}

// S15
TEST_F(Race, twelve_on_one_slot__one_wins_and_the_rest_are_told) {
    EXPECT_EQ(bad_rounds(
                  [&](int round) {
                      std::vector<Wish> wishes;
                      for (int i = 0; i < 12; ++i) {
                          wishes.push_back({"club " + std::to_string(i), whole("R"),
                                            slot(round, "18:00", "20:00")});
                      }
                      return wishes;
                  },
                  4),
              0);
    expect_sound();
}

// S24
TEST_F(Race, quota__holds_under_parallel_requests) {
    settings_.live_requests_max = 2;
    configure(settings_);
    std::vector<Wish> wishes;
    for (int i = 0; i < 5; ++i)
        wishes.push_back({"tatamis", whole("R"), slot(i, "18:00", "20:00")});
    const auto codes = together(wishes);
    EXPECT_EQ(std::ranges::count(codes, "ok"), 2);
    EXPECT_EQ(std::ranges::count(codes, "quota_exceeded"), 3);
}

// S28 without a key in common: the same request twice is one request.
TEST_F(Race, same_request_twice_together__one_is_a_duplicate) {
    for (int round = 0; round < 10; ++round) {
        const Wish wish{"tatamis", whole("R"), slot(round, "18:00", "20:00")};
        const auto codes = together({wish, wish});
        EXPECT_EQ(std::ranges::count(codes, "ok"), 1);
        EXPECT_EQ(std::ranges::count(codes, "duplicate"), 1);
    }
}

// S20
TEST_F(Race, two_managers__one_decision) {
    for (int round = 0; round < 10; ++round) {
        const auto made = asked("tatamis", whole("R"), slot(round, "18:00", "20:00"));
        std::vector<std::string> codes(2);
        std::barrier start(2);
        db::test::Crew crew;
        for (std::size_t i = 0; i < 2; ++i) {
            crew.add([&, i] {
                start.arrive_and_wait();
                codes[i] = code_of(i == 0 ? accept(made) : refuse(made));
            });
        }
        crew.join();
        EXPECT_EQ(std::ranges::count(codes, "ok"), 1);
        EXPECT_EQ(std::ranges::count(codes, "already_decided"), 1) << codes[0] << " " << codes[1];
        EXPECT_EQ(history(made.id).size(), codes[0] == "ok" ? 3U : 2U);
    }
    expect_sound();
}

// S27: the same key from two sides has one effect; the second gets the same answer, or is told to
// wait.
TEST_F(Race, same_key_together__has_one_effect) {
    for (int round = 0; round < 10; ++round) {
        const auto caller = identity_of(president("tatamis"));
        const nlohmann::json body{{"organisation_id", club("tatamis").str()},
                                  {"offer_id", whole("R").str()},
                                  {"when",
                                   {{"kind", "single"},
                                    {"date", (day("2026-11-16") + round).iso()},
                                    {"start_time", "18:00"},
                                    {"end_time", "20:00"}}},
                                  {"purpose", "Entraînement"},
                                  {"headcount", 12},
                                  {"terms_version", "2026-1"},
                                  {"terms_accepted", true}};
        std::vector<net::Response> answers(2);
        std::barrier start(2);
        db::test::Crew crew;
        for (auto& answer : answers) {
            crew.add([&] {
                start.arrive_and_wait();
                answer = call(net::Method::post, "/v1/bookings", body.dump(), caller,
                              "key-round-" + std::to_string(round));
            });
        }
        crew.join();
        int made = 0;
        for (const auto& answer : answers) {
            EXPECT_TRUE(answer.status == 201 || answer.body.find("in_flight") != std::string::npos)
                << answer.body;
            made += answer.status == 201 ? 1 : 0;
        }
        EXPECT_GE(made, 1);
        EXPECT_EQ(count("SELECT COUNT(*) FROM booking"), round + 1);
    }
}

// S16: with the guard taken apart the very same duel ends with two winners.
TEST_F(Race, guard_switched_off__is_seen_to_double_book) {
    settings_.unsafe = db::test::engine() == db::Engine::mariadb
                           ? UnsafeGuard{.no_bump = true, .no_key = true, .no_check = false}
                           : UnsafeGuard{.no_bump = false, .no_key = true, .no_check = true};
    configure(settings_);
    EXPECT_GT(bad_rounds([&](int round) { return duel(round); }), 0);
}

// Either of the two alone still guards (MariaDB shows it for the key, SQLite for both).
TEST_F(Race, key_alone__still_guards) {
    settings_.unsafe = {.no_bump = true, .no_key = false, .no_check = true};
    configure(settings_);
    EXPECT_EQ(bad_rounds([&](int round) { return duel(round); }), 0);
    expect_sound();
}

TEST_F(Race, bump_and_check_alone__still_guard) {
    settings_.unsafe = {.no_bump = false, .no_key = true, .no_check = false};
    configure(settings_);
    EXPECT_EQ(bad_rounds([&](int round) { return duel(round); }), 0);
}

}  // namespace
}  // namespace preau::booking::test
