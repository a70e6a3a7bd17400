#include "services/booking/jobs/timers.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "services/booking/domain/papers.hpp"
#include "shared/observe/log.hpp"

namespace preau::booking {

namespace {

using namespace std::chrono_literals;

constexpr int kBatch = 100;
constexpr auto kIdle = 500ms;
constexpr auto kBusy = 10ms;
constexpr auto kEnds = 2'000ms;
constexpr auto kQuotes = std::chrono::milliseconds(10min);
// Each asks payment, which may ask its provider: a slow one must not keep a long list waiting.
constexpr std::size_t kBatchOfCalls = 20;
constexpr std::int64_t kAskAgain_s = 60;
constexpr std::array<std::string_view, 3> kGone{"cancelled", "expired", "none"};

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
    const auto over =
        store.read([&](Tx& tx) -> Outcome<Ids> { return tx.proposals_over(desk.now(), kBatch); });
    constexpr std::int64_t kSuspendedAhead_s = (suspended_days + 1) * 86'400;
    const auto near = store.read([&](Tx& tx) -> Outcome<Ids> {
        return tx.suspended_until(desk.now() + kSuspendedAhead_s, kBatch);
    });
    const int done = run_each(store, desk, "lapse", near, &Desk::lapse_suspended) +
                     run_each(store, desk, "expire", started, &Desk::expire) +
                     run_each(store, desk, "expire", over, &Desk::expire) +
                     run_each(store, desk, "close", ended, &Desk::close);
    return done >= kBatch ? kBusy : kEnds;
}

std::chrono::milliseconds tell_overdue(Store& store, const Desk& desk) {
    const auto due =
        store.read([&](Tx& tx) -> Outcome<Ids> { return tx.overdue(desk.now(), kBatch); });
    const int done = run_each(store, desk, "overdue", due, &Desk::tell_overdue);
    return done >= kBatch ? kBusy : kEnds;
}

std::chrono::milliseconds finish_bulk_closures(Store& store, const Desk& desk) {
    const auto due = store.read([&](Tx& tx) -> Outcome<std::vector<BulkClosureId>> {
        return tx.bulk_closures_due(desk.machine_now(), kBatch);
    });
    if (!due) return kEnds;
    for (const auto& id : *due) {
        auto done = carry_on(store, desk, id);
        if (done) {
            const auto stands =
                store.transact([&](Tx& tx) { return desk.bulk_closure_stands(tx, id); });
            if (!stands) done = std::unexpected(stands.error());
        }
        if (done) continue;
        observe::log(observe::Level::warn, "timer.failed",
                     {{"what", "bulk_closure"},
                      {"bulk_closure_id", id.str()},
                      {"code", done.error().error.code}});
    }
    return kIdle;
}

std::chrono::milliseconds release_unpaid(Store& store, const Desk& desk,
                                         const CancelPayment& cancel) {
    const auto due = store.read(
        [&](Tx& tx) -> Outcome<Ids> { return tx.unpaid_due(desk.now(), kBatchOfCalls); });
    if (!due) return kEnds;
    for (const auto& id : *due) {
        // One key for each time that it falls due, so that an old answer is never told again.
        const auto key = id.str() + "-" + std::to_string(desk.now().seconds);
        const auto outcome = cancel(id, key);
        const bool gone = outcome && std::ranges::find(kGone, *outcome) != kGone.end();
        const auto done = store.transact([&](Tx& tx) -> Outcome<bool> {
            if (gone) return desk.release_unpaid(tx, id);
            tx.ask_payment_at(id, desk.now() + kAskAgain_s);
            return false;
        });
        const bool known = gone || (outcome && (*outcome == "processing" || *outcome == "paid"));
        if (done && known) continue;
        observe::log(observe::Level::warn, "timer.failed",
                     {{"what", "unpaid"},
                      {"booking_id", id.str()},
                      {"code", !done      ? done.error().error.code
                               : !outcome ? outcome.error().code
                                          : std::string("unknown_outcome")}});
    }
    return due->size() == kBatchOfCalls ? kBusy : kEnds;
}

std::chrono::milliseconds prune_quotes(Store& store, const Desk& desk) {
    const auto done =
        store.transact([&](Tx& tx) -> Outcome<int> { return tx.prune_quotes(desk.now(), kBatch); });
    return done && *done == kBatch ? kBusy : kQuotes;
}

}  // namespace preau::booking
