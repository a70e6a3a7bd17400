#pragma once
// The header by which a caller may repeat an unsafe operation without repeating its effect
// (IETF draft idempotency-key-header).

#include <string>

#include "shared/base/result.hpp"
#include "shared/net/message.hpp"

namespace preau::net {

/// Idempotency-Key: 8 to 64 characters of [A-Za-z0-9_-]; else `idempotency_key_required`.
base::Result<std::string> idempotency_key(const Request& request);

}  // namespace preau::net
