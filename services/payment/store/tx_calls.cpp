// Keys, establishments and their accounts, calls to the provider, webhooks received.

#include "services/payment/store/sql_tx.hpp"
#include "shared/db/dialect.hpp"
#include "shared/db/idempotency.hpp"

namespace preau::payment {

namespace {

constexpr std::int64_t kRetry_s[] = {1, 4, 15, 60, 300};

db::IdempotencyScope scope_of(const KeyScope& scope) {
    return {scope.actor, scope.operation, scope.key, scope.request_hash};
}

constexpr std::string_view kEstablishment =
    "SELECT e.establishment_id, e.body_id, e.uai, e.name, e.zone, "
    "COALESCE(m.account, ''), COALESCE(m.mandate_ref, ''), COALESCE(m.mandate_on, 0), "
    "COALESCE(m.restricted, '') FROM establishment_projection e LEFT JOIN merchant_account m ON "
    "m.establishment_id = e.establishment_id";
constexpr std::string_view kEstablishmentKinds = "tttttttnt";

Establishment establishment_of(const Query& row) {
    Establishment out;
    out.id = base::EstablishmentId::trusted(row.text(0));
    out.body = base::BodyId::trusted(row.text(1));
    out.uai = row.text(2);
    out.name = row.text(3);
    out.zone = row.text(4);
    out.account = row.text(5);
    out.mandate_ref = row.text(6);
    out.mandate_on = {static_cast<std::int32_t>(row.number(7))};
    out.restricted = row.text(8);
    return out;
}

constexpr std::string_view kCall =
    "SELECT call_id, kind, target, payment_id, account, idem_key, path, body, state, tries, "
    "first_sent_at, next_try_at FROM provider_call WHERE ";
constexpr std::string_view kCallKinds = "tttttttttnnn";

ProviderCall call_of(const Query& row) {
    ProviderCall out;
    out.id = row.text(0);
    out.kind = row.text(1);
    out.target = row.text(2);
    out.payment_id = row.text(3);
    out.account = row.text(4);
    out.idem_key = row.text(5);
    out.path = row.text(6);
    out.body = row.text(7);
    out.state = row.text(8);
    out.tries = static_cast<int>(row.number(9));
    out.first_sent_at = {row.number(10)};
    out.next_try_at = {row.number(11)};
    return out;
}

std::string_view state_after(const CallAnswer& answer) {
    switch (answer.kind) {
        case CallAnswer::Kind::done:
            return "ok";
        case CallAnswer::Kind::refused:
            return "refused";
        case CallAnswer::Kind::replayed:
        case CallAnswer::Kind::unknown:
            return "unknown";
    }
    return "unknown";
}

}  // namespace

base::Result<std::optional<KeptAnswer>> SqlTx::claim_key(const KeyScope& scope) {
    auto claimed = db::claim_key(session_, scope_of(scope), machine_.now());
    if (!claimed) return std::unexpected(claimed.error());
    if (!*claimed) return std::nullopt;
    return KeptAnswer{(*claimed)->status, std::move((*claimed)->body)};
}

void SqlTx::keep_answer(const KeyScope& scope, const KeptAnswer& answer) {
    db::store_answer(session_, scope_of(scope), {answer.status, answer.body});
}

// ── Establishments ──────────────────────────────────────────────────────────────────────────────

std::optional<Establishment> SqlTx::establishment(const base::EstablishmentId& id) {
    std::optional<Establishment> out;
    query(std::string(kEstablishment) + " WHERE e.establishment_id = ?", {id.str()})
        .each(kEstablishmentKinds, [&](const Query& row) { out = establishment_of(row); });
    return out;
}

std::optional<Establishment> SqlTx::account_owner(const std::string& account) {
    std::optional<Establishment> out;
    query(std::string(kEstablishment) + " WHERE m.account = ?", {account})
        .each(kEstablishmentKinds, [&](const Query& row) { out = establishment_of(row); });
    return out;
}

std::vector<Establishment> SqlTx::establishments() {
    std::vector<Establishment> out;
    query(std::string(kEstablishment) + " ORDER BY e.uai", {})
        .each(kEstablishmentKinds, [&](const Query& row) { out.push_back(establishment_of(row)); });
    return out;
}

void SqlTx::set_account(const base::EstablishmentId& id, const std::string& account) {
    query("DELETE FROM merchant_account WHERE establishment_id = ?", {id.str()}).run();
    insert_row(session_, "merchant_account",
               {{"establishment_id", id.str()},
                {"account", account},
                {"synced_until", 0},
                {"next_sync_at", 0},
                {"mandate_ref", ""},
                {"mandate_on", 0},
                {"restricted", ""}});
}

void SqlTx::set_mandate(const base::EstablishmentId& id, const std::string& reference,
                        time::Date on) {
    query("UPDATE merchant_account SET mandate_ref = ?, mandate_on = ? WHERE establishment_id = ?",
          {reference, on.days, id.str()})
        .run();
}

void SqlTx::set_restricted(const std::string& account, const std::string& why) {
    query("UPDATE merchant_account SET restricted = ? WHERE account = ?", {why, account}).run();
}

std::vector<Establishment> SqlTx::accounts_due(base::Instant now, int limit) {
    std::vector<Establishment> out;
    query(
        std::string(kEstablishment) + " WHERE m.next_sync_at <= ? ORDER BY m.next_sync_at LIMIT ?",
        {now.seconds, limit})
        .each(kEstablishmentKinds, [&](const Query& row) { out.push_back(establishment_of(row)); });
    return out;
}

base::Instant SqlTx::synced_until(const std::string& account) {
    base::Instant out;
    query("SELECT synced_until FROM merchant_account WHERE account = ?", {account})
        .each("n", [&](const Query& row) { out = {row.number(0)}; });
    return out;
}

void SqlTx::set_synced(const std::string& account, base::Instant until, base::Instant next) {
    query("UPDATE merchant_account SET synced_until = ?, next_sync_at = ? WHERE account = ?",
          {until.seconds, next.seconds, account})
        .run();
}

// ── Calls ───────────────────────────────────────────────────────────────────────────────────────

bool SqlTx::plan_call(const ProviderCall& call) {
    const auto duplicate = session_.duplicate_in([&] {
        insert_row(session_, "provider_call",
                   {{"call_id", call.id},
                    {"kind", call.kind},
                    {"target", call.target},
                    {"payment_id", call.payment_id},
                    {"account", call.account},
                    {"idem_key", call.idem_key},
                    {"path", call.path},
                    {"body", call.body},
                    {"state", "planned"},
                    {"tries", 0},
                    {"http_status", 0},
                    {"response", ""},
                    {"first_sent_at", 0},
                    {"next_try_at", 0}});
    });
    return !duplicate;
}

std::optional<ProviderCall> SqlTx::call_by_key(const std::string& idem_key) {
    std::optional<ProviderCall> out;
    query(std::string(kCall) + "idem_key = ?", {idem_key}).each(kCallKinds, [&](const Query& row) {
        out = call_of(row);
    });
    return out;
}

// While a call is in flight, next_try_at is the end of its sender's lease: whoever comes later
// takes it over, because the sender must have died.
std::optional<ProviderCall> SqlTx::claim_call(const std::string& idem_key,
                                              base::Instant machine_now, std::int64_t lease_s) {
    auto call = call_by_key(idem_key);
    if (!call || call->state == "ok" || call->state == "refused") return std::nullopt;
    const auto first = call->first_sent_at.seconds > 0 ? call->first_sent_at : machine_now;
    const auto taken =
        query(
            "UPDATE provider_call SET state = 'in_flight', tries = tries + 1, first_sent_at = ?, "
            "next_try_at = ? WHERE idem_key = ? AND tries = ? AND (state IN ('planned', "
            "'unknown') OR (state = 'in_flight' AND next_try_at <= ?))",
            {first.seconds, machine_now.seconds + lease_s, idem_key, call->tries,
             machine_now.seconds})
            .run();
    if (taken != 1) return std::nullopt;
    ++call->tries;
    call->state = "in_flight";
    call->first_sent_at = first;
    return call;
}

void SqlTx::settle_call(const ProviderCall& call, const CallAnswer& answer) {
    const auto step = static_cast<std::size_t>(std::min<int>(call.tries, std::size(kRetry_s)));
    const auto wait = std::max(kRetry_s[step == 0 ? 0 : step - 1], answer.retry_after_s);
    query(
        "UPDATE provider_call SET state = ?, http_status = ?, response = ?, next_try_at = ? WHERE "
        "idem_key = ? AND tries = ?",
        {state_after(answer), answer.status,
         answer.kind == CallAnswer::Kind::unknown ? std::string() : answer.body,
         machine_.now().seconds + wait, call.idem_key, call.tries})
        .run();
}

std::vector<std::string> SqlTx::calls_due(base::Instant machine_now, int limit) {
    std::vector<std::string> out;
    query(
        "SELECT idem_key FROM provider_call WHERE state IN ('planned', 'in_flight', 'unknown') "
        "AND next_try_at <= ? ORDER BY next_try_at LIMIT ?",
        {machine_now.seconds, limit})
        .each("t", [&](const Query& row) { out.push_back(row.text(0)); });
    return out;
}

// ── Webhooks ────────────────────────────────────────────────────────────────────────────────────

bool SqlTx::store_event(const InboxEvent& event, base::Instant now) {
    const auto duplicate = session_.duplicate_in([&] {
        insert_row(session_, "webhook_inbox",
                   {{"event_id", event.id},
                    {"type", event.type},
                    {"account", event.account},
                    {"object_kind", event.object_kind},
                    {"object_id", event.object_id},
                    {"raw", event.raw},
                    {"received_at", now.seconds},
                    {"state", "new"},
                    {"tries", 0},
                    {"next_try_at", 0},
                    {"error", ""}});
    });
    return !duplicate;
}

std::vector<InboxEvent> SqlTx::inbox_due(base::Instant machine_now, int limit) {
    std::vector<InboxEvent> out;
    query(
        "SELECT event_id, type, account, object_kind, object_id, tries FROM webhook_inbox WHERE "
        "state = 'new' AND next_try_at <= ? ORDER BY received_at, event_id LIMIT ?",
        {machine_now.seconds, limit})
        .each("tttttn", [&](const Query& row) {
            out.push_back({row.text(0),
                           row.text(1),
                           row.text(2),
                           row.text(3),
                           row.text(4),
                           {},
                           static_cast<int>(row.number(5))});
        });
    return out;
}

void SqlTx::settle_event(const std::string& id, const std::string& state, const std::string& error,
                         base::Instant next_try) {
    query(
        "UPDATE webhook_inbox SET state = ?, error = ?, next_try_at = ?, tries = tries + 1 WHERE "
        "event_id = ?",
        {state, error, next_try.seconds, id})
        .run();
}

}  // namespace preau::payment
