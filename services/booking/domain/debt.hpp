#pragma once
// What an organisation owes an establishment and should have paid by now (rule R-10). Only what is
// billed after use can be overdue: what is paid before has no booking without its money.

#include <span>

#include "shared/base/clock.hpp"
#include "shared/base/money.hpp"
#include "shared/time/zone.hpp"

namespace preau::booking {

/// Local days and cents; the defaults are those of R-10 and of public payers (30 days after use).
struct DebtTerms {
    int due_days = 30;                  // after the last date of the booking
    int warned_days = 30;               // overdue: the college is told
    int blocked_days = 60;              // overdue for longer: no new request
    base::Cents blocked_above{20'000};  // overdue in all, whatever its age: no new request
};

struct OpenInvoice {
    base::Cents open;
    base::Instant last_end;  // of the booking that it is for
};

enum class DebtState { none, warned, blocked };
std::string_view to_string(DebtState state);

struct Debt {
    DebtState state = DebtState::none;
    base::Cents overdue;
    int days = 0;  // since the oldest fell due
};

/// What is overdue on a local day.
Debt debt_of(std::span<const OpenInvoice> invoices, const time::Zone& zone, time::Date today,
             const DebtTerms& terms);

}  // namespace preau::booking
