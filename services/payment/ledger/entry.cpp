#include "services/payment/ledger/entry.hpp"

#include <array>
#include <cassert>

#include "shared/security/digest.hpp"

namespace preau::payment::ledger {

namespace {

constexpr std::size_t kFaultsMax = 100;

struct Row {
    std::string_view name;
    std::string_view number;
};
// In the order of the enumeration.
constexpr std::array<Row, account_count> kAccounts{{{"receivable", "4632"},
                                                    {"revenue", "7083"},
                                                    {"psp_clearing", "5115"},
                                                    {"payout_transit", "585"},
                                                    {"bank", "5151"},
                                                    {"offline_clearing", "511"},
                                                    {"fees", "627"},
                                                    {"refund_due", "4664"},
                                                    {"suspense_in", "4718"},
                                                    {"suspense_out", "472"},
                                                    {"dispute_hold", "467"},
                                                    {"loss", "658"}}};

}  // namespace

std::string_view to_string(Account account) {
    return kAccounts[static_cast<std::size_t>(account)].name;
}

std::optional<Account> account_from(std::string_view text) {
    for (std::size_t i = 0; i < kAccounts.size(); ++i) {
        if (kAccounts[i].name == text) return static_cast<Account>(i);
    }
    return std::nullopt;
}

std::string_view default_number(Account account) {
    return kAccounts[static_cast<std::size_t>(account)].number;
}

Entry transfer(std::string event_key, std::string label, Account debit, Account credit,
               std::int64_t cents) {
    assert(cents > 0);
    Entry out;
    out.event_key = std::move(event_key);
    out.label = std::move(label);
    out.postings = {{debit, cents, 0}, {credit, 0, cents}};
    return out;
}

std::optional<std::string> fault_of(const Entry& entry) {
    if (entry.event_key.empty()) return "no event key";
    if (entry.postings.size() < 2) return "fewer than two postings";
    std::int64_t sum = 0;
    for (const auto& posting : entry.postings) {
        if (posting.debit < 0 || posting.credit < 0) return "a negative amount";
        if ((posting.debit == 0) == (posting.credit == 0)) return "not exactly one side";
        sum += posting.debit - posting.credit;
    }
    if (sum != 0) return "debit and credit differ";
    return std::nullopt;
}

std::string hash_of(const Written& written) {
    const auto& entry = written.entry;
    std::string out = written.previous_hash;
    const auto line = [&out](std::string_view text) {
        out += '\n';
        out += text;
    };
    line(written.establishment_id);
    line(std::to_string(written.number));
    line(std::to_string(written.posted_at));
    line(entry.event_key);
    line(entry.payment_id);
    line(entry.day.iso());
    line(entry.label);
    for (const auto& posting : entry.postings) {
        line(to_string(posting.account));
        line(std::to_string(posting.debit));
        line(std::to_string(posting.credit));
    }
    return security::sha256_hex(out);
}

void add(Balances& balances, const Entry& entry) {
    for (const auto& posting : entry.postings) {
        auto& sums = balances[posting.account];
        sums.debit += posting.debit;
        sums.credit += posting.credit;
    }
}

Sums total(const Balances& balances) {
    Sums out;
    for (const auto& [account, sums] : balances) {
        out.debit += sums.debit;
        out.credit += sums.credit;
    }
    return out;
}

void Verifier::complain(std::int64_t number, std::string_view code) {
    if (faults_.size() < kFaultsMax) faults_.push_back({number, code});
}

void Verifier::next(const Written& written) {
    ++count_;
    if (written.number != expected_) complain(written.number, "gap");
    expected_ = written.number + 1;
    if (fault_of(written.entry)) complain(written.number, "unbalanced");
    if (written.previous_hash != head_ || written.hash != hash_of(written)) {
        complain(written.number, "broken_chain");
    }
    head_ = written.hash;
    add(balances_, written.entry);
    const auto due = balances_.find(Account::refund_due);
    if (due != balances_.end() && due->second.balance() > 0) {
        complain(written.number, "negative_refund_due");
    }
}

std::vector<Fault> Verifier::finish() {
    return std::move(faults_);
}

}  // namespace preau::payment::ledger
