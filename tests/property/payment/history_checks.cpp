// What must hold at the end of every life.

#include <algorithm>
#include <map>

#include "tests/property/payment/history.hpp"

namespace preau::payment::test {

void History::check_establishment(const std::string& name, std::vector<std::string>& out) {
    const auto key = id<base::EstablishmentId>(name);
    const auto complain = [&](const std::string& what) { out.push_back(name + ": " + what); };
    std::int64_t truth = 0;
    std::int64_t paid_out = 0;
    std::int64_t movements = 0;
    for (const auto& txn :
         world_->list(account(name), "balance_transaction", [](const Json&) { return true; })) {
        truth += txn["net"].get<std::int64_t>();
        ++movements;
        if (txn["type"] == "payout") paid_out -= txn["net"].get<std::int64_t>();
    }
    const auto done = store_->read([&](Tx& tx) -> base::Result<bool> {
        const auto sum = ledger::total(tx.balances(key));
        if (sum.debit != sum.credit) complain("debit and credit differ");
        ledger::Verifier verifier;
        EntryFilter filter;
        filter.establishment = key;
        filter.limit = 100'000;
        for (const auto& one : tx.entries(filter))
            verifier.next(one);
        for (const auto& fault : verifier.finish())
            complain("verify: " + std::string(fault.code) + " " + std::to_string(fault.number));
        if (tx.mirrored_net(key) != truth) complain("the mirror differs");
        return true;
    });
    if (!done) complain("unreadable");
    const auto known =
        count("SELECT COUNT(*) FROM provider_txn WHERE establishment_id = '" + key.str() + "'");
    if (known != movements) {
        complain("movements " + std::to_string(known) + " of " + std::to_string(movements));
    }
    const auto clearing = balance(ledger::Account::psp_clearing, name);
    if (clearing != truth) {
        complain("ledger " + std::to_string(clearing) + ", provider " + std::to_string(truth));
    }
    if (balance(ledger::Account::payout_transit, name) != paid_out) complain("payout_transit");
}

void History::check_guest(const Guest& guest, std::vector<std::string>& out) {
    const auto mine = payment(guest.name);
    const auto complain = [&](const std::string& what) { out.push_back(guest.name + ": " + what); };
    std::int64_t charged = 0;
    std::int64_t received = 0;
    std::int64_t refunded = 0;
    std::map<std::string, int> once;
    for (const auto& one : at_provider(guest, "charge"))
        charged += one["amount"].get<std::int64_t>();
    for (const auto& one : mine.attempts)
        received += one.received;
    for (const auto& one : at_provider(guest, "checkout.session"))
        ++once["page " + one["metadata"].value("attempt", "")];
    for (const auto& intent : at_provider(guest, "payment_intent")) {
        for (const auto& one : world_->list(
                 account(guest.establishment), "refund",
                 [&](const Json& refund) { return refund["payment_intent"] == intent["id"]; })) {
            if (one["status"] == "succeeded") refunded += one["amount"].get<std::int64_t>();
            const auto ours = one["metadata"].value("refund_id", "");
            if (!ours.empty()) ++once["refund " + ours];
        }
    }
    for (const auto& fact : facts_of(guest.name)) {
        if (fact != "refund_executed.v1") ++once["fact " + fact];
    }
    for (const auto& [what, times] : once)
        if (times > 1) complain(what + " " + std::to_string(times) + " times");
    if (charged != received) complain("received");
    if (refunded != mine.refunded) complain("refunded");
    if (refunded > charged) complain("more given back than taken");
    std::int64_t taken_back = 0;
    std::int64_t disputed = 0;
    for (const auto& one : mine.disputes) {
        if (one.state != DisputeState::won) taken_back += one.amount;
    }
    for (const auto& intent : at_provider(guest, "payment_intent")) {
        for (const auto& one :
             world_->list(account(guest.establishment), "dispute",
                          [&](const Json& d) { return d["payment_intent"] == intent["id"]; })) {
            if (one["status"] != "won") disputed += one["amount"].get<std::int64_t>();
        }
    }
    if (taken_back != disputed) complain("disputed");
}

std::vector<std::string> History::faults() {
    auto out = schema_faults_;
    for (const auto* name : {"vercors", "garenne"})
        check_establishment(name, out);
    for (const auto& guest : guests_)
        check_guest(guest, out);
    for (const auto* what :
         {"provider_call WHERE state NOT IN ('ok', 'refused')", "webhook_inbox WHERE state = 'new'",
          "refund WHERE route = 'provider' AND status IN ('submitted', 'unknown')"}) {
        if (const auto left = count(std::string("SELECT COUNT(*) FROM ") + what); left != 0) {
            out.push_back(std::to_string(left) + " left in " + what);
        }
    }
    return out;
}

std::string History::digest() {
    std::string out;
    for (const auto& guest : guests_) {
        const auto mine = payment(guest.name);
        out += guest.name + " " + std::string(to_string(mine.status)) + " " +
               std::string(to_string(mine.refund_state())) + " " + std::to_string(mine.refunded) +
               " " + std::string(to_string(mine.settlement)) + " " +
               std::string(to_string(mine.dispute_state()));
        for (const auto& one : mine.attempts) {
            out +=
                " page:" + std::string(to_string(one.status)) + ":" + std::to_string(one.received);
        }
        std::vector<std::string> lines;
        for (const auto& one : mine.refunds) {
            lines.push_back("refund " + std::string(to_string(one.status)) + " " + one.reason +
                            " " + std::to_string(one.amount) + " " +
                            std::string(to_string(one.route)));
        }
        const auto done = store_->read([&](Tx& tx) -> base::Result<bool> {
            EntryFilter filter;
            filter.establishment = mine.establishment;
            filter.payment_id = mine.id.str();
            filter.limit = 1'000;
            for (const auto& one : tx.entries(filter)) {
                std::string line = one.entry.label.substr(0, one.entry.label.find(" PR-"));
                for (const auto& posting : one.entry.postings) {
                    line += " " + std::string(ledger::to_string(posting.account)) + " " +
                            std::to_string(posting.debit - posting.credit);
                }
                lines.push_back(std::move(line));
            }
            return true;
        });
        EXPECT_TRUE(done);
        std::ranges::sort(lines);
        for (const auto& line : lines)
            out += "\n  " + line;
        out += "\n";
    }
    for (const auto* name : {"vercors", "garenne"}) {
        for (int i = 0; i < ledger::account_count; ++i) {
            out += " " + std::to_string(balance(static_cast<ledger::Account>(i), name));
        }
        out += "\n";
    }
    return out;
}

}  // namespace preau::payment::test
