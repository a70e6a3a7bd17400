#pragma once
// Double entry in integer cents: what an entry is, when it is sound, and the chain of hashes that
// makes every later change visible. Pure values; the tables that hold them refuse UPDATE and
// DELETE.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/id.hpp"
#include "shared/time/civil.hpp"

namespace preau::payment::ledger {

/// The accounts of one establishment. Their numbers in its own plan are configuration
/// ([payment.accounts]).
enum class Account {
    receivable,        // D: rent due by hirers
    revenue,           // C: rents
    psp_clearing,      // D: at the payment provider
    payout_transit,    // D: on its way to the bank
    bank,              // D: the deposit account
    offline_clearing,  // D: cheques, cash, transfers and mandates recorded, not seen at the bank
    fees,              // D: only where the provider's fees fall on the establishment
    refund_due,        // C: owed back
    suspense_in,       // C: money that nobody can name yet
    suspense_out,      // D: money that left and nobody can name yet
    dispute_hold,      // D: withdrawn by a dispute that is not decided
    loss,              // D: disputes lost
};
inline constexpr int account_count = 12;
std::string_view to_string(Account account);
std::optional<Account> account_from(std::string_view text);
/// The number in the M9-6 plan that holds without configuration; an accountant must confirm it.
std::string_view default_number(Account account);

struct Posting {
    Account account = Account::receivable;
    std::int64_t debit = 0;  // cents; exactly one of the two is positive
    std::int64_t credit = 0;
    bool operator==(const Posting&) const = default;
};

/// What happened, once: a second entry with the same `event_key` is never written.
struct Entry {
    std::string event_key;         // "txn:txn_1", "due:01J…"
    std::string payment_id;        // empty where none is concerned
    std::string label;             // a word and references, never a name
    std::int64_t happened_at = 0;  // UTC seconds; 0: when it is written
    time::Date day;                // of `happened_at` in the establishment's zone, once written
    std::vector<Posting> postings;
};

/// `cents` from `credit` to `debit`; `cents` > 0.
Entry transfer(std::string event_key, std::string label, Account debit, Account credit,
               std::int64_t cents);

/// Why an entry may not be written; nothing when it may.
std::optional<std::string> fault_of(const Entry& entry);

/// An entry in its place.
struct Written {
    std::string establishment_id;
    std::int64_t number = 0;  // dense from 1 within the establishment
    std::int64_t posted_at = 0;
    Entry entry;
    std::string previous_hash;  // of number - 1; empty for the first
    std::string hash;
};

/// SHA-256, hex, of everything in a written entry but the hash itself.
std::string hash_of(const Written& written);

struct Sums {
    std::int64_t debit = 0;
    std::int64_t credit = 0;
    std::int64_t balance() const { return debit - credit; }
    bool operator==(const Sums&) const = default;
};
using Balances = std::map<Account, Sums>;
void add(Balances& balances, const Entry& entry);
Sums total(const Balances& balances);

struct Fault {
    std::int64_t number = 0;
    std::string_view code;  // unbalanced, gap, broken_chain, negative_refund_due
    bool operator==(const Fault&) const = default;
};

/// Walks the entries of one establishment in their order.
class Verifier {
public:
    void next(const Written& written);
    /// All faults, at most 100.
    std::vector<Fault> finish();
    const std::string& head() const { return head_; }
    std::int64_t count() const { return count_; }

private:
    void complain(std::int64_t number, std::string_view code);

    std::string head_;
    std::int64_t count_ = 0;
    std::int64_t expected_ = 1;
    Balances balances_;
    std::vector<Fault> faults_;
};

}  // namespace preau::payment::ledger
