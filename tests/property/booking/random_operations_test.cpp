// Random operations from several threads against a naive oracle: no overlap ever, cells are exactly
// the dates of the bookings that hold, and every refusal is justified by what was there.

#include <cstdlib>
#include <iostream>
#include <mutex>
#include <random>
#include <set>

#include "services/booking/jobs/timers.hpp"
#include "services/booking/store/sql.hpp"
#include "tests/property/booking/held_cells.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

/// As many operations as PREAU_CASES says, by as many threads (each with a connection of its own)
/// as PREAU_CONNECTIONS; the long lane asks for 100,000 by 16.
std::int64_t from_environment(const char* name, std::int64_t otherwise) {
    const char* given = std::getenv(name);
    return given != nullptr ? std::strtoll(given, nullptr, 10) : otherwise;
}
const auto kThreads = static_cast<int>(from_environment("PREAU_CONNECTIONS", 4));
const auto kCases = from_environment("PREAU_CASES", 1'440);
constexpr int kCasesOfRound = 5'000;  // at most, before everything is looked at
const auto kRounds = static_cast<int>(std::max<std::int64_t>(3, kCases / kCasesOfRound));
const auto kOperations = static_cast<int>(kCases / kRounds / kThreads);  // of a thread in a round

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
        add_room("north", {.buffer_after_min = 15, .establishment = "north"});
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
        switch (below(5)) {
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
            case 3:
                out.offer = whole("north");
                out.parts = {part_id("north", 1)};
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
        const auto dice = random() % 11;
        if (dice == 10) return close_something(random);
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
            const auto by = manager_of(*booking);
            done = random() % 3 == 0 ? refuse(*booking, by) : accept(*booking, by);
        } else if (dice == 7) {
            done = talk(*booking, random);
        } else if (dice == 8) {
            done =
                unanswered(booking->state)
                    ? withdraw_by(*booking)
                    : cancel(*booking, random() % 2 == 0 ? manager_of(*booking) : owner(*booking));
        } else if (random() % 3 == 0) {
            done = undo(*booking, manager_of(*booking));
        } else if (random() % 2 == 0) {
            done = give_back(*booking, random);
        } else {
            done = reopen(*booking, manager_of(*booking));
        }
        if (done) return;
        static const std::set<std::string> kExpected{
            "invalid_transition", "already_decided", "stale_version", "overlap",    "buffer",
            "duplicate",          "invalid",         "self_overlap",  "past_start", "closed",
            "last_date",          "not_found"};
        EXPECT_TRUE(kExpected.contains(code_of(done))) << code_of(done);
    }

    static Actor manager_of(const Booking& booking) {
        const bool north = booking.establishment == id<base::EstablishmentId>("north");
        return manager(north ? "north" : "vercors");
    }

    Outcome<Booking> give_back(const Booking& booking, std::mt19937_64& random) {
        const auto kept = booking.kept();
        if (kept.empty()) return booking;
        const auto one = kept[random() % kept.size()]->id;
        return store_->transact([&](Tx& tx) {
            return desk_->give_back(tx, owner(booking), booking.id, booking.version, {one});
        });
    }

    static Actor administrator() {
        Actor out;
        out.id = id<base::PersonId>("administrator").str();
        out.posts = {{id<base::BodyId>(test_body), PostRole::admin, {}}};
        return out;
    }

    /// Half an hour of one evening, in one room or at all sites; or one of these taken back.
    void close_something(std::mt19937_64& random) {
        const auto date = day("2027-01-04") + static_cast<int>(random() % 40);
        const int start = 17 * 60 + 30 * static_cast<int>(random() % 8);
        const auto kind = random() % 4;
        if (kind == 0) return take_a_closure_back(random);
        if (kind == 1) {
            BulkClosureRequest storm;
            storm.sites = {id<base::SiteId>("vercors"), id<base::SiteId>("north")};
            std::ranges::sort(storm.sites);
            storm.reason = "Vent violent";
            storm.from = storm.until = date;
            storm.start_minute = start;
            storm.end_minute = start + 30;
            storm.force = true;
            note_closed(date, start);
            const auto begun = store_->transact(
                [&](Tx& tx) { return desk_->begin_bulk_closure(tx, administrator(), storm); });
            if (!begun) {
                EXPECT_EQ(code_of(begun), "past_start");
                return;
            }
            // Half of them stop here and are carried on by the clock.
            if (random() % 2 == 0) (void)carry_on(*store_, *desk_, begun->id);
            const std::lock_guard lock(mutex_);
            storms_.push_back(begun->id);
            return;
        }
        ClosureRequest wanted;
        static const char* const rooms[] = {"G", "loose", "tight", "north"};
        wanted.space = id<base::SpaceId>(rooms[random() % 4]);
        wanted.reason = "Travaux";
        wanted.from = wanted.until = date;
        wanted.start_minute = start;
        wanted.end_minute = start + 30;
        wanted.force = random() % 2 == 0;
        note_closed(date, start);
        const auto laid = store_->transact(
            [&](Tx& tx) { return desk_->lay_closure(tx, administrator(), wanted); });
        static const std::set<std::string> kExpected{"closure_touches_bookings", "past_start",
                                                     "stale_version"};
        if (!laid) {
            EXPECT_TRUE(kExpected.contains(code_of(laid))) << code_of(laid);
            return;
        }
        const std::lock_guard lock(mutex_);
        closures_.push_back(laid->id);
    }

    void take_a_closure_back(std::mt19937_64& random) {
        BulkClosureId storm;
        base::ClosureId closure;
        {
            const std::lock_guard lock(mutex_);
            if (!storms_.empty()) storm = storms_[random() % storms_.size()];
            if (!closures_.empty()) closure = closures_[random() % closures_.size()];
        }
        if (!storm.empty() && random() % 2 == 0) {
            const auto undone = store_->transact(
                [&](Tx& tx) { return desk_->undo_bulk_closure(tx, administrator(), storm); });
            if (undone) (void)carry_on(*store_, *desk_, storm);
            EXPECT_TRUE(undone || code_of(undone) == "invalid_transition") << code_of(undone);
        } else if (!closure.empty()) {
            const auto lifted = store_->transact(
                [&](Tx& tx) { return desk_->lift_closure(tx, administrator(), closure); });
            EXPECT_TRUE(lifted || code_of(lifted) == "stale_version") << code_of(lifted);
        }
    }

    /// Before it is laid: whoever is refused for it has read of it.
    void note_closed(time::Date date, time::Minute start) {
        const auto zone = time::Zone::paris();
        const std::lock_guard lock(mutex_);
        closed_.push_back(
            {zone.instant_or_jump(date, start), zone.instant_or_jump(date, start + 30)});
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
                return desk_->ask_documents(tx, manager_of(booking), booking.id, booking.version,
                                            "Le RIB ?");
            }
            const auto kept = booking.kept();
            if (kept.empty() || random() % 2 == 0) {
                return desk_->propose(tx, manager_of(booking), booking.id, booking.version,
                                      something_else(booking, random));
            }
            PartialGrant part{{kept[random() % kept.size()]->id}, "no_staff", "", ""};
            return desk_->accept_in_part(tx, manager_of(booking), booking.id, booking.version,
                                         part);
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

    /// A refused date must name an interval that somebody else did hold, so near that his buffer or
    /// ours is in the way, or lie in time that was closed.
    void explain(const Wish& wanted, const Refusal& refusal) {
        static const std::set<std::string> kExpected{"overlap", "buffer", "duplicate", "closed",
                                                     "past_start"};
        EXPECT_TRUE(kExpected.contains(refusal.error.code)) << refusal.error.code;
        static const std::set<std::string> kDated{"overlap", "buffer", "closed"};
        if (!kDated.contains(refusal.error.code)) return;
        EXPECT_FALSE(refusal.conflicts.empty());
        const std::lock_guard lock(mutex_);
        for (const auto& conflict : refusal.conflicts) {
            const auto& slot = conflict.slot.interval;
            if (conflict.state == rules::SlotState::closed) {
                EXPECT_TRUE(std::ranges::any_of(closed_, [&](const time::Interval& one) {
                    return one.overlaps(slot);
                })) << "closed, and nobody closed it";
                continue;
            }
            ASSERT_TRUE(conflict.clash) << "a refusal without a reason";
            const bool buffer = conflict.state == rules::SlotState::buffer;
            EXPECT_EQ(conflict.clash->overlaps(slot), !buffer);
            if (buffer) EXPECT_TRUE(conflict.clash->grown(900, 900).overlaps(slot));
            clashes_.emplace(conflict.clash->start.seconds, conflict.clash->end.seconds);
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

    /// What happened to it, for a failure.
    std::string life_of(const Booking& booking) {
        std::string out = booking.id.str() + " " + std::string(to_string(booking.state)) + ", " +
                          std::string(to_string(booking.hold));
        if (booking.deferred) {
            out += ", can still be taken back: " + std::string(to_string(booking.deferred->act)) +
                   " of " + std::string(to_string(booking.deferred->previous_state));
        }
        const auto read = store_->read([&](Tx& tx) -> Outcome<bool> {
            for (const auto& line : tx.history(booking.id)) {
                out += "\n  " + line.act + " " + std::string(to_string(line.to));
            }
            return true;
        });
        EXPECT_TRUE(read);
        for (const auto& one : booking.occurrences) {
            out += "\n  " + one.slot.local_date.iso() + " " + std::string(to_string(one.state));
        }
        return out;
    }

    void expect_cells_match_bookings() {
        Cells wanted;
        for (const auto& id : ids_) {
            const auto booking = stored(id).value();
            const bool comes_back = pushed_of(booking) != nullptr &&
                                    booking.deferred->previous_state == State::counter_proposed;
            EXPECT_EQ(booking.proposal.has_value(),
                      comes_back || booking.state == State::counter_proposed);
            const auto cells = cells_of_booking(booking);
            EXPECT_EQ(
                count("SELECT COUNT(*) FROM occupied_cell WHERE booking_id = '" + id.str() + "'"),
                static_cast<std::int64_t>(cells.size()))
                << life_of(booking);
            for (const auto& cell : cells) {
                EXPECT_TRUE(wanted.insert(cell).second) << "two bookings in one cell";
            }
        }
        EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_cell"),
                  static_cast<std::int64_t>(wanted.size()));
    }

    /// Every interval that was named as being in the way is a date of some booking or proposal.
    void expect_clashes_were_there() {
        std::set<std::pair<std::int64_t, std::int64_t>> known;
        const auto read = database_->read([&](db::Session& session) -> base::Result<bool> {
            for (const auto* table : {"booking_occurrence", "proposal_occurrence"}) {
                Number start = 0;
                Number end = 0;
                soci::statement query =
                    (session.sql().prepare << "SELECT DISTINCT start_at, end_at FROM " << table,
                     soci::into(start), soci::into(end));
                each(query, [&] { known.emplace(start, end); });
            }
            return true;
        });
        ASSERT_TRUE(read);
        EXPECT_TRUE(std::ranges::includes(known, clashes_)) << "a clash that nobody had";
    }

    /// Bookings that are over and were looked at need no second look; some stay to be reopened.
    void forget_some() {
        std::vector<base::BookingId> left;
        constexpr std::size_t kOverKept = 300;
        std::size_t over = 0;
        for (const auto& one : ids_) {
            const auto booking = stored(one).value();
            const bool is_over = booking.hold == Hold::none && !booking.deferred;
            if (!is_over || ++over <= kOverKept) left.push_back(one);
        }
        made_ += ids_.size() - left.size();
        ids_ = std::move(left);
    }

    std::mutex mutex_;
    std::vector<base::BookingId> ids_;
    std::vector<BulkClosureId> storms_;
    std::vector<base::ClosureId> closures_;
    std::vector<time::Interval> closed_;                       // ever
    std::set<std::pair<std::int64_t, std::int64_t>> clashes_;  // that refusals named
    std::size_t made_ = 0;                                     // bookings that were forgotten
};

