#include "shared/db/steps.hpp"

#include <string>
#include <string_view>

namespace preau::db {

namespace {
// Tells an undone step from a failed database; never leaves this file.
constexpr std::string_view kUndone = "undone";
}  // namespace

std::optional<base::Error> write_step(Database& database, const SessionStep& step,
                                      const std::function<void()>& on_commit) {
    const auto done = database.transact([&](Session& session) -> base::Result<bool> {
        if (!step(session)) return base::fail(std::string(kUndone));
        return true;
    });
    if (done) {
        if (on_commit) on_commit();
        return std::nullopt;
    }
    if (done.error().code == kUndone) return std::nullopt;
    return done.error();
}

std::optional<base::Error> read_step(Database& database, const SessionStep& step) {
    const auto done =
        database.read([&](Session& session) -> base::Result<bool> { return step(session); });
    if (done) return std::nullopt;
    return done.error();
}

}  // namespace preau::db
