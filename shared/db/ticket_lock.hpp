#pragma once
// A lock served strictly in order of arrival, with a deadline for each: SQLite has one writer, and
// neither its busy handler nor a plain mutex is fair (1 s and more for the unlucky, measured).

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>

namespace preau::db {

class TicketLock {
public:
    /// Takes the lock, or gives up at `deadline`.
    bool acquire(std::chrono::steady_clock::time_point deadline);
    /// Hands the lock to who waits longest.
    void release();
    std::size_t waiting() const;

private:
    struct Ticket {
        std::condition_variable served;
        bool mine = false;
    };
    mutable std::mutex mutex_;
    std::list<Ticket> queue_;
    bool held_ = false;
};

}  // namespace preau::db
