#include "services/payment/provider/stripe/objects.hpp"

#include <charconv>

namespace preau::payment::stripe {

namespace {

using Json = nlohmann::json;

std::string text(const Json& object, const char* name) {
    const auto it = object.find(name);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::int64_t number(const Json& object, const char* name) {
    const auto it = object.find(name);
    return it != object.end() && it->is_number_integer() ? it->get<std::int64_t>() : 0;
}

bool flag(const Json& object, const char* name) {
    const auto it = object.find(name);
    return it != object.end() && it->is_boolean() && it->get<bool>();
}

const Json& member(const Json& object, const char* name) {
    static const Json kNothing = Json::object();
    const auto it = object.find(name);
    return it != object.end() && it->is_object() ? *it : kNothing;
}

/// The id of a member that may be expanded.
std::string id_of(const Json& object, const char* name) {
    const auto plain = text(object, name);
    return plain.empty() ? text(member(object, name), "id") : plain;
}

std::string upper(std::string value) {
    for (char& c : value) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return value;
}

int small_number(const std::string& value) {
    int out = 0;
    std::from_chars(value.data(), value.data() + value.size(), out);
    return out;
}

bool is(const Json& object, std::string_view kind) {
    return object.is_object() && text(object, "object") == kind && !text(object, "id").empty();
}

}  // namespace

std::optional<SeenTxn> txn_from(const Json& object) {
    if (!is(object, "balance_transaction")) return std::nullopt;
    SeenTxn out;
    out.id = text(object, "id");
    out.type = text(object, "type");
    const auto category = text(object, "reporting_category");
    if (out.type == "adjustment" && category.starts_with("dispute")) out.type = category;
    out.gross = number(object, "amount");
    out.fee = number(object, "fee");
    out.source = id_of(object, "source");
    out.created = {number(object, "created")};
    return out;
}

std::optional<SeenCharge> charge_from(const Json& object) {
    if (!is(object, "charge") || !flag(object, "paid") || !flag(object, "captured")) {
        return std::nullopt;
    }
    const auto txn = txn_from(member(object, "balance_transaction"));
    if (!txn) return std::nullopt;
    const auto& metadata = member(object, "metadata");
    SeenCharge out;
    out.id = text(object, "id");
    out.intent = id_of(object, "payment_intent");
    out.payment_id = text(metadata, "payment_id");
    out.attempt = small_number(text(metadata, "attempt"));
    out.amount = number(object, "amount_captured");
    out.currency = upper(text(object, "currency"));
    out.created = {number(object, "created")};
    out.txn = *txn;
    return out;
}

std::optional<SeenSession> session_from(const Json& object) {
    if (!is(object, "checkout.session")) return std::nullopt;
    const auto& metadata = member(object, "metadata");
    const auto& intent = member(object, "payment_intent");
    SeenSession out;
    out.id = text(object, "id");
    const auto status = text(object, "status");
    out.state = status == "open"      ? SeenSession::State::open
                : status == "expired" ? SeenSession::State::expired
                                      : SeenSession::State::complete;
    out.payment_id = text(metadata, "payment_id");
    out.attempt = small_number(text(metadata, "attempt"));
    out.amount = number(object, "amount_total");
    out.currency = upper(text(object, "currency"));
    out.url = text(object, "url");
    out.intent = id_of(object, "payment_intent");
    out.expires_at = {number(object, "expires_at")};
    out.declined = !member(intent, "last_payment_error").empty();
    const auto intent_status = text(intent, "status");
    out.intent_failed = intent_status == "requires_payment_method" || intent_status == "canceled";
    out.charge = charge_from(member(intent, "latest_charge"));
    // Money on a page that is over is money all the same.
    if (out.charge) out.state = SeenSession::State::complete;
    return out;
}

std::optional<SeenRefund> refund_from(const Json& object) {
    if (!is(object, "refund")) return std::nullopt;
    SeenRefund out;
    out.id = text(object, "id");
    out.refund_id = text(member(object, "metadata"), "refund_id");
    out.intent = id_of(object, "payment_intent");
    out.charge = id_of(object, "charge");
    out.amount = number(object, "amount");
    out.currency = upper(text(object, "currency"));
    const auto status = text(object, "status");
    out.status = status == "succeeded"                        ? RefundStatus::succeeded
                 : status == "failed" || status == "canceled" ? RefundStatus::failed
                                                              : RefundStatus::pending;
    if (out.status == RefundStatus::pending) out.pending_reason = text(object, "pending_reason");
    out.created = {number(object, "created")};
    out.txn = txn_from(member(object, "balance_transaction"));
    out.failure_txn = txn_from(member(object, "failure_balance_transaction"));
    return out;
}

std::optional<SeenDispute> dispute_from(const Json& object) {
    if (!is(object, "dispute")) return std::nullopt;
    SeenDispute out;
    out.id = text(object, "id");
    out.intent = id_of(object, "payment_intent");
    out.charge = id_of(object, "charge");
    out.amount = number(object, "amount");
    out.currency = upper(text(object, "currency"));
    const auto status = text(object, "status");
    // An inquiry that ends ("warning_closed"), and one that was prevented, took no money.
    const bool won = status == "won" || status == "warning_closed" || status == "prevented";
    out.state = won                ? DisputeState::won
                : status == "lost" ? DisputeState::lost
                                   : DisputeState::open;
    out.reason = text(object, "reason");
    const auto due = number(member(object, "evidence_details"), "due_by");
    if (due > 0) out.answer_by = base::Instant{due};
    out.created = {number(object, "created")};
    const auto txns = object.find("balance_transactions");
    if (txns != object.end() && txns->is_array()) {
        for (const auto& one : *txns) {
            if (auto txn = txn_from(one)) out.txns.push_back(*std::move(txn));
        }
    }
    return out;
}

std::optional<SeenAccount> account_from(const Json& object) {
    if (!is(object, "account")) return std::nullopt;
    SeenAccount out;
    out.id = text(object, "id");
    if (flag(object, "charges_enabled")) return out;
    out.restricted = text(member(object, "requirements"), "disabled_reason");
    if (out.restricted.empty()) out.restricted = "charges_disabled";
    return out;
}

std::optional<SeenPayout> payout_from(const Json& object) {
    if (!is(object, "payout")) return std::nullopt;
    SeenPayout out;
    out.id = text(object, "id");
    out.amount = number(object, "amount");
    out.status = text(object, "status");
    out.trace = text(member(object, "trace_id"), "value");
    out.created = {number(object, "created")};
    out.arrival = {number(object, "arrival_date")};
    out.itemised = text(object, "reconciliation_status") == "completed";
    return out;
}

}  // namespace preau::payment::stripe
