#pragma once
// Writes every exchange of the documented operations into <folder>/<service>.jsonl, for the
// contract tests: {"operation","method","target","status","content_type","request","response"} a
// line. Bodies hold personal data, so it is refused in production.

#include <string>

#include "shared/net/router.hpp"

namespace preau::host {

/// Wraps the handlers of all routes below /v1/ and /api/. Throws std::runtime_error when the file
/// cannot be opened.
void record_traffic(net::Router& router, const std::string& folder, const std::string& service);

}  // namespace preau::host
