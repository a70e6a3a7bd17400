#include "services/booking/jobs/settings.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "shared/observe/log.hpp"

namespace preau::booking {

namespace {

/// The test-only switches of the guard; refused outside demonstration and test instances.
UnsafeGuard unsafe_guard(const host::Config& config) {
    const auto list = host::Config::environment("PREAU_TEST_UNSAFE_GUARD");
    if (list.empty()) return {};
    const bool allowed = config.demonstration() || config.boolean("instance.test", false);
    const auto switches = unsafe_guard_from(list);
    if (!allowed || !switches) {
        std::fprintf(stderr, "preau-booking: PREAU_TEST_UNSAFE_GUARD is refused: %s\n",
                     allowed ? switches.error().detail.c_str() : "not a test instance");
        std::exit(2);
    }
    observe::log(observe::Level::warn, "guard.unsafe", {{"switches", list}});
    return *switches;
}

}  // namespace

DeskSettings settings_of(const host::Config& config, Terms terms) {
    const auto number = [&](std::string_view name, int otherwise) {
        return static_cast<int>(config.integer(name, otherwise));
    };
    DeskSettings out;
    out.undo_window_s = number("booking.undo_window_s", out.undo_window_s);
    out.closure_undo_window_s = number("booking.closure_undo_window_s", out.closure_undo_window_s);
    out.live_requests_max = number("booking.live_requests_max", out.live_requests_max);
    out.answer_working_days = number("booking.answer_working_days", out.answer_working_days);
    out.pay_by_days = number("booking.pay_by_days", out.pay_by_days);
    out.first_use_working_days = number("booking.first_use_working_days", 10);
    out.single_horizon_days = number("booking.single_horizon_days", out.single_horizon_days);
    out.series_in_school_year =
        config.boolean("booking.series_in_school_year", out.series_in_school_year);
    out.insurance_required = config.boolean("booking.insurance_required", true);
    out.contract_required = config.boolean("booking.contract_required", true);
    auto& debt = out.debt;
    debt.due_days = number("booking.debt_due_days", debt.due_days);
    debt.warned_days = number("booking.debt_warned_days", debt.warned_days);
    debt.blocked_days = number("booking.debt_blocked_days", debt.blocked_days);
    debt.blocked_above = {
        config.integer("booking.debt_blocked_above_cents", debt.blocked_above.value)};
    auto& cancellation = out.cancellation;
    cancellation.steps = {{number("booking.refund_full_days", 15), false, 100},
                          {number("booking.refund_half_days", 7), false, 50}};
    cancellation.given_back_days = number("booking.give_back_days", 3);
    out.unsafe = unsafe_guard(config);
    out.terms = std::move(terms);
    return out;
}

}  // namespace preau::booking
