#pragma once
// The store of payments in SQL, the same for SQLite and MariaDB.

#include <functional>

#include "services/payment/domain/store.hpp"
#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"

namespace preau::payment {

class SqlStore : public Store {
public:
    /// `on_commit` is called after each committed write: it wakes the readers of the feed.
    SqlStore(db::Database& database, const base::Clock& machine, std::function<void()> on_commit);

protected:
    std::optional<base::Error> run_write(const Step& step) override;
    std::optional<base::Error> run_read(const Step& step) override;

private:
    db::Database& database_;
    const base::Clock& machine_;
    std::function<void()> on_commit_;
};

}  // namespace preau::payment
