#include "shared/db/connections.hpp"

#include <atomic>
#include <utility>

#include "shared/db/memory.hpp"

namespace preau::db {
namespace {

using Slot = Connections::Slot;

// The upper pages of every tree that a write touches, and the lower ones of what is booked these
// days.
constexpr int kWriterCacheKiB = 4096;

void close(Slot& slot) {
    const std::lock_guard lock(slot.mutex);
    slot.session.reset();
    slot.closed = true;
}

/// What the thread owns, by the database's number. Closes it all when the thread ends.
struct Owned {
    std::vector<std::pair<std::uint64_t, std::shared_ptr<Slot>>> slots;
    Owned() = default;
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() {
        for (auto& [number, slot] : slots)
            close(*slot);
    }
};

thread_local Owned owned;

std::uint64_t next_number() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

/// All databases that this process has open.
struct Open {
    std::mutex mutex;
    std::vector<Connections*> all;
};

Open& open_databases() {
    static Open instance;
    return instance;
}

bool is_closed(Slot& slot) {
    const std::lock_guard lock(slot.mutex);
    return slot.closed;
}

}  // namespace

Connections::Connections(Address address_of, bool durable_of)
    : address(std::move(address_of)), durable(durable_of), number_(next_number()) {
    Open& open = open_databases();
    const std::lock_guard lock(open.mutex);
    open.all.push_back(this);
}

Connections::~Connections() {
    {
        Open& open = open_databases();
        const std::lock_guard lock(open.mutex);
        std::erase(open.all, this);
    }
    const std::lock_guard lock(mutex_);
    for (const auto& weak : slots_)
        if (const auto slot = weak.lock()) close(*slot);
}

std::shared_ptr<Slot> Connections::mine() {
    for (const auto& [number, slot] : owned.slots)
        if (number == number_) return slot;
    // A rare moment, so the place to forget databases that are gone and threads that ended.
    std::erase_if(owned.slots, [](const auto& entry) { return is_closed(*entry.second); });
    auto slot = std::make_shared<Slot>();
    owned.slots.emplace_back(number_, slot);
    const std::lock_guard lock(mutex_);
    std::erase_if(slots_, [](const auto& weak) { return weak.expired(); });
    slots_.push_back(slot);
    return slot;
}

std::unique_ptr<Session> Connections::connect(const Slot& slot) const {
    std::unique_ptr<Session> session(new Session);
    session->link_ = Link::open(address, durable, Patience{});
    if (&slot == writer_.get()) session->link_->keep_pages(kWriterCacheKiB);
    return session;
}

void Connections::release_memory() {
    const std::lock_guard lock(mutex_);
    for (const auto& weak : slots_) {
        const auto slot = weak.lock();
        if (!slot) continue;
        const std::unique_lock idle(slot->mutex, std::try_to_lock);
        if (idle && slot->session) slot->session->link_->release_memory();
    }
}

void release_idle_memory() {
    Open& open = open_databases();
    const std::lock_guard lock(open.mutex);
    for (Connections* const connections : open.all)
        connections->release_memory();
}

}  // namespace preau::db
