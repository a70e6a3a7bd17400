#include "services/booking/jobs/demo.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <span>

#include "services/booking/jobs/demo_plan.hpp"
#include "services/booking/store/catalogue.hpp"

namespace preau::booking::demo {

namespace {

constexpr std::uint64_t kSeedDefault = 38;
// Dates nearer than this may lie inside the notice; the planted series starts behind them.
constexpr std::int32_t kAhead = 4;
// A second run, some days later, draws other days for the same closures.
constexpr std::int32_t kSameClosureDays = 100;

constexpr std::size_t kBatch = 25;

struct Stock {
    std::vector<SpaceRef> spaces;
    std::vector<KnownOrganisation> organisations;
};

/// The dates of the planted series that lie ahead, for each school year whose calendar is known.
base::Result<std::vector<std::vector<time::Date>>> tuesdays_ahead(SqlStore& store,
                                                                  const SpaceRef& gym,
                                                                  time::Date today) {
    std::vector<std::vector<time::Date>> out;
    if (!gym) return out;
    const auto read = store.read([&](Tx& tx) -> Outcome<bool> {
        out.clear();
        const auto calendar = tx.calendar_of(*gym);
        for (const auto& year : school_years(today)) {
            const auto expansion =
                rules::expand(tuesday_series(year), gym->zone, calendar.calendar);
            if (!expansion) continue;
            std::vector<time::Date> dates;
            for (const auto& slot : expansion->slots) {
                if (slot.local_date >= today + kAhead) dates.push_back(slot.local_date);
            }
            out.push_back(std::move(dates));
        }
        return true;
    });
    if (!read) return std::unexpected(read.error().error);
    return out;
}

Actor clerk(const base::BodyId& body) {
    Actor out;
    out.id = "service:booking";
    out.posts.push_back({body, PostRole::manager, {}});
    return out;
}

/// What one import came to: nothing where the booking was there already.
using Imported = std::optional<Booking>;

Outcome<Imported> import_one(Tx& tx, const Desk& desk, const ImportRequest& request) {
    if (tx.booking_exists(request.id)) return Imported{};
    auto booking = desk.import_booking(tx, request);
    if (!booking) return std::unexpected(booking.error());
    return Imported{*std::move(booking)};
}

void count(const Imported& imported, Loaded& loaded) {
    if (!imported) {
        ++loaded.known;
        return;
    }
    ++loaded.created;
    loaded.occurrences += imported->dates_count;
}

/// One by one: a date that cannot be had costs only its own booking.
base::Result<void> import_singly(SqlStore& store, const Desk& desk,
                                 std::span<const ImportRequest> requests, Loaded& loaded) {
    for (const auto& request : requests) {
        const auto made = store.transact([&](Tx& tx) { return import_one(tx, desk, request); });
        if (made) {
            count(*made, loaded);
            continue;
        }
        const auto& code = made.error().error.code;
        if (code == "overloaded" || code == "internal" || code == "storage_full") {
            return std::unexpected(made.error().error);
        }
        ++loaded.left_out;
    }
    return {};
}

base::Result<void> import_all(SqlStore& store, const Desk& desk, const Plan& plan, Loaded& loaded) {
    // Many in one transaction: an import waits for the disk once, not for each booking.
    const std::span<const ImportRequest> all(plan.bookings);
    for (std::size_t from = 0; from < all.size(); from += kBatch) {
        const auto batch = all.subspan(from, std::min(kBatch, all.size() - from));
        const auto made = store.transact([&](Tx& tx) -> Outcome<std::vector<Imported>> {
            std::vector<Imported> out;
            for (const auto& request : batch) {
                auto one = import_one(tx, desk, request);
                if (!one) return std::unexpected(one.error());
                out.push_back(*std::move(one));
            }
            return out;
        });
        if (made) {
            for (const auto& one : *made)
                count(one, loaded);
            continue;
        }
        if (auto done = import_singly(store, desk, batch, loaded); !done) return done;
    }
    return {};
}

base::Result<void> close_all(SqlStore& store, const Desk& desk, const Plan& plan,
                             const base::BodyId& body, Loaded& loaded) {
    for (const auto& planned : plan.closures) {
        ClosureRequest request;
        request.space = planned.space;
        request.kind = planned.kind;
        request.reason = planned.reason;
        request.from = request.until = planned.date;
        request.start_minute = planned.start_minute;
        request.end_minute = planned.end_minute;
        const auto laid = store.transact([&](Tx& tx) -> Outcome<bool> {
            const auto space = tx.space(planned.space);
            if (!space) return false;
            for (const auto& known : tx.closures(space->site, desk.now())) {
                const auto apart = std::abs(known.from - planned.date);
                const bool same = apart < kSameClosureDays && known.reason == planned.reason &&
                                  known.intervals.front().part == space->parts.front();
                if (same) return false;
            }
            auto closure = desk.lay_closure(tx, clerk(body), request);
            if (!closure) return std::unexpected(closure.error());
            return true;
        });
        if (laid && *laid) ++loaded.closures;
    }
    return {};
}

/// Counts, as a person would see them, the dates of the planted series that are not free.
int count_clashes(SqlStore& store, const SpaceRef& gym,
                  const std::vector<std::vector<time::Date>>& tuesdays) {
    int clashes = 0;
    if (!gym || gym->offers.empty()) return clashes;
    const auto counted = store.read([&](Tx& tx) -> Outcome<bool> {
        for (const auto& dates : tuesdays) {
            if (dates.empty()) continue;
            rules::Recurrence when;
            when.kind = rules::RecurrenceKind::dates;
            when.dates = dates;
            when.start_minute = 18 * 60;
            when.end_minute = 20 * 60;
            const auto place = place_of(tx, gym->offers.front().id);
            if (!place) return std::unexpected(place.error());
            const auto expansion = rules::expand(when, gym->zone, place->calendar.calendar);
            if (!expansion) continue;
            const Question question{{},    {}, true, expansion->slots.front().interval.start,
                                    false, {}};
            for (const auto& one : judge_slots(tx, *place, expansion->slots, question)) {
                if (one.state != rules::SlotState::free) ++clashes;
            }
        }
        return true;
    });
    return counted ? clashes : -1;
}

}  // namespace

base::Result<std::uint64_t> seed_of(const std::vector<std::string>& arguments) {
    if (arguments.empty()) return kSeedDefault;
    std::uint64_t seed = 0;
    if (arguments.size() != 2 || arguments[0] != "--seed") {
        return base::fail("invalid", "usage: demo [--seed 38]");
    }
    const auto& text = arguments[1];
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seed);
    if (fault != std::errc{} || end != text.data() + text.size()) {
        return base::fail("invalid", "--seed needs a number");
    }
    return seed;
}

