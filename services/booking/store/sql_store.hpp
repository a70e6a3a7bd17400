#pragma once
// The store of bookings in SQL, the same for SQLite and MariaDB.

#include <functional>
#include <memory>

#include "services/booking/domain/store.hpp"
#include "services/booking/store/facts.hpp"
#include "shared/base/clock.hpp"
#include "shared/db/database.hpp"

namespace preau::booking {

class SqlStore : public Store {
public:
    /// `on_commit` is called after each committed write: it wakes the readers of the feed.
    SqlStore(db::Database& database, const base::Clock& machine, std::function<void()> on_commit);

    FactsCache& facts() { return facts_; }

protected:
    std::optional<base::Error> run_write(const Step& step) override;
    std::optional<base::Error> run_read(const Step& step) override;

private:
    db::Database& database_;
    const base::Clock& machine_;
    std::function<void()> on_commit_;
    FactsCache facts_;
};

}  // namespace preau::booking
