#pragma once
// Small cryptographic helpers over libsodium: digests, random tokens, constant-time comparison,
// password hashes.

#include <string>
#include <string_view>

namespace preau::security {

/// Initialises libsodium; called by everything here, safe to call again.
void initialise();

std::string sha256_hex(std::string_view data);
std::string hmac_sha256_hex(std::string_view key, std::string_view data);
bool equal_constant_time(std::string_view a, std::string_view b);
/// `bytes` random bytes in base64url without padding.
std::string random_token(std::size_t bytes = 32);
std::string base64url(std::string_view raw);
/// Empty when `text` is not base64url.
std::string from_base64url(std::string_view text);

/// argon2id, 19 MiB and 2 passes (OWASP's minimum), as a PHC string. About 20 ms of one core.
std::string hash_password(std::string_view password);
/// False also for an empty or malformed hash, after the same work.
bool check_password(std::string_view password, std::string_view hash);

}  // namespace preau::security
