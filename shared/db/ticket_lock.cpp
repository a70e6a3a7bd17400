#include "shared/db/ticket_lock.hpp"

namespace preau::db {

bool TicketLock::acquire(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    if (!held_) {
        held_ = true;
        return true;
    }
    const auto ticket = queue_.emplace(queue_.end());
    ticket->served.wait_until(lock, deadline, [&] { return ticket->mine; });
    const bool mine = ticket->mine;
    queue_.erase(ticket);
    return mine;
}

void TicketLock::release() {
    const std::lock_guard lock(mutex_);
    // A ticket that was handed the lock leaves the queue only when its thread wakes.
    for (auto& ticket : queue_) {
        if (ticket.mine) continue;
        ticket.mine = true;
        ticket.served.notify_one();
        return;
    }
    held_ = false;
}

std::size_t TicketLock::waiting() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

}  // namespace preau::db
