#include "services/payment/store/sql_store.hpp"

#include "services/payment/store/sql_tx.hpp"

namespace preau::payment {

namespace {
// Tells an undone step from a failed database; never leaves this file.
constexpr std::string_view kUndone = "undone";
}  // namespace

SqlStore::SqlStore(db::Database& database, const base::Clock& machine,
                   std::function<void()> on_commit)
    : database_(database), machine_(machine), on_commit_(std::move(on_commit)) {}

std::optional<base::Error> SqlStore::run_write(const Step& step) {
    const auto done = database_.transact([&](db::Session& session) -> base::Result<bool> {
        SqlTx tx(session, machine_);
        if (!step(tx)) return base::fail(std::string(kUndone));
        return true;
    });
    if (done) {
        if (on_commit_) on_commit_();
        return std::nullopt;
    }
    if (done.error().code == kUndone) return std::nullopt;
    return done.error();
}

std::optional<base::Error> SqlStore::run_read(const Step& step) {
    const auto done = database_.read([&](db::Session& session) -> base::Result<bool> {
        SqlTx tx(session, machine_);
        return step(tx);
    });
    if (done) return std::nullopt;
    return done.error();
}

}  // namespace preau::payment
