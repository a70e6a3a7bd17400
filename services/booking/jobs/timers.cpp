#include "services/booking/jobs/timers.hpp"

#include <algorithm>

#include "shared/observe/log.hpp"

namespace preau::booking {

namespace {

using namespace std::chrono_literals;

constexpr int kBatch = 100;
constexpr auto kIdle = 500ms;
constexpr auto kBusy = 10ms;
constexpr auto kEnds = 2'000ms;

using Ids = std::vector<base::BookingId>;
using Step = Outcome<bool> (Desk::*)(Tx&, const base::BookingId&) const;

/// The number done.
int run_each(Store& store, const Desk& desk, std::string_view what, const Outcome<Ids>& ids,
             Step step) {
    if (!ids) {
        observe::log(observe::Level::warn, "timer.failed",
                     {{"what", what}, {"code", ids.error().error.code}});
        return 0;
    }
    int done = 0;
    for (const auto& id : *ids) {
        const auto result = store.transact([&](Tx& tx) { return (desk.*step)(tx, id); });
        if (result) {
            done += *result ? 1 : 0;
            continue;
        }
        // Somebody acted on it at this moment; the next round looks again.
        observe::log(
            observe::Level::warn, "timer.failed",
            {{"what", what}, {"booking_id", id.str()}, {"code", result.error().error.code}});
    }
    return done;
}

}  // namespace

std::chrono::milliseconds settle_decisions(Store& store, const Desk& desk) {
    const auto due = store.read(
        [&](Tx& tx) -> Outcome<Ids> { return tx.deferred_due(desk.machine_now(), kBatch); });
    const int done = run_each(store, desk, "settle", due, &Desk::settle);
    return done == kBatch ? kBusy : kIdle;
}

std::chrono::milliseconds end_what_is_past(Store& store, const Desk& desk) {
    const auto started = store.read(
        [&](Tx& tx) -> Outcome<Ids> { return tx.unanswered_started(desk.now(), kBatch); });
    const auto ended =
        store.read([&](Tx& tx) -> Outcome<Ids> { return tx.confirmed_ended(desk.now(), kBatch); });
    const int done = run_each(store, desk, "expire", started, &Desk::expire) +
                     run_each(store, desk, "close", ended, &Desk::close);
    return done >= kBatch ? kBusy : kEnds;
}

}  // namespace preau::booking
