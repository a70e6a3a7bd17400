#pragma once
// Numbers the events of MariaDB after their commit. Whoever polls an auto-increment id misses what
// a slower transaction commits later under a smaller id (6–27 % of events, measured); here one
// process at a time, holding a lease, gives the next dense numbers to what is committed and has
// none, in the order of the ids. Every numbering transaction locks the feed's row and checks the
// lease's fence in it, so that a holder that slept through its lease cannot number any more, and
// numbers become visible in their order. Internal to shared/events.

#include <cstdint>
#include <string>

#include "shared/base/result.hpp"
#include "shared/db/database.hpp"

namespace preau::events {

class Sequencer {
public:
    explicit Sequencer(db::Database& database);

    struct Progress {
        std::uint64_t last_seq = 0;
        bool more = false;  // there was more than one batch: call again at once
    };
    /// Takes or renews the lease when it is free or ours, and numbers one batch.
    base::Result<Progress> step();
    /// Gives the lease up, so that another process need not wait for its end.
    void release();

private:
    struct Look {
        std::uint64_t last_seq = 0;
        std::string holder;
        long long fence = 0;
        long long left_s = 0;  // of the lease, by the database's clock
        bool waiting = false;  // some event has no number
    };
    base::Result<Look> look();
    base::Result<bool> take_lease(const Look& seen);
    base::Result<Progress> number_batch();

    db::Database& database_;
    std::string me_;
    long long fence_ = 0;
};

}  // namespace preau::events
