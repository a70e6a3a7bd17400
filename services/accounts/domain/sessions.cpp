#include "services/accounts/domain/sessions.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace preau::accounts {

base::Instant expires_at(const Session& session) {
    return std::min(session.last_seen_at + session_idle_s_max,
                    session.created_at + session_life_s_max);
}

bool is_live(const Session& session, base::Instant machine_now) {
    return machine_now < expires_at(session);
}

bool needs_touch(const Session& session, base::Instant machine_now) {
    return machine_now - session.last_seen_at >= session_touch_s;
}

Tries Tries::parse(std::string_view stored) {
    Tries tries;
    const char* at = stored.data();
    const char* const end = at + stored.size();
    while (at < end) {
        std::int64_t second = 0;
        const auto [next, failed] = std::from_chars(at, end, second);
        if (failed != std::errc()) break;
        tries.at_.push_back(second);
        at = next < end ? next + 1 : end;
    }
    return tries;
}

std::string Tries::str() const {
    std::string text;
    for (const std::int64_t second : at_) {
        if (!text.empty()) text += ',';
        text += std::to_string(second);
    }
    return text;
}

std::optional<std::int64_t> Tries::take(base::Instant machine_now) {
    // A clock that was set back must not lock an account for longer than the window.
    std::erase_if(at_, [&](std::int64_t second) {
        return second <= machine_now.seconds - sign_in_window_s || second > machine_now.seconds;
    });
    if (at_.size() >= sign_in_tries_max)
        return at_.front() + sign_in_window_s - machine_now.seconds;
    at_.push_back(machine_now.seconds);
    return std::nullopt;
}

base::Result<void> check_new_password(std::string_view password, std::string_view email) {
    const auto refused = [](std::string code, std::string detail) {
        base::Error error{"invalid", {}, {}};
        error.fields.push_back({"/password", std::move(code), std::move(detail)});
        return std::unexpected(std::move(error));
    };
    const auto code_points = static_cast<std::size_t>(std::ranges::count_if(
        password, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
    if (code_points < password_length_min || password.size() > password_bytes_max) {
        return refused("length", std::to_string(password_length_min));
    }
    if (!email.empty() && password == email) return refused("format", "not the e-mail address");
    return {};
}

}  // namespace preau::accounts
