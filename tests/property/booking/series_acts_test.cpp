// Random acts on the dates of series against a model that is a plain list of dates: cells are the
// sum of the dates that keep time, ids never change, nothing overlaps, and every refusal has its
// cause in the model.

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

constexpr int kActs = 500;

std::uint64_t seed() {
    if (const char* given = std::getenv("PREAU_SEED")) return std::strtoull(given, nullptr, 10);
    return std::random_device{}();
}

/// What the model knows of one date.
struct Known {
    std::int32_t date = 0;
    std::int64_t start = 0;
    std::int64_t end = 0;
    bool kept = true;
};

struct Series {
    std::string club;
    std::set<std::string> parts;
    std::map<std::string, Known> dates;  // by occurrence id
    bool live = true;
    bool granted = false;

    int kept() const {
        return static_cast<int>(
            std::ranges::count_if(dates, [](const auto& one) { return one.second.kept; }));
    }
};

class SeriesActs : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        for (int i = 0; i < 4; ++i)
            affiliate("club " + std::to_string(i), 'A', "UNSS");
    }

    int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }

    /// Whether somebody else of the model keeps time there.
    bool taken(const base::BookingId& but, const std::set<std::string>& parts, std::int64_t start,
               std::int64_t end) const {
        for (const auto& [id, other] : model_) {
            if (id == but.str() || !other.live) continue;
            const bool shares = std::ranges::any_of(
                parts, [&](const auto& part) { return other.parts.contains(part); });
            if (!shares) continue;
            for (const auto& [_, date] : other.dates) {
                if (date.kept && date.start < end && start < date.end) return true;
            }
        }
        return false;
    }

    /// The public holidays of the test calendar: the rooms are closed then.
    static bool closed(std::int32_t date) {
        return date == day("2026-11-01").days || date == day("2026-11-11").days;
    }

    static Known known(const Occurrence& one) {
        return {one.slot.local_date.days, one.slot.interval.start.seconds,
                one.slot.interval.end.seconds, keeps_time(one.state)};
    }

    void submit() {
        const auto club_name = "club " + std::to_string(below(4));
        const std::array offers{whole("G"), part("G", 1), part("G", 2), part("G", 3), whole("R")};
        const auto offer = offers[static_cast<std::size_t>(below(5))];
        // Sundays too, over both changes of the clocks.
        const auto first = day(below(2) == 0 ? "2026-10-12" : "2027-03-15") + below(14);
        auto when = single(first.iso(), "18:00", "19:00");
        when.kind = rules::RecurrenceKind::weekly;
        when.weekdays = {first.weekday()};
        when.until = first + 7 * (1 + below(4));
        when.start_minute = 17 * 60 + 30 * below(6);
        when.end_minute = when.start_minute + 30 * (1 + below(3));
        const auto made = ask(club_name, offer, when, below(2) == 0);
        if (!made) {
            const auto code = code_of(made);
            ASSERT_TRUE(code == "overlap" || code == "duplicate" || code == "closed") << code;
            return;
        }
        Series fresh;
        fresh.club = club_name;
        for (const auto& part_id : made->parts)
            fresh.parts.insert(part_id.str());
        for (const auto& one : made->occurrences) {
            fresh.dates[one.id.str()] = known(one);
            const bool clash = taken(made->id, fresh.parts, one.slot.interval.start.seconds,
                                     one.slot.interval.end.seconds);
            ASSERT_EQ(clash || closed(one.slot.local_date.days),
                      one.state == OccurrenceState::skipped)
                << "skipped without a cause";
        }
        model_[made->id.str()] = std::move(fresh);
    }

    void give_back(const Booking& booking, Series& series) {
        const auto& one = any_date(booking);
        const auto done = store_->transact([&](Tx& tx) {
            return desk_->give_back(tx, president(series.club), booking.id, booking.version,
                                    {one.id});
        });
        auto& date = series.dates.at(one.id.str());
        if (done) {
            ASSERT_TRUE(date.kept);
            date.kept = false;
            ++done_["give_back"];
            return;
        }
        const auto code = code_of(done);
        if (code == "last_date") {
            ASSERT_EQ(series.kept(), 1);
        } else {
            ASSERT_EQ(code, "invalid_transition");
            ASSERT_FALSE(date.kept);
        }
    }

    void add_again(const Booking& booking, Series& series) {
        const auto& one = any_date(booking);
        auto& date = series.dates.at(one.id.str());
        const auto actor = series.granted ? manager() : president(series.club);
        const auto done = store_->transact([&](Tx& tx) {
            return desk_->add_again(tx, actor, booking.id, booking.version, one.id);
        });
        const bool clash = taken(booking.id, series.parts, date.start, date.end);
        if (done) {
            ASSERT_FALSE(date.kept || clash);
            date.kept = true;
            ++done_["add_again"];
            return;
        }
        const auto code = code_of(done);
        if (code == "overlap") {
            ASSERT_TRUE(clash);
            ++done_["refused"];
        } else if (code == "closed") {
            ASSERT_TRUE(closed(date.date));
        } else {
            ASSERT_EQ(code, "invalid_transition");
            ASSERT_TRUE(date.kept);
        }
    }

    void end(const Booking& booking, Series& series) {
        const auto from = any_date(booking).slot.local_date;
        const auto done = store_->transact([&](Tx& tx) {
            return desk_->end_series(tx, president(series.club), booking.id, booking.version, from);
        });
        int following = 0;
        for (const auto& [_, date] : series.dates)
            following += date.kept && date.date >= from.days ? 1 : 0;
        if (!done) {
            const auto code = code_of(done);
            if (code == "last_date") {
                ASSERT_EQ(following, series.kept());
            } else {
                ASSERT_EQ(code, "no_occurrence");
                ASSERT_EQ(following, 0);
            }
            return;
        }
        for (auto& [_, date] : series.dates) {
            if (date.date >= from.days) date.kept = false;
        }
        ++done_["end"];
    }

    void move(const Booking& booking, Series& series) {
        const auto& one = any_date(booking);
        MoveRequest wanted;
        wanted.occurrence = one.id;
        wanted.scope = static_cast<MoveScope>(below(3));
        wanted.start_minute = 17 * 60 + 30 * below(6);
        wanted.end_minute = *wanted.start_minute + 30 * (1 + below(3));
        if (wanted.scope == MoveScope::one && below(2) == 0) {
            wanted.date = one.slot.local_date + below(9) - 4;
        }
        if (wanted.scope != MoveScope::one && below(2) == 0) {
            wanted.weekday = static_cast<time::Weekday>(below(7));
        }
        const auto actor = series.granted ? manager() : president(series.club);
        const auto done = store_->transact(
            [&](Tx& tx) { return desk_->move(tx, actor, booking.id, booking.version, wanted); });
        // Where the model says that each date would go.
        auto after = series.dates;
        bool clash = false;
        bool shut = false;
        for (auto& [id, date] : after) {
            const auto& named = series.dates.at(one.id.str());
            const bool meant =
                date.kept && (wanted.scope == MoveScope::future || id == one.id.str() ||
                              (wanted.scope == MoveScope::following && date.start >= named.start));
            if (!meant) continue;
            time::Date there{date.date};
            if (wanted.date) there = *wanted.date;
            if (wanted.weekday) {
                there = there.monday() + static_cast<std::int32_t>(*wanted.weekday);
            }
            date.date = there.days;
            date.start = time::Zone::paris().instant(there, *wanted.start_minute)->seconds;
            date.end = time::Zone::paris().instant(there, *wanted.end_minute)->seconds;
            clash |= taken(booking.id, series.parts, date.start, date.end);
            shut |= closed(date.date);
        }
        std::set<std::int32_t> days;
        for (const auto& [_, date] : after)
            days.insert(date.date);
        const bool twice = days.size() != after.size();
        if (done) {
            ASSERT_FALSE(clash || twice || shut) << "moved onto something";
            series.dates = std::move(after);
            ++done_["move"];
            return;
        }
        const auto code = code_of(done);
        if (code == "overlap") {
            ASSERT_TRUE(clash);
            for (const auto& conflict : done.error().conflicts) {
                ASSERT_TRUE(closed(conflict.slot.local_date.days) ||
                            taken(booking.id, series.parts, conflict.slot.interval.start.seconds,
                                  conflict.slot.interval.end.seconds));
            }
            ++done_["refused"];
        } else if (code == "closed") {
            ASSERT_TRUE(shut && !clash);
        } else if (code == "self_overlap") {
            ASSERT_TRUE(twice);
        } else {
            ASSERT_EQ(code, "invalid_transition");
            ASSERT_TRUE(!series.dates.at(one.id.str()).kept || series.kept() == 0);
        }
    }

    void decide(const Booking& booking, Series& series) {
        if (!series.granted && below(2) == 0) {
            series.granted = accept(booking).has_value();
            return;
        }
        const auto done = series.granted ? cancel(booking, president(series.club))
                                         : withdraw(booking, series.club);
        if (done) series.live = false;
    }

    const Occurrence& any_date(const Booking& booking) {
        return booking.occurrences[static_cast<std::size_t>(
            below(static_cast<int>(booking.occurrences.size())))];
    }

    void step() {
        if (model_.empty() || below(5) == 0) return submit();
        auto at = model_.begin();
        std::advance(at, below(static_cast<int>(model_.size())));
        auto& series = at->second;
        const auto booking = stored(base::BookingId::trusted(at->first)).value();
        if (!series.live) return;
        switch (below(12)) {
            case 0:
                return decide(booking, series);
            case 1:
                return end(booking, series);
            case 2:
            case 3:
            case 4:
                return give_back(booking, series);
            case 5:
            case 6:
            case 7:
                return add_again(booking, series);
            default:
                return move(booking, series);
        }
    }

    void expect_as_modelled() {
        std::int64_t cells = 0;
        for (const auto& [id, series] : model_) {
            const auto booking = stored(base::BookingId::trusted(id)).value();
            ASSERT_EQ(booking.occurrences.size(), series.dates.size());
            for (const auto& one : booking.occurrences) {
                const auto at = series.dates.find(one.id.str());
                ASSERT_NE(at, series.dates.end()) << "an id that was not there before";
                ASSERT_EQ(one.slot.interval.start.seconds, at->second.start);
                ASSERT_EQ(one.slot.interval.end.seconds, at->second.end);
                ASSERT_EQ(one.slot.local_date.days, at->second.date);
                if (!series.live) continue;
                ASSERT_EQ(keeps_time(one.state), at->second.kept);
                if (!at->second.kept) continue;
                cells += (at->second.end - at->second.start) / 900 *
                         static_cast<std::int64_t>(series.parts.size());
            }
            if (series.live) ASSERT_EQ(booking.dates_count, series.kept());
        }
        ASSERT_EQ(count("SELECT COUNT(*) FROM occupied_cell"), cells);
    }

    std::mt19937_64 random_;
    std::map<std::string, Series> model_;
    std::map<std::string, int> done_;
};

TEST_F(SeriesActs, any_order__dates_cells_and_ids_are_those_of_the_model) {
    const auto start = seed();
    std::cout << "PREAU_SEED=" << start << "\n";
    random_.seed(start);
    for (int i = 0; i < kActs; ++i) {
        step();
        if (HasFatalFailure()) return;
        if (i % 25 != 0) continue;
        expect_as_modelled();
        expect_sound();
        if (HasFailure()) return;
    }
    expect_as_modelled();
    expect_sound();
    for (const auto* act : {"give_back", "add_again", "move", "end", "refused"}) {
        std::cout << act << " " << done_[act] << "\n";
        EXPECT_GT(done_[act], 2) << act << " hardly happened: the test shows nothing of it";
    }
}

}  // namespace
}  // namespace preau::booking::test
