#include "shared/events/sequencer.hpp"

#include <vector>

#include "shared/base/id.hpp"

namespace preau::events {
namespace {

constexpr long long kLeaseSeconds = 10;
constexpr std::size_t kBatchMax = 500;

}  // namespace

Sequencer::Sequencer(db::Database& database) : database_(database), me_(base::new_ulid()) {}

base::Result<Sequencer::Progress> Sequencer::step() {
    const auto seen = look();
    if (!seen) return std::unexpected(seen.error());
    const bool mine = seen->holder == me_ && seen->fence == fence_ && seen->left_s > 0;
    const Progress idle{.last_seq = seen->last_seq, .more = false};
    if (!mine && seen->left_s > 0) return idle;  // another process numbers
    if (!mine || seen->left_s < kLeaseSeconds / 2) {
        const auto taken = take_lease(*seen);
        if (!taken) return std::unexpected(taken.error());
        if (!*taken) return idle;
    }
    return seen->waiting ? number_batch() : idle;
}

base::Result<Sequencer::Look> Sequencer::look() {
    return database_.read([](db::Session& session) -> base::Result<Look> {
        Look look;
        long long waiting = 0;
        session.sql() << "SELECT last_seq, holder, fence, expires_at - UNIX_TIMESTAMP()"
                         " FROM outbox_feed WHERE id = 1",
            soci::into(look.last_seq), soci::into(look.holder), soci::into(look.fence),
            soci::into(look.left_s);
        session.sql() << "SELECT COUNT(*) FROM (SELECT id FROM outbox WHERE seq IS NULL LIMIT 1) x",
            soci::into(waiting);
        look.waiting = waiting > 0;
        return look;
    });
}

base::Result<bool> Sequencer::take_lease(const Look& seen) {
    return database_.transact([&](db::Session& session) -> base::Result<bool> {
        soci::statement take =
            (session.sql().prepare << "UPDATE outbox_feed SET holder = :me, fence = fence + 1,"
                                      " expires_at = UNIX_TIMESTAMP() + "
                                   << kLeaseSeconds << " WHERE id = 1 AND fence = :seen",
             soci::use(me_), soci::use(seen.fence));
        take.execute(true);
        if (take.get_affected_rows() != 1) return false;
        fence_ = seen.fence + 1;
        return true;
    });
}

base::Result<Sequencer::Progress> Sequencer::number_batch() {
    return database_.transact([&](db::Session& session) -> base::Result<Progress> {
        Progress progress;
        session.sql() << "SELECT last_seq FROM outbox_feed WHERE id = 1 AND holder = :me"
                         " AND fence = :fence AND expires_at > UNIX_TIMESTAMP() FOR UPDATE",
            soci::into(progress.last_seq), soci::use(me_), soci::use(fence_);
        if (!session.sql().got_data()) return base::fail("overloaded", "the lease went to another");

        std::vector<long long> ids(kBatchMax);
        session.sql() << "SELECT id FROM outbox WHERE seq IS NULL ORDER BY id LIMIT " << kBatchMax,
            soci::into(ids);
        if (ids.empty()) return progress;
        std::string list;
        for (const long long id : ids)
            list.append(list.empty() ? "" : ",") += std::to_string(id);
        soci::statement number =
            (session.sql().prepare << "UPDATE outbox SET seq = " << progress.last_seq
                                   << " + FIELD(id, " << list << ") WHERE seq IS NULL AND id IN ("
                                   << list << ")");
        number.execute(true);
        if (number.get_affected_rows() != static_cast<long long>(ids.size()))
            throw db::DbError(db::ErrorKind::deadlock, "somebody else numbered events");
        progress.last_seq += ids.size();
        progress.more = ids.size() == kBatchMax;
        soci::statement move = (session.sql().prepare << "UPDATE outbox_feed SET last_seq = :last"
                                                         " WHERE id = 1 AND fence = :fence",
                                soci::use(progress.last_seq), soci::use(fence_));
        move.execute(true);
        if (move.get_affected_rows() != 1)
            throw db::DbError(db::ErrorKind::deadlock, "the lease moved inside the transaction");
        return progress;
    });
}

void Sequencer::release() {
    // Best effort: the lease ends by itself.
    static_cast<void>(database_.transact([&](db::Session& session) -> base::Result<bool> {
        session.sql() << "UPDATE outbox_feed SET expires_at = 0 WHERE id = 1 AND holder = :me"
                         " AND fence = :fence",
            soci::use(me_), soci::use(fence_);
        return true;
    }));
}

}  // namespace preau::events
