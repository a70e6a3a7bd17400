#pragma once
// Money for a payment that was found on the establishment's own bank account, in one part or
// several, too much or too late. Pure: changes the values and collects what must be written with
// them.

#include "services/payment/domain/bank_book.hpp"

namespace preau::payment {

/// Cents that are missing of a payment; 0 when it is paid otherwise, or nothing is expected.
std::int64_t missing(const Payment& payment, const Transfers& transfers);

/// What part of a line's money is for a payment, and where it stood before.
struct Arrival {
    std::string key;                               // makes the entry one
    std::int64_t cents = 0;                        // > 0
    ledger::Account from = ledger::Account::bank;  // or suspense_in, where it waited for a name
    std::int64_t happened_at = 0;
};

/// Pays what is missing; what is over is owed back by transfer. On a payment that has ended all of
/// it is late money: booking says what becomes of it. `cents` > 0.
void receive_transfer(Payment& payment, Transfers& transfers, const Arrival& arrival,
                      base::Instant now, Effects& out);
/// The officer had recorded this transfer; here it is. Its `cents` are what he recorded.
void see_receipt(Payment& payment, Transfers& transfers, const Arrival& arrival, Effects& out);
/// The line was not for this payment after all. `invalid_transition` where too much was granted
/// back: money that may have left already cannot be taken back by this.
base::Result<void> take_back_transfer(Payment& payment, Transfers& transfers, std::int64_t cents,
                                      Effects& out);
/// A payment of which a part came by transfer was then paid in full otherwise: the part is owed
/// back.
void square(Payment& payment, Transfers& transfers, base::Instant now, Effects& out);

}  // namespace preau::payment
