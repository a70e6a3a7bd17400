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
        const auto booking = dice == 7 ? any_unanswered(random) : any(random);
        if (!booking) return;
        Outcome<Booking> done = *booking;
        if (dice == 6) {
            done = random() % 3 == 0 ? refuse(*booking) : accept(*booking);
        } else if (dice == 7) {
            done = talk(*booking, random);
        } else if (dice == 8) {
            done = unanswered(booking->state)
                       ? withdraw_by(*booking)
                       : cancel(*booking, random() % 2 == 0 ? manager() : owner(*booking));
        } else if (random() % 2 == 0) {
            done = undo(*booking);
        } else {
            done = reopen(*booking);
        }
        if (done) return;
        static const std::set<std::string> kExpected{
            "invalid_transition", "already_decided", "stale_version", "overlap",    "buffer",
            "duplicate",          "invalid",         "self_overlap",  "past_start", "closed"};
        EXPECT_TRUE(kExpected.contains(code_of(done))) << code_of(done);
    }

    /// What leads to a decision, or answers it: some dates, something else, a question.
    Outcome<Booking> talk(const Booking& booking, std::mt19937_64& random) {
        const auto by_hirer = owner(booking);
        return store_->transact([&](Tx& tx) -> Outcome<Booking> {
            if (booking.state == State::counter_proposed) {
                return random() % 3 == 0
                           ? desk_->decline_proposal(tx, by_hirer, booking.id, booking.version, "")
                           : desk_->accept_proposal(tx, by_hirer, booking.id, booking.version);
            }
            if (booking.state == State::awaiting_documents) {
                return desk_->provide_documents(tx, by_hirer, booking.id, booking.version, "Oui.");
            }
            if (random() % 4 == 0) {
                return desk_->ask_documents(tx, manager(), booking.id, booking.version, "Le RIB ?");
            }
            const auto kept = booking.kept();
            if (kept.empty() || random() % 2 == 0) {
                return desk_->propose(tx, manager(), booking.id, booking.version,
                                      something_else(booking, random));
            }
            PartialGrant part{{kept[random() % kept.size()]->id}, "no_staff", "", ""};
            return desk_->accept_in_part(tx, manager(), booking.id, booking.version, part);
        });
    }

    /// Another wish in its place, or one of its dates shifted.
    ProposalRequest something_else(const Booking& booking, std::mt19937_64& random) {
        ProposalRequest out;
        out.message = "Autre chose.";
        const auto kept = booking.kept();
        if (kept.empty() || random() % 2 == 0) {
            const auto other = wish(random);
            out.offer = other.offer;
            out.when = other.when;
            return out;
        }
        const auto* one = kept[random() % kept.size()];
        const int shift = 15 * (1 + static_cast<int>(random() % 4));
        out.replace = {{one->id, one->slot.local_date + static_cast<int>(random() % 2),
                        one->slot.start_minute + shift, one->slot.end_minute + shift}};
        return out;
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

    /// One that is still talked about, if chance finds one soon: most bookings are not.
    std::optional<Booking> any_unanswered(std::mt19937_64& random) {
        std::optional<Booking> out;
        for (int tries = 0; tries < 12; ++tries) {
            out = any(random);
            if (!out || unanswered(out->state)) return out;
        }
        return out;
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

    using Cells = std::set<std::pair<std::string, std::int64_t>>;

    static void add_cells(const std::vector<base::PartId>& parts, const Occurrence& occurrence,
                          Cells& into) {
        const auto& interval = occurrence.slot.interval;
        for (const auto& part : parts) {
            for (auto at = interval.start.seconds; at < interval.end.seconds; at += 900)
                into.emplace(part.str(), at / 900);
        }
    }

    /// What a booking must hold, worked out from it alone: its dates and those that a decision took
    /// but could still give back, and the proposal that stands.
    static Cells cells_of_booking(const Booking& booking) {
        Cells out;
        for (const auto& one : booking.occurrences) {
            if (booking.hold == Hold::none || booking.hold == Hold::requested) break;
            bool held = one.state == OccurrenceState::planned;
            if (booking.deferred) {
                const auto& left_out = booking.deferred->before.left_out;
                // Where requests do not hold, a grant takes only what is granted.
                held = held || (booking.deferred->previous_hold == Hold::pending &&
                                std::ranges::find(left_out, one.id) != left_out.end());
                held = held || (booking.deferred->act == Act::cancel &&
                                one.state == OccurrenceState::cancelled);
            }
            if (held) add_cells(booking.parts, one, out);
        }
        if (!booking.proposal) return out;
        for (const auto& one : booking.proposal->occurrences) {
            if (one.state == OccurrenceState::planned) {
                add_cells(booking.proposal->parts, one, out);
            }
        }
        return out;
    }

    void expect_cells_match_bookings() {
        Cells wanted;
        for (const auto& id : ids_) {
            const auto booking = stored(id).value();
            EXPECT_EQ(booking.proposal.has_value(), booking.state == State::counter_proposed);
            for (const auto& cell : cells_of_booking(booking)) {
                EXPECT_TRUE(wanted.insert(cell).second) << "two bookings in one cell";
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
        business_.set(business_.now() + 3 * 86'400);  // some proposals are over
        run_timers();
        expect_sound();
        expect_cells_match_bookings();
    }
    business_.set(instant("2027-02-28 12:00"));  // every date is past
    for (int i = 0; i < 4; ++i)
        run_timers();
    expect_sound();
    expect_cells_match_bookings();
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking WHERE state IN ('submitted', "
                    "'awaiting_documents', 'counter_proposed')"),
              0);
    EXPECT_GT(count("SELECT COUNT(*) FROM proposal WHERE state = 'accepted'"), 0);
    EXPECT_GT(count("SELECT COUNT(*) FROM booking_history WHERE act = 'accept_in_part'"), 0);
    std::cout << ids_.size() << " bookings\n";
    EXPECT_GT(ids_.size(), 100U);
}

}  // namespace
}  // namespace preau::booking::test
