#pragma once
// A collège for tests: one gym of three thirds, rooms with special rules, two hirers of category D
// (who pay later, so that an acceptance confirms) and their people, on a scratch database of the
// engine that the program is linked for. Business time stands at Thursday 1 October 2026, 9:00 in
// Paris, until a test moves it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/booking/domain/desk.hpp"
#include "services/booking/store/sql_store.hpp"
#include "shared/events/reader.hpp"
#include "shared/net/router.hpp"
#include "shared/security/identity.hpp"
#include "shared/wire/space.hpp"
#include "shared/wire/tariff.hpp"
#include "tests/unit/shared/db/scratch.hpp"

namespace preau::booking::test {

template <class IdType>
IdType id(const std::string& seed) {
    return IdType::seeded(1'700'000'000'000ULL, seed);
}

inline constexpr const char* test_body = "isere";

/// An event as a feed tells it, without a number.
events::Event told_event(std::string type, std::string aggregate, std::int64_t version,
                         nlohmann::json data);

time::Date day(const std::string& iso);
/// "2026-12-01 18:00" in Paris.
base::Instant instant(const std::string& date_and_time);
rules::Recurrence single(const std::string& date, const std::string& start, const std::string& end);
rules::Recurrence weekly(const std::string& weekday, const std::string& from,
                         const std::string& until, const std::string& start,
                         const std::string& end);

/// How a test room differs from the plain one: open 08–22 every day, grid 15 min, no buffer, no
/// notice, holds pending requests.
struct RoomOptions {
    int parts = 1;
    int grid_min = 15;
    int duration_min_min = 15;
    int duration_max_min = 14 * 60;
    int notice_days = 0;
    int horizon_days = 548;
    int buffer_after_min = 0;
    int capacity = 100;
    bool published = true;
    bool pending_holds = true;
    bool instant = false;
    bool active = true;
    std::string establishment = "vercors";
    std::vector<std::string> shared_parts = {};  // equipment that other rooms have too
};

class Office : public db::test::Scratch {
protected:
    void SetUp() override;

    /// Gives the space; its offers are `whole(name)` and, with several parts, `part(name, n)`.
    wire::Space add_room(const std::string& name, const RoomOptions& options = {});
    void put(const wire::Space& space);
    void affiliate(const std::string& organisation, char category, const std::string& ground = "",
                   const std::string& status = "active");
    /// A vote of the body, or of one establishment: classroom hours at `hour_cents`.
    void vote(const std::string& name, std::int64_t hour_cents,
              const std::string& executory_from = "2026-09-01",
              const std::string& voted_on = "2026-06-26", const std::string& establishment = "");
    void put_tariff(const wire::Tariff& tariff);
    void forget_votes();
    /// What payment's feed tells next of the payment of a booking.
    void payment_tells(const Booking& booking, const std::string& status,
                       std::int64_t refunded_cents = 0,
                       const std::string& type = "payment_changed.v1");
    /// The quote as the operation answers it.
    nlohmann::json quoted(const std::string& organisation, const base::OfferId& offer,
                          const rules::Recurrence& when);
    static base::OfferId whole(const std::string& room) {
        return id<base::OfferId>(room + ":whole");
    }
    static base::OfferId part(const std::string& room, int n) {
        return id<base::OfferId>(room + ":" + std::to_string(n));
    }
    static base::OrganisationId club(const std::string& name) {
        return id<base::OrganisationId>(name);
    }

    /// The president of an association.
    static Actor president(const std::string& organisation);
    static Actor manager(const std::string& establishment = "vercors");
    static Actor staff(PostRole role, const std::string& establishment = "vercors");

    SubmitRequest request(const std::string& organisation, const base::OfferId& offer,
                          rules::Recurrence when) const;
    Outcome<Booking> ask(const std::string& organisation, const base::OfferId& offer,
                         const rules::Recurrence& when, bool skip = false);
    /// As ask, which must succeed.
    Booking asked(const std::string& organisation, const base::OfferId& offer,
                  const rules::Recurrence& when);
    /// Asked and accepted; confirmed where the settings have no undo window.
    Booking booked(const std::string& organisation, const base::OfferId& offer,
                   const rules::Recurrence& when);
    Outcome<Booking> accept(const Booking& booking, const Actor& actor = manager());
    Outcome<Booking> refuse(const Booking& booking, const Actor& actor = manager());
    Outcome<Booking> cancel(const Booking& booking, const Actor& actor,
                            const std::string& reason = "Besoin du collège");
    Outcome<Booking> withdraw(const Booking& booking, const std::string& organisation);
    Outcome<Booking> undo(const Booking& booking, const Actor& actor = manager());
    Outcome<Booking> reopen(const Booking& booking, const Actor& actor = manager());
    Outcome<Closure> close(const std::string& room, const std::string& from,
                           const std::string& until, bool force = false,
                           const Actor& actor = manager());
    std::optional<Booking> stored(const base::BookingId& booking);
    std::vector<HistoryLine> history(const base::BookingId& booking);

    /// Rounds of the timers until they have nothing to do.
    void run_timers();
    /// The data of the last event of a type about an aggregate, or null.
    nlohmann::json told(const std::string& aggregate, const std::string& type);
    /// The data of all events of a type, in order.
    std::vector<nlohmann::json> all_told(const std::string& type);
    /// Types of the events in the outbox about one aggregate, in order.
    std::vector<std::string> events_of(const std::string& aggregate);
    /// No part twice at one time, cells = occurrences of the bookings that hold time.
    void expect_sound();
    std::int64_t count(const std::string& sql) { return number(*database_, sql).value(); }

    /// A call of the HTTP operation without a server.
    net::Response call(net::Method method, const std::string& path, const std::string& body,
                       const security::Identity& identity, const std::string& key = {});
    static security::Identity identity_of(const Actor& actor);
    /// New settings for what follows (guard switches, undo window).
    void configure(const DeskSettings& settings);

    std::unique_ptr<db::Database> database_;
    base::FixedClock business_{instant("2026-10-01 09:00")};
    base::FixedClock machine_{base::Instant{1'790'000'000}};
    DeskSettings settings_;
    std::unique_ptr<SqlStore> store_;  // configure() after a change
    std::unique_ptr<Desk> desk_;
    net::Router router_;
    /// What payment answers to the command to cancel, and how often it was asked.
    std::string cancel_outcome_ = "cancelled";
    int cancels_asked_ = 0;
    std::unique_ptr<events::Sink> payment_feed_;
    std::uint64_t payment_seq_ = 0;
};

/// The code of a refusal, or "ok".
template <class T>
std::string code_of(const Outcome<T>& outcome) {
    return outcome ? "ok" : outcome.error().error.code;
}

}  // namespace preau::booking::test
