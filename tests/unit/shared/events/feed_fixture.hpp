#pragma once
// A producer with its database, and the way to its routes without sockets.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/events/outbox.hpp"
#include "shared/events/reader.hpp"
#include "shared/net/router.hpp"
#include "tests/unit/shared/db/scratch.hpp"

namespace preau::events::test {

/// A service that owns rooms and publishes their changes.
class Producer {
public:
    /// Opens the database at `url` (again); the tables are made at the first time.
    explicit Producer(const std::string& url);
    ~Producer();

    db::Database& database() { return *database_; }
    Outbox& outbox() { return *outbox_; }

    /// Stores the room and its event in one transaction.
    void change(const std::string& room, std::int64_t version);
    /// Numbers what is committed (MariaDB; on SQLite it is numbered already).
    void settle();
    net::Response get(const std::string& target);
    nlohmann::json get_json(const std::string& target);
    /// As ReaderOptions::send.
    std::expected<net::ClientResponse, net::ClientError> send(const net::ClientRequest& request);

    bool down = false;               // does not answer at all
    bool allowed = true;             // what the guard says
    std::vector<std::string> asked;  // the paths, in order
    /// Called while a snapshot is read.
    std::function<void()> during_snapshot;

private:
    void emit_all(db::Session& session, const std::function<void(Event)>& emit);

    observe::Registry metrics_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<Outbox> outbox_;
    net::Router router_;
};

Event room_event(const std::string& room, std::int64_t version);

class FeedTest : public db::test::Scratch {
protected:
    Producer producer_{place_.url()};
};

}  // namespace preau::events::test
