#include "services/booking/domain/debt.hpp"

#include <algorithm>

namespace preau::booking {

std::string_view to_string(DebtState state) {
    switch (state) {
        case DebtState::none:
            return "none";
        case DebtState::warned:
            return "warned";
        case DebtState::blocked:
            return "blocked";
    }
    return "none";
}

Debt debt_of(std::span<const OpenInvoice> invoices, const time::Zone& zone, time::Date today,
             const DebtTerms& terms) {
    Debt out;
    for (const auto& invoice : invoices) {
        const auto due = zone.local(invoice.last_end + -1).date + terms.due_days;
        if (today <= due || invoice.open <= base::Cents{}) continue;
        out.overdue += invoice.open;
        out.days = std::max(out.days, static_cast<int>(today - due));
    }
    if (out.days > terms.blocked_days || out.overdue > terms.blocked_above) {
        out.state = DebtState::blocked;
    } else if (out.days >= terms.warned_days) {
        out.state = DebtState::warned;
    }
    return out;
}

}  // namespace preau::booking
