// What payers, banks and officers do: payments, refusals, refunds.

#include "tests/simulators/stripe/world.hpp"

namespace preau::stripe_simulator {

ApiResult<Json> World::refund_charge(const std::string& account, const Json& parameters,
                                     Events& events) {
    Account& owner = accounts_[account];
    const std::string intent_id = parameters.value("payment_intent", "");
    Json* intent = get(owner, intent_id);
    if (intent == nullptr) return missing("payment_intent", intent_id);
    Json* charge = (*intent)["latest_charge"].is_string()
                       ? get(owner, (*intent)["latest_charge"].get<std::string>())
                       : nullptr;
    if (charge == nullptr) return invalid("payment_intent", "has no successful charge");
    const auto paid = (*charge)["amount"].get<std::int64_t>();
    const auto refunded = (*charge)["amount_refunded"].get<std::int64_t>();
    std::int64_t amount = paid - refunded;
    if (parameters.contains("amount")) {
        amount = std::strtoll(parameters["amount"].get<std::string>().c_str(), nullptr, 10);
    }
    if (refunded == paid) {
        return ApiError{400, "invalid_request_error", "charge_already_refunded", "",
                        "Charge has already been refunded."};
    }
    if (amount <= 0 || amount > paid - refunded) {
        return invalid("amount", "Refund amount is greater than unrefunded amount on charge");
    }
    if (charge->value("disputed", false)) {
        return ApiError{400, "invalid_request_error", "charge_disputed", "",
                        "Charge has been charged back; cannot issue a refund."};
    }
    (*charge)["amount_refunded"] = refunded + amount;
    (*charge)["refunded"] = refunded + amount == paid;
    const Json charge_now = *charge;
    const std::string refund_id = new_id("re_");
    const bool waits =
        account_object(account).value("_lends_nothing", false) && amount > unpaid_out(owner);
    Json refund = {{"id", refund_id},
                   {"object", "refund"},
                   {"amount", amount},
                   {"balance_transaction", nullptr},
                   {"charge", charge_now["id"]},
                   {"created", now()},
                   {"currency", charge_now["currency"]},
                   {"metadata", parameters.value("metadata", Json::object())},
                   {"payment_intent", intent_id},
                   {"reason", parameters.value("reason", Json())},
                   {"status", "succeeded"}};
    if (waits) {
        refund["status"] = "pending";
        refund["pending_reason"] = "insufficient_funds";
    } else {
        refund["balance_transaction"] = execute_refund(owner, refund_id, amount);
    }
    const Json out = put(owner, refund);
    add_event(events, account, "refund.created", out);
    add_event(events, account, "charge.refunded", charge_now);
    save();
    return out;
}

ApiResult<Json> World::create_refund(const std::string& account, const Json& parameters) {
    Events events;
    const auto out = [&]() -> ApiResult<Json> {
        const std::lock_guard lock(mutex_);
        return refund_charge(account, parameters, events);
    }();
    tell(events);
    return out;
}

// The intent is made by the first thing that the payer does.
Json& World::intent_of(Account& account, Json& session) {
    const std::string session_id = session["id"].get<std::string>();
    if (session["payment_intent"].is_string()) {
        return *get(account, session["payment_intent"].get<std::string>());
    }
    const std::string id = new_id("pi_");
    put(account, {{"id", id},
                  {"object", "payment_intent"},
                  {"amount", session["amount_total"]},
                  {"amount_received", 0},
                  {"created", now()},
                  {"currency", session["currency"]},
                  {"description", session["_description"]},
                  {"last_payment_error", nullptr},
                  {"latest_charge", nullptr},
                  {"livemode", false},
                  {"metadata", session["_intent_metadata"]},
                  {"status", "requires_payment_method"}});
    (*get(account, session_id))["payment_intent"] = id;
    return *get(account, id);
}

void World::settle_payment(Account& account, Json& session, Events& events,
                           const std::string& owner) {
    const auto amount = session.value("_charged", session["amount_total"].get<std::int64_t>());
    const Json currency = session.value("_currency", session["currency"]);
    const std::string session_id = session["id"].get<std::string>();
    const std::string intent_id = intent_of(account, session)["id"].get<std::string>();
    const std::string charge_id = new_id("ch_");
    const std::string txn =
        add_transaction(account, "charge", charge_id, amount)["id"].get<std::string>();
    const Json charge = put(account, {{"id", charge_id},
                                      {"object", "charge"},
                                      {"amount", amount},
                                      {"amount_captured", amount},
                                      {"amount_refunded", 0},
                                      {"balance_transaction", txn},
                                      {"captured", true},
                                      {"created", now()},
                                      {"currency", currency},
                                      {"description", (*get(account, intent_id))["description"]},
                                      {"disputed", false},
                                      {"livemode", false},
                                      {"metadata", (*get(account, intent_id))["metadata"]},
                                      {"paid", true},
                                      {"payment_intent", intent_id},
                                      {"refunded", false},
                                      {"status", "succeeded"}});
    Json& intent = *get(account, intent_id);
    intent["amount_received"] = amount;
    intent["latest_charge"] = charge_id;
    intent["last_payment_error"] = nullptr;
    intent["status"] = "succeeded";
    Json& settled = *get(account, session_id);
    const bool was_complete = settled["status"] == "complete";
    settled["payment_status"] = "paid";
    settled["status"] = "complete";
    settled["url"] = nullptr;
    add_event(events, owner, "charge.succeeded", charge);
    add_event(events, owner, "payment_intent.succeeded", intent);
    add_event(
        events, owner,
        was_complete ? "checkout.session.async_payment_succeeded" : "checkout.session.completed",
        settled);
}

void World::decline_payment(Account& account, Json& session, Events& events,
                            const std::string& owner) {
    Json& intent = intent_of(account, session);
    intent["status"] = "requires_payment_method";
    intent["last_payment_error"] = {{"type", "card_error"}, {"code", "card_declined"}};
    add_event(events, owner, "payment_intent.payment_failed", intent);
}

void World::act_on(Account& account, Json& session, PayerAct act, Events& events,
                   const std::string& owner) {
    const std::string id = session["id"].get<std::string>();
    const bool open = session["status"] == "open";
    const bool waiting = session["status"] == "complete" && session["payment_status"] == "unpaid";
    switch (act) {
        case PayerAct::pay:
            if (open) settle_payment(account, session, events, owner);
            break;
        case PayerAct::pay_late:
            if (open || session["status"] == "expired") {
                settle_payment(account, session, events, owner);
            }
            break;
        case PayerAct::decline:
            if (open) decline_payment(account, session, events, owner);
            break;
        case PayerAct::pay_slowly:
            if (open) {
                intent_of(account, session)["status"] = "processing";
                Json& complete = *get(account, id);
                complete["status"] = "complete";
                complete["url"] = nullptr;
                add_event(events, owner, "checkout.session.completed", complete);
            }
            break;
        case PayerAct::bank_says_yes:
            if (waiting) settle_payment(account, session, events, owner);
            break;
        case PayerAct::bank_says_no:
            if (waiting) {
                decline_payment(account, session, events, owner);
                add_event(events, owner, "checkout.session.async_payment_failed",
                          *get(account, id));
            }
            break;
    }
}

std::optional<Json> World::payer_acts(const std::string& id, PayerAct act) {
    Events events;
    std::optional<Json> out;
    {
        const std::lock_guard lock(mutex_);
        const auto [owner, session] = session_anywhere(id);
        if (session == nullptr) return std::nullopt;
        act_on(accounts_[owner], *session, act, events, owner);
        release_refunds(owner, events);
        save();
        out = *get(accounts_[owner], id);
    }
    tell(events);
    return out;
}

bool World::falsify(const std::string& id, std::int64_t amount, const std::string& currency) {
    const std::lock_guard lock(mutex_);
    Json* session = session_anywhere(id).second;
    if (session == nullptr) return false;
    (*session)["_charged"] = amount;
    (*session)["_currency"] = currency;
    return true;
}

ApiResult<Json> World::refund_outside(const std::string& account, const std::string& intent,
                                      std::int64_t amount) {
    return create_refund(account, {{"payment_intent", intent}, {"amount", std::to_string(amount)}});
}

ApiResult<Json> World::fail_refund(const std::string& account, const std::string& id) {
    Events events;
    Json out;
    {
        const std::lock_guard lock(mutex_);
        Account& owner = accounts_[account];
        if (get(owner, id) == nullptr) return missing("refund", id);
        const auto amount = (*get(owner, id))["amount"].get<std::int64_t>();
        const std::string txn =
            add_transaction(owner, "refund_failure", id, amount)["id"].get<std::string>();
        Json& refund = *get(owner, id);
        refund["status"] = "failed";
        refund["failure_balance_transaction"] = txn;
        out = refund;
        add_event(events, account, "refund.failed", out);
        save();
    }
    tell(events);
    return out;
}

}  // namespace preau::stripe_simulator
