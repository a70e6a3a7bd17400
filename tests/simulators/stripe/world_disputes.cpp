// What goes wrong afterwards: payers' banks that take money back, accounts without money, accounts
// that are restricted.

#include "tests/simulators/stripe/world.hpp"

namespace preau::stripe_simulator {

Json& World::account_object(const std::string& id) {
    Account& owner = accounts_[id];
    if (Json* known = get(owner, id)) return *known;
    return put(owner,
               {{"id", id},
                {"object", "account"},
                {"charges_enabled", true},
                {"payouts_enabled", true},
                {"details_submitted", true},
                {"default_currency", "eur"},
                {"country", "FR"},
                {"type", "none"},
                {"created", now()},
                {"email", nullptr},
                {"business_profile", nullptr},
                {"business_type", "government_entity"},
                {"capabilities", {{"card_payments", "active"}, {"transfers", "active"}}},
                {"settings", nullptr},
                {"requirements",
                 {{"alternatives", nullptr},
                  {"current_deadline", nullptr},
                  {"currently_due", Json::array()},
                  {"disabled_reason", nullptr},
                  {"errors", Json::array()},
                  {"eventually_due", Json::array()},
                  {"past_due", Json::array()},
                  {"pending_verification", Json::array()}}},
                {"controller", {{"type", "application"}, {"fees", {{"payer", "application"}}}}}});
}

Json World::account(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return account_object(id);
}

void World::lend_nothing(const std::string& account) {
    const std::lock_guard lock(mutex_);
    account_object(account)["_lends_nothing"] = true;
    save();
}

void World::restrict(const std::string& account, const std::string& why) {
    Events events;
    {
        const std::lock_guard lock(mutex_);
        Json& object = account_object(account);
        object["charges_enabled"] = why.empty();
        object["requirements"]["disabled_reason"] = why.empty() ? Json() : Json(why);
        add_event(events, account, "account.updated", account_object(account));
        save();
    }
    tell(events);
}

std::string World::execute_refund(Account& account, const std::string& refund,
                                  std::int64_t amount) {
    return add_transaction(account, "refund", refund, -amount)["id"].get<std::string>();
}

void World::release_refunds(const std::string& id, Events& events) {
    Account& owner = accounts_[id];
    for (const auto& key : std::vector(owner.order)) {
        const Json* one = get(owner, key);
        if ((*one)["object"] != "refund" || (*one)["status"] != "pending") continue;
        const auto amount = (*one)["amount"].get<std::int64_t>();
        if (amount > unpaid_out(owner)) return;
        const auto txn = execute_refund(owner, key, amount);
        Json& refund = *get(owner, key);
        refund["status"] = "succeeded";
        refund["balance_transaction"] = txn;
        refund.erase("pending_reason");
        add_event(events, id, "refund.updated", refund);
    }
}

ApiResult<Json> World::dispute(const std::string& account, const std::string& intent_id,
                               std::int64_t amount) {
    Events events;
    Json out;
    {
        const std::lock_guard lock(mutex_);
        Account& owner = accounts_[account];
        Json* intent = get(owner, intent_id);
        if (intent == nullptr || !(*intent)["latest_charge"].is_string()) {
            return missing("payment_intent", intent_id);
        }
        const auto charge_id = (*intent)["latest_charge"].get<std::string>();
        Json& charge = *get(owner, charge_id);
        const auto left =
            charge["amount"].get<std::int64_t>() - charge["amount_refunded"].get<std::int64_t>();
        if (charge.value("disputed", false) || amount <= 0 || amount > left) {
            return invalid("amount", "this charge cannot be disputed for that amount");
        }
        charge["disputed"] = true;
        const Json currency = charge["currency"];
        const auto id = new_id("du_");
        Json& txn = add_transaction(owner, "adjustment", id, -amount);
        txn["reporting_category"] = "dispute";
        const Json withdrawn = txn;
        out = put(owner, {{"id", id},
                          {"object", "dispute"},
                          {"amount", amount},
                          {"balance_transactions", Json::array({withdrawn})},
                          {"charge", charge_id},
                          {"created", now()},
                          {"currency", currency},
                          {"enhanced_eligibility_types", Json::array()},
                          {"evidence_details",
                           {{"due_by", now() + 7 * 86'400},
                            {"enhanced_eligibility", Json::object()},
                            {"has_evidence", false},
                            {"past_due", false},
                            {"submission_count", 0},
                            {"submission_method", "manual"}}},
                          {"is_charge_refundable", false},
                          {"livemode", false},
                          {"metadata", Json::object()},
                          {"payment_intent", intent_id},
                          {"reason", "fraudulent"},
                          {"status", "needs_response"}});
        add_event(events, account, "charge.dispute.created", out);
        add_event(events, account, "charge.dispute.funds_withdrawn", out);
        save();
    }
    tell(events);
    return out;
}

ApiResult<Json> World::decide_dispute(const std::string& account, const std::string& id, bool won) {
    Events events;
    Json out;
    {
        const std::lock_guard lock(mutex_);
        Account& owner = accounts_[account];
        const Json* known = get(owner, id);
        if (known == nullptr || (*known)["status"] != "needs_response") {
            return missing("dispute", id);
        }
        const auto amount = (*known)["amount"].get<std::int64_t>();
        const auto charge = (*known)["charge"].get<std::string>();
        Json given_back;
        if (won) {
            Json& txn = add_transaction(owner, "adjustment", id, amount);
            txn["reporting_category"] = "dispute_reversal";
            given_back = txn;
            (*get(owner, charge))["disputed"] = false;
        }
        Json& dispute = *get(owner, id);
        if (won) dispute["balance_transactions"].push_back(given_back);
        dispute["status"] = won ? "won" : "lost";
        out = dispute;
        if (won) add_event(events, account, "charge.dispute.funds_reinstated", out);
        add_event(events, account, "charge.dispute.closed", out);
        if (won) release_refunds(account, events);
        save();
    }
    tell(events);
    return out;
}

}  // namespace preau::stripe_simulator
