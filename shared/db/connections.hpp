#pragma once
// The sessions of one database, each owned by the thread that opened it, and the one that all
// writers of SQLite share in turn. Internal to shared/db.

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "shared/db/database.hpp"
#include "shared/db/link.hpp"
#include "shared/db/url.hpp"

namespace preau::db {

struct Connections {
    Connections(Address address_of, bool durable_of);
    ~Connections();  // closes them all; no thread may be inside a transaction
    Connections(const Connections&) = delete;
    Connections& operator=(const Connections&) = delete;

    /// One thread's session. `mutex` is held by its thread during a transaction and by whoever
    /// closes it, which is the thread at its end or the database at its own.
    struct Slot {
        std::mutex mutex;
        std::unique_ptr<Session> session;
        bool in_use = false;  // read and written by the owning thread only
        bool closed = false;
    };

    /// The slot of the calling thread, made at first use; it may hold no session yet.
    std::shared_ptr<Slot> mine();
    /// SQLite's writers come one at a time, so they share a session: the pages that it keeps stay
    /// true from one to the next, while those of a thread's own are void after each write of
    /// another.
    const std::shared_ptr<Slot>& writer() const { return writer_; }
    /// A new session for the slot, connected. Throws DbError.
    std::unique_ptr<Session> connect(const Slot& slot) const;
    static Link& link(Session& session) { return *session.link_; }
    /// Of the sessions that are in no transaction.
    void release_memory();

    const Address address;
    const bool durable;

private:
    const std::uint64_t number_;  // never reused in the process, unlike addresses
    const std::shared_ptr<Slot> writer_ = std::make_shared<Slot>();
    std::mutex mutex_;
    std::vector<std::weak_ptr<Slot>> slots_{writer_};
};

}  // namespace preau::db
