#pragma once
// Idempotency-Key: the key row is the first write of the transaction that has the effect, the
// answer is stored with it for 7 days, per actor and operation. Replay = the same answer; another
// body = 422 `idempotency_mismatch`; a key whose first request still runs = 409 `in_flight`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"

namespace preau::db {

struct IdempotencyScope {
    std::string actor;      // the person's or service's id
    std::string operation;  // the operationId
    std::string key;        // 8 to 64 characters of [A-Za-z0-9_-]
    std::string body_hash;  // SHA-256, hex, of the raw body
};

struct StoredAnswer {
    int status = 0;
    std::string body;
};

/// First write of the transaction: nothing when the key is new (go on), the stored answer when it
/// was used before with the same body, `idempotency_mismatch` when with another.
base::Result<std::optional<StoredAnswer>> claim_key(Session& session, const IdempotencyScope& scope,
                                                    base::Instant machine_now);

/// Last write of the same transaction. Only final answers (2xx and those 4xx that can never change)
/// are stored; for others return an error from the closure, so that the claim rolls back.
void store_answer(Session& session, const IdempotencyScope& scope, const StoredAnswer& answer);

/// Deletes what is older than 7 days, at most 1,000 rows a call; gives their number.
int prune_keys(Session& session, base::Instant machine_now);

}  // namespace preau::db