base::Result<Loaded> load(db::Database& database, SqlStore& store, const Desk& desk,
                          std::uint64_t seed) {
    const auto stock = database.read([](db::Session& session) -> base::Result<Stock> {
        return Stock{demonstration_spaces(session), active_organisations(session)};
    });
    if (!stock) return std::unexpected(stock.error());
    if (stock->spaces.empty() || stock->organisations.empty()) {
        return base::fail("invalid", "no demonstration rooms or organisations: load those first");
    }
    const base::BodyId body = stock->spaces.front()->body;
    std::vector<base::OrganisationId> organisations;
    for (const auto& one : stock->organisations) {
        if (one.body == body && one.category <= 'C') organisations.push_back(one.id);
    }
    const auto today = stock->spaces.front()->zone.local(desk.now()).date;
    const auto gym = planted_gym(stock->spaces);
    const auto tuesdays = tuesdays_ahead(store, gym, today);
    if (!tuesdays) return std::unexpected(tuesdays.error());
    const auto wanted = plan(seed, today, stock->spaces, organisations, *tuesdays);

    Loaded loaded;
    if (const auto done = import_all(store, desk, wanted, loaded); !done) {
        return std::unexpected(done.error());
    }
    if (const auto done = close_all(store, desk, wanted, body, loaded); !done) {
        return std::unexpected(done.error());
    }
    loaded.clashes = count_clashes(store, gym, *tuesdays);
    return loaded;
}

}  // namespace preau::booking::demo
