#pragma once
// Who may do what: from the identity token, for each operation. What one may not see is not there
// (404); what one sees and may not do is refused (403).

#include <functional>
#include <optional>
#include <string>

#include "services/payment/http/api.hpp"

namespace preau::payment::http {

bool may_read(const security::Identity& who, const Payment& payment);
/// President, booker or payer of the hiring organisation.
bool may_pay(const security::Identity& who, const Payment& payment);
bool is_finance(const security::Identity& who, const base::BodyId& body,
                const base::EstablishmentId& establishment);

/// The payment in the path, if the caller may read it; else `not_found`.
base::Result<Payment> payment_for(Tx& tx, const security::Identity& who, const PaymentId& id);

enum class Need { read, finance };
/// The establishment of ?establishment_id=, if the caller has a post there that allows this.
base::Result<Establishment> establishment_for(Tx& tx, const security::Identity& who,
                                              const net::Request& request, Need need);

/// As establishment_for(), outside of any transaction.
base::Result<Establishment> allowed(const Api& api, const net::Request& request, Need need);

struct Month {
    time::Date first;
    time::Date last;
};
/// Of ?month=2026-10; nothing where none is asked.
base::Result<std::optional<Month>> month_of(const net::Request& request);

/// Calls `take` with every entry that the filter lets through.
template <class Take>
void each_entry(Tx& tx, EntryFilter filter, Take take) {
    constexpr int kBatch = 500;
    filter.limit = kBatch;
    while (true) {
        const auto batch = tx.entries(filter);
        for (const auto& one : batch)
            take(one);
        if (batch.size() < kBatch) return;
        filter.after = batch.back().number;
    }
}

/// The id in the path, or `not_found` (an id that is none is unknown).
template <class IdType>
base::Result<IdType> path_id(const net::Request& request, std::string_view name = "id") {
    const auto id = IdType::parse(request.params.get(name));
    if (!id) return base::fail("not_found", "id");
    return *id;
}

base::Result<int> limit_of(const net::Request& request);

/// What an operation did, as it is answered and kept.
struct Done {
    int status = 200;
    nlohmann::json body;
};
using Effect = std::function<base::Result<Done>(Tx&, const security::Identity&)>;
/// The idempotency key is claimed first and the answer kept last, in the transaction of the effect.
net::Response run_unsafe(const Api& api, const net::Request& request, std::string_view operation,
                         const Effect& effect);

using Look = std::function<base::Result<nlohmann::json>(Tx&, const security::Identity&)>;
/// For reads: the caller, one read-only transaction, the answer.
net::Response run_read(const Api& api, const net::Request& request, const Look& look);

}  // namespace preau::payment::http
