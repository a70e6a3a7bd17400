#pragma once
// Rules of sign-in: how long a session lives, how often an account may be tried, what a password
// must be. Machine time throughout: moving business time signs nobody out.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/base/id.hpp"
#include "shared/base/result.hpp"

namespace preau::accounts {

inline constexpr std::int64_t session_idle_s_max = 12 * 3'600;
inline constexpr std::int64_t session_life_s_max = 7 * 86'400;
/// A use is written down at most this often, so that reading pages does not write to the database.
inline constexpr std::int64_t session_touch_s = 60;

struct Session {
    std::string token_hash;  // SHA-256 of the opaque token, hex; the token itself is stored nowhere
    base::PersonId person;
    base::Instant created_at;
    base::Instant last_seen_at;
};

/// The first moment at which the session is no longer good unless it is used before.
base::Instant expires_at(const Session& session);
bool is_live(const Session& session, base::Instant machine_now);
bool needs_touch(const Session& session, base::Instant machine_now);

/// Tries to sign in to one account, right or wrong, within any 15 minutes. A successful one clears
/// the account.
inline constexpr std::size_t sign_in_tries_max = 10;
inline constexpr std::int64_t sign_in_window_s = 15 * 60;

/// The tries of one account that still count, oldest first.
class Tries {
public:
    /// From and to the comma-separated seconds in which they are stored.
    static Tries parse(std::string_view stored);
    std::string str() const;

    /// Counts a try now and gives nothing, or gives the seconds until one is allowed again.
    std::optional<std::int64_t> take(base::Instant machine_now);

private:
    std::vector<std::int64_t> at_;
};

inline constexpr std::size_t password_length_min = 12;    // code points, no composition rules
inline constexpr std::size_t password_bytes_max = 1'024;  // argon2 reads them all: bound the work
/// How long a link that sets a password is good.
inline constexpr std::int64_t password_token_life_s = 24 * 3'600;

/// `invalid` at "/password" when too short or too long, or equal to the e-mail address.
base::Result<void> check_new_password(std::string_view password, std::string_view email);

}  // namespace preau::accounts
