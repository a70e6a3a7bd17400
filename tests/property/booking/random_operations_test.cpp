// Random operations from several threads against a naive oracle: no overlap ever, cells are exactly
// the dates of the bookings that hold, and every refusal is justified by what was there.

#include <cstdlib>
#include <iostream>
#include <mutex>
#include <random>
#include <set>

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

constexpr int kThreads = 4;
constexpr int kOperations = 120;  // of each thread

std::uint64_t seed() {
    if (const char* given = std::getenv("PREAU_SEED")) return std::strtoull(given, nullptr, 10);
    return std::random_device{}();
}

class RandomOperations : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        settings_.undo_window_s = 1;
        configure(settings_);
        add_room("loose", {.pending_holds = false});
        add_room("tight", {.buffer_after_min = 15});
    }

    struct Wish {
        std::string organisation;
        base::OfferId offer;
        rules::Recurrence when;
        std::vector<base::PartId> parts;
    };

    Wish wish(std::mt19937_64& random) {
        const auto below = [&](std::uint64_t n) { return static_cast<int>(random() % n); };
        Wish out;
        out.organisation = "club " + std::to_string(below(5));
        const auto part_id = [](const std::string& room, int n) {
            return id<base::PartId>(room + "-part-" + std::to_string(n));
        };
        switch (below(4)) {
            case 0:
                out.offer = whole("G");
                out.parts = {part_id("G", 1), part_id("G", 2), part_id("G", 3)};
                break;
            case 1: {
                const int n = 1 + below(3);
                out.offer = part("G", n);
                out.parts = {part_id("G", n)};
                break;
            }
            case 2:
                out.offer = whole("loose");
                out.parts = {part_id("loose", 1)};
                break;
            default:
                out.offer = whole("tight");
                out.parts = {part_id("tight", 1)};
        }
        const auto first = day("2027-01-04") + below(12);
        const int start = 17 * 60 + 15 * below(12);
        out.when = single(first.iso(), "18:00", "19:00");
        out.when.start_minute = start;
        out.when.end_minute = start + 15 * (1 + below(8));
        if (below(3) == 0) {
            out.when.kind = rules::RecurrenceKind::weekly;
            out.when.weekdays = {first.weekday()};
            out.when.until = first + 7 * (1 + below(4));
        }
        return out;
    }

    /// One random step; fails the test when its outcome cannot be explained.
    void step(std::mt19937_64& random) {
        const auto dice = random() % 10;
        if (dice < 6) {
            const auto wanted = wish(random);
            const auto made =
                ask(wanted.organisation, wanted.offer, wanted.when, random() % 2 == 0);
            if (made) {
                const std::lock_guard lock(mutex_);
                ids_.push_back(made->id);
                return;
            }
            explain(wanted, made.error());
            return;
        }
        const auto booking = any(random);
        if (!booking) return;
        Outcome<Booking> done = *booking;
        if (dice < 8) {
            done = random() % 3 == 0 ? refuse(*booking) : accept(*booking);
        } else if (dice == 8) {
            done = booking->state == State::submitted
                       ? withdraw_by(*booking)
                       : cancel(*booking, random() % 2 == 0 ? manager() : owner(*booking));
        } else if (random() % 2 == 0) {
            done = undo(*booking);
        } else {
            done = reopen(*booking);
        }
        if (done) return;
        static const std::set<std::string> kExpected{
            "invalid_transition", "already_decided", "stale_version", "overlap", "buffer",
            "duplicate"};
        EXPECT_TRUE(kExpected.contains(code_of(done))) << code_of(done);
    }

    /// A refused date must name an interval that somebody else did hold on one of the parts.
    void explain(const Wish& wanted, const Refusal& refusal) {
        static const std::set<std::string> kExpected{"overlap", "buffer", "duplicate", "closed",
                                                     "past_start"};
        EXPECT_TRUE(kExpected.contains(refusal.error.code)) << refusal.error.code;
        if (refusal.error.code != "overlap") return;
        EXPECT_FALSE(refusal.conflicts.empty());
        for (const auto& conflict : refusal.conflicts) {
            if (conflict.state == rules::SlotState::closed) continue;
            ASSERT_TRUE(conflict.clash) << "a refusal without a reason";
            if (conflict.state == rules::SlotState::buffer) continue;
            EXPECT_TRUE(conflict.clash->overlaps(conflict.slot.interval));
        }
        EXPECT_FALSE(wanted.parts.empty());
    }

    std::optional<Booking> any(std::mt19937_64& random) {
        base::BookingId chosen;
        {
            const std::lock_guard lock(mutex_);
            if (ids_.empty()) return std::nullopt;
            chosen = ids_[random() % ids_.size()];
        }
        return stored(chosen);
    }

    Actor owner(const Booking& booking) const {
        Actor out;
        out.id = booking.requester;
        out.member_of = out.books_for = {booking.organisation};
        return out;
    }
    Outcome<Booking> withdraw_by(const Booking& booking) {
        return store_->transact([&](Tx& tx) {
            return desk_->withdraw(tx, owner(booking), booking.id, booking.version);
        });
    }

    /// Recomputes from the bookings alone what must be held, and compares with the cells.
    void expect_cells_match_bookings() {
        std::set<std::pair<std::string, std::int64_t>> wanted;
        for (const auto& one : ids_) {
            const auto booking = stored(one).value();
            if (booking.hold == Hold::none || booking.hold == Hold::requested) continue;
            for (const auto& occurrence : booking.occurrences) {
                const bool kept = keeps_time(occurrence.state) ||
                                  (booking.deferred && booking.deferred->act == Act::cancel &&
                                   occurrence.state == OccurrenceState::cancelled);
                if (!kept) continue;
                for (const auto& part : booking.parts) {
                    const auto end = time::end_cell(occurrence.slot.interval).number;
                    for (auto cell = time::first_cell(occurrence.slot.interval).number; cell < end;
                         ++cell) {
                        EXPECT_TRUE(wanted.emplace(part.str(), cell).second)
                            << "two bookings in one cell";
                    }
                }
            }
        }
        EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"),
                  static_cast<std::int64_t>(wanted.size()));
    }

    std::mutex mutex_;
    std::vector<base::BookingId> ids_;
};

TEST_F(RandomOperations, from_four_threads__never_double_book_and_explain_every_refusal) {
    const auto start = seed();
    std::cout << "PREAU_SEED=" << start << "\n";
    for (int i = 0; i < 5; ++i)
        affiliate("club " + std::to_string(i), 'C');
    for (int round = 0; round < 3; ++round) {
        db::test::Crew crew;
        for (int t = 0; t < kThreads; ++t) {
            crew.add([this, start, round, t] {
                std::mt19937_64 random(start + static_cast<std::uint64_t>(100 * round + t));
                for (int i = 0; i < kOperations; ++i)
                    step(random);
            });
        }
        crew.join();
        expect_sound();
        expect_cells_match_bookings();
        machine_.set(machine_.now() + 60);  // all windows end
        run_timers();
        run_timers();
        expect_sound();
        expect_cells_match_bookings();
    }
    std::cout << ids_.size() << " bookings\n";
    EXPECT_GT(ids_.size(), 100U);
}

}  // namespace
}  // namespace preau::booking::test
