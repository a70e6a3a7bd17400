#pragma once
// What the tests of the dates of a series share: ten Tuesdays, and each act on them.

#include <string>
#include <vector>

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {

/// Ten Tuesdays: eight from 1 December on, none skipped by a calendar.
inline const rules::Recurrence tuesdays =
    weekly("tue", "2026-12-01", "2027-02-02", "18:00", "20:00");

class SeriesDates : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        affiliate("chorale", 'C');
        affiliate("college sport", 'A', "UNSS");
    }
    void TearDown() override { expect_sound(); }

    Outcome<Booking> give_back(const Booking& booking, const std::vector<std::size_t>& which,
                               const Actor& actor) {
        std::vector<base::OccurrenceId> dates;
        for (const auto i : which)
            dates.push_back(booking.occurrences.at(i).id);
        return store_->transact([&](Tx& tx) {
            return desk_->give_back(tx, actor, booking.id, booking.version, dates);
        });
    }
    Outcome<Booking> add_again(const Booking& booking, std::size_t which, const Actor& actor) {
        return store_->transact([&](Tx& tx) {
            return desk_->add_again(tx, actor, booking.id, booking.version,
                                    booking.occurrences.at(which).id);
        });
    }
    Outcome<Booking> end(const Booking& booking, const std::string& from, const Actor& actor) {
        return store_->transact([&](Tx& tx) {
            return desk_->end_series(tx, actor, booking.id, booking.version, day(from));
        });
    }
    static MoveRequest to(const Booking& booking, std::size_t which, const std::string& start,
                          const std::string& end, MoveScope scope = MoveScope::one) {
        MoveRequest out;
        out.occurrence = booking.occurrences.at(which).id;
        out.scope = scope;
        out.start_minute = time::parse_minute(start).value();
        out.end_minute = time::parse_minute(end).value();
        return out;
    }
    Outcome<Booking> move(const Booking& booking, const MoveRequest& request, const Actor& actor) {
        return store_->transact(
            [&](Tx& tx) { return desk_->move(tx, actor, booking.id, booking.version, request); });
    }
    Outcome<Booking> edit(const Booking& booking, const EditRequest& request, const Actor& actor) {
        return store_->transact(
            [&](Tx& tx) { return desk_->edit(tx, actor, booking.id, booking.version, request); });
    }
    Outcome<Booking> shorten(const Booking& booking, int after_min, const Actor& actor) {
        return store_->transact([&](Tx& tx) {
            return desk_->shorten_buffers(tx, actor, booking.id, booking.version,
                                          {std::nullopt, after_min});
        });
    }

    static std::vector<std::string> ids_of(const Booking& booking) {
        std::vector<std::string> out;
        for (const auto& one : booking.occurrences)
            out.push_back(one.id.str());
        return out;
    }
    /// "2026-12-01 18:00" of the dates that keep time.
    static std::vector<std::string> kept_of(const Booking& booking) {
        std::vector<std::string> out;
        for (const auto* one : booking.kept()) {
            out.push_back(one->slot.local_date.iso() + " " +
                          time::format_minute(one->slot.start_minute));
        }
        return out;
    }
    std::vector<std::int64_t> refunds() {
        std::vector<std::int64_t> out;
        for (const auto& told : all_told("refund_ordered.v1")) {
            if (told["reason"] == "given_back") out.push_back(told["amount"].get<std::int64_t>());
        }
        return out;
    }
    Booking paid(const rules::Recurrence& when) {
        const auto booking = booked("chorale", whole("R"), when);
        payment_tells(booking, "paid");
        return stored(booking.id).value();
    }
    Booking now_stored(const Outcome<Booking>& done) {
        EXPECT_TRUE(done) << code_of(done);
        return done ? stored(done->id).value() : Booking{};
    }
    const Actor hirer = president("tatamis");
    const Actor payer = president("chorale");
};

}  // namespace preau::booking::test
