// What time does: payouts and expiry.

#include "tests/simulators/stripe/world.hpp"

namespace preau::stripe_simulator {

std::optional<Json> World::make_payout(const std::string& account) {
    Events events;
    std::optional<Json> out;
    {
        const std::lock_guard lock(mutex_);
        Account& owner = accounts_[account];
        const std::int64_t amount = unpaid_out(owner);
        if (amount <= 0) return std::nullopt;
        const std::string id = new_id("po_");
        for (auto& [key, object] : owner.objects) {
            if (object["object"] == "balance_transaction" && object["_payout"].is_null()) {
                object["_payout"] = id;
            }
        }
        const std::string txn =
            add_transaction(owner, "payout", id, -amount)["id"].get<std::string>();
        owner.objects[txn]["_payout"] = id;
        out =
            put(owner, {{"id", id},
                        {"object", "payout"},
                        {"amount", amount},
                        {"arrival_date", now() + 2 * 86'400},
                        {"automatic", true},
                        {"balance_transaction", txn},
                        {"created", now()},
                        {"currency", "eur"},
                        {"description", "STRIPE PAYOUT"},
                        {"livemode", false},
                        {"method", "standard"},
                        {"reconciliation_status", "completed"},
                        {"statement_descriptor", nullptr},
                        {"status", "paid"},
                        {"trace_id", {{"status", "supported"}, {"value", "TR" + id.substr(3, 16)}}},
                        {"type", "bank_account"}});
        add_event(events, account, "payout.created", *out);
        add_event(events, account, "payout.paid", *out);
        add_event(events, account, "payout.reconciliation_completed", *out);
        save();
    }
    tell(events);
    return out;
}

void World::pay_out_daily(bool daily) {
    const std::lock_guard lock(mutex_);
    daily_ = daily;
}

void World::tick() {
    std::vector<std::pair<std::string, std::string>> due;
    std::vector<std::string> to_pay_out;
    {
        const std::lock_guard lock(mutex_);
        const std::int64_t today = now() / 86'400;
        for (const auto& [owner, account] : accounts_) {
            for (const auto& [id, object] : account.objects) {
                if (object["object"] == "checkout.session" && object["status"] == "open" &&
                    object["expires_at"].get<std::int64_t>() <= now()) {
                    due.emplace_back(owner, id);
                }
            }
            // The first day is only noted: what was paid today is paid out tomorrow.
            const auto [last, is_new] = paid_out_on_.try_emplace(owner, today);
            if (daily_ && !is_new && last->second < today) to_pay_out.push_back(owner);
            last->second = today;
        }
    }
    for (const auto& [owner, id] : due)
        expire_session(owner, id);
    for (const auto& owner : to_pay_out)
        make_payout(owner);
}

}  // namespace preau::stripe_simulator
