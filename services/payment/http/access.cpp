#include "services/payment/http/access.hpp"

#include <algorithm>
#include <charconv>

#include "shared/net/idempotency_key.hpp"
#include "shared/security/digest.hpp"

namespace preau::payment::http {

namespace {

constexpr int kLimitMax = 100;
constexpr int kLimitDefault = 50;

bool reads_at(const security::Identity& who, const base::BodyId& body,
              const base::EstablishmentId& establishment) {
    return who.holds(security::StaffRole::manager, body, establishment) ||
           who.holds(security::StaffRole::finance, body, establishment);
}

}  // namespace

bool is_finance(const security::Identity& who, const base::BodyId& body,
                const base::EstablishmentId& establishment) {
    return who.holds(security::StaffRole::finance, body, establishment);
}

bool may_read(const security::Identity& who, const Payment& payment) {
    return who.is_service() || who.member_of(payment.organisation) ||
           reads_at(who, payment.body, payment.establishment);
}

bool may_pay(const security::Identity& who, const Payment& payment) {
    return std::ranges::any_of(who.memberships, [&](const security::Membership& one) {
        return one.organisation == payment.organisation && one.role != security::MemberRole::member;
    });
}

base::Result<Payment> payment_for(Tx& tx, const security::Identity& who, const PaymentId& id) {
    auto payment = tx.find(id);
    if (!payment || !may_read(who, *payment)) return base::fail("not_found", "payment");
    return *std::move(payment);
}

base::Result<Establishment> establishment_for(Tx& tx, const security::Identity& who,
                                              const net::Request& request, Need need) {
    const auto text = request.query.get("establishment_id");
    if (text.empty()) {
        return std::unexpected(
            base::Error{"invalid", {}, {{"/query/establishment_id", "required", {}}}});
    }
    const auto id = base::EstablishmentId::parse(text);
    auto found = id ? tx.establishment(*id) : std::nullopt;
    if (!found) return base::fail("not_found", "establishment");
    if (!who.is_service() && !reads_at(who, found->body, found->id)) {
        return base::fail("not_found", "establishment");
    }
    if (need == Need::finance && !is_finance(who, found->body, found->id)) {
        return base::fail("forbidden", "finance");
    }
    return *std::move(found);
}

base::Result<Establishment> allowed(const Api& api, const net::Request& request, Need need) {
    const auto who = api.require(request);
    if (!who) return std::unexpected(who.error());
    return api.store.read([&](Tx& tx) -> base::Result<Establishment> {
        return establishment_for(tx, *who, request, need);
    });
}

base::Result<std::optional<Month>> month_of(const net::Request& request) {
    const auto text = request.query.find("month");
    if (!text || text->empty()) return std::optional<Month>{};
    const auto first = time::Date::parse(std::string(*text) + "-01");
    const auto next = first ? first->plus_months(1) : std::nullopt;
    if (!next) {
        return std::unexpected(base::Error{"invalid", {}, {{"/query/month", "format", {}}}});
    }
    return std::optional<Month>{{*first, *next - 1}};
}

base::Result<int> limit_of(const net::Request& request) {
    const auto limit = request.query.find("limit");
    if (!limit) return kLimitDefault;
    int out = 0;
    const auto [end, bad] = std::from_chars(limit->data(), limit->data() + limit->size(), out);
    if (bad != std::errc{} || end != limit->data() + limit->size() || out < 1 || out > kLimitMax) {
        return std::unexpected(base::Error{"invalid", {}, {{"/query/limit", "range", "1 to 100"}}});
    }
    return out;
}

net::Response run_unsafe(const Api& api, const net::Request& request, std::string_view operation,
                         const Effect& effect) {
    const auto who = api.require(request);
    if (!who) return net::Response::problem(who.error());
    const auto key = net::idempotency_key(request);
    if (!key) return net::Response::problem(key.error());
    const KeyScope scope{who->actor, std::string(operation), *key,
                         security::sha256_hex(request.target + "\n" + request.body)};
    const auto work = [&](Tx& tx) -> base::Result<KeptAnswer> {
        auto claimed = tx.claim_key(scope);
        if (!claimed) return std::unexpected(claimed.error());
        if (*claimed) return **std::move(claimed);
        const auto done = effect(tx, *who);
        if (!done) return std::unexpected(done.error());
        KeptAnswer kept{done->status, done->body.is_null() ? std::string{} : done->body.dump()};
        tx.keep_answer(scope, kept);
        return kept;
    };
    auto kept = api.store.transact(work);
    // Lost answer of COMMIT: the key tells. A payment that somebody else wrote meanwhile: again.
    if (!kept &&
        (kept.error().detail == "unknown_outcome" || kept.error().code == "stale_version")) {
        kept = api.store.transact(work);
    }
    if (!kept) return net::Response::problem(kept.error());
    net::Response out;
    out.status = kept->status;
    out.body = kept->body;
    return out;
}

net::Response run_read(const Api& api, const net::Request& request, const Look& look) {
    const auto who = api.require(request);
    if (!who) return net::Response::problem(who.error());
    const auto found =
        api.store.read([&](Tx& tx) -> base::Result<nlohmann::json> { return look(tx, *who); });
    if (!found) return net::Response::problem(found.error());
    return net::Response::json(*found);
}

}  // namespace preau::payment::http
