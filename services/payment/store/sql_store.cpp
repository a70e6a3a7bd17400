#include "services/payment/store/sql_store.hpp"

#include "services/payment/store/sql_tx.hpp"
#include "shared/db/steps.hpp"

namespace preau::payment {

SqlStore::SqlStore(db::Database& database, const base::Clock& machine,
                   std::function<void()> on_commit)
    : database_(database), machine_(machine), on_commit_(std::move(on_commit)) {}

std::optional<base::Error> SqlStore::run_write(const Step& step) {
    const auto in_session = [&](db::Session& session) {
        SqlTx tx(session, machine_);
        return step(tx);
    };
    return db::write_step(database_, in_session, on_commit_);
}

std::optional<base::Error> SqlStore::run_read(const Step& step) {
    const auto in_session = [&](db::Session& session) {
        SqlTx tx(session, machine_);
        return step(tx);
    };
    return db::read_step(database_, in_session);
}

}  // namespace preau::payment