TEST_F(RandomOperations, from_many_threads__never_double_book_and_explain_every_refusal) {
    const auto start = seed();
    std::cout << "PREAU_SEED=" << start << " PREAU_CASES=" << kCases
              << " PREAU_CONNECTIONS=" << kThreads << "\n";
    for (int i = 0; i < 5; ++i)
        affiliate("club " + std::to_string(i), 'C');
    const int days = std::min(3, 60 / kRounds);  // after each round; the dates begin in 95 days
    for (int round = 0; round < kRounds; ++round) {
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
        expect_clashes_were_there();
        machine_.set(machine_.now() + 1'000);  // all windows end
        finish_bulk_closures(*store_, *desk_);
        finish_bulk_closures(*store_, *desk_);
        run_timers();
        run_timers();
        business_.set(business_.now() + days * 86'400);  // some proposals are over
        run_timers();
        expect_sound();
        expect_cells_match_bookings();
        forget_some();
        if (HasFailure()) return;
    }
    business_.set(instant("2027-02-28 12:00"));  // every date is past
    for (int i = 0; i < 4 + static_cast<int>(ids_.size() / 100); ++i)
        run_timers();
    expect_sound();
    expect_cells_match_bookings();
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking WHERE state IN ('submitted', "
                    "'awaiting_documents', 'counter_proposed')"),
              0);
    EXPECT_GT(count("SELECT COUNT(*) FROM proposal WHERE state = 'accepted'"), 0);
    EXPECT_GT(count("SELECT COUNT(*) FROM booking_history WHERE act = 'accept_in_part'"), 0);
    EXPECT_GT(count("SELECT COUNT(*) FROM booking_history WHERE reason_code = 'closure'"), 0);
    EXPECT_GT(count("SELECT COUNT(*) FROM bulk_closure WHERE state = 'undone'"), 0);
    std::cout << made_ + ids_.size() << " bookings, " << clashes_.size() << " clashes, "
              << closed_.size() << " closures\n";
    EXPECT_GT(made_ + ids_.size(), 100U);
}

}  // namespace
}  // namespace preau::booking::test
