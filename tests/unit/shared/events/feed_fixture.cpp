#include "tests/unit/shared/events/feed_fixture.hpp"

#include <array>

#include "shared/db/dialect.hpp"
#include "shared/events/sequencer.hpp"

namespace preau::events::test {
namespace {

constexpr db::Migration kRooms{"producer", 1, "rooms",
                               "CREATE TABLE room (id {key} NOT NULL, version BIGINT NOT NULL, "
                               "PRIMARY KEY (id)) {clustered};"};

net::Request request_of(const std::string& target) {
    net::Request request;
    request.target = target;
    const auto mark = target.find('?');
    request.path = target.substr(0, mark);
    for (std::size_t from = mark; from < target.size();) {
        const auto end = std::min(target.find('&', from + 1), target.size());
        const auto pair = target.substr(from + 1, end - from - 1);
        const auto equals = pair.find('=');
        request.query.add(pair.substr(0, equals), pair.substr(equals + 1));
        from = end;
    }
    return request;
}

}  // namespace

Event room_event(const std::string& room, std::int64_t version) {
    Event event;
    event.type = "room_changed.v1";
    event.aggregate_id = room;
    event.version = version;
    event.occurred_at = base::Instant{1'800'000'000};
    event.data = {{"name", "Salle \"é\" 🎭 d'Isère: grande"}, {"version", version}};
    return event;
}

Producer::Producer(const std::string& url) {
    auto database = db::Database::open({.url = url}, nullptr);
    if (!database) throw std::runtime_error(database.error().detail);
    database_ = std::move(*database);
    std::vector<db::Migration> steps(migrations().begin(), migrations().end());
    steps.push_back(kRooms);
    if (auto done = database_->migrate(steps); !done) throw std::runtime_error(done.error().detail);
    outbox_ = std::make_unique<Outbox>(*database_, metrics_);
    outbox_->add_routes(
        router_,
        [this](db::Session& session, const std::function<void(Event)>& emit) {
            emit_all(session, emit);
        },
        [this](const net::Request&) -> base::Result<void> {
            if (!allowed) return base::fail("forbidden");
            return {};
        });
}

Producer::~Producer() = default;

void Producer::emit_all(db::Session& session, const std::function<void(Event)>& emit) {
    if (during_snapshot) during_snapshot();
    const soci::rowset<soci::row> rows =
        (session.sql().prepare << "SELECT id, CAST(version AS CHAR) FROM room ORDER BY id");
    for (const auto& row : rows)
        emit(room_event(row.get<std::string>(0), std::stoll(row.get<std::string>(1))));
}

void Producer::change(const std::string& room, std::int64_t version) {
    constexpr std::array<std::string_view, 2> columns = {"id", "version"};
    constexpr std::array<std::string_view, 1> key = {"id"};
    const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
        session.sql() << db::upsert_if_newer(session.engine(), "room", columns, key, "version"),
            soci::use(room), soci::use(version);
        append(session, room_event(room, version));
        return true;
    });
    ASSERT_TRUE(done) << done.error().detail;
}

void Producer::settle() {
    if (database_->engine() != db::Engine::mariadb) return;
    Sequencer sequencer(*database_);
    while (true) {
        const auto progress = sequencer.step();
        ASSERT_TRUE(progress) << progress.error().detail;
        if (!progress->more) break;
    }
    sequencer.release();
}

net::Response Producer::get(const std::string& target) {
    auto request = request_of(target);
    const auto match = router_.find(net::Method::get, request.path);
    return match.route->handler(request);
}

nlohmann::json Producer::get_json(const std::string& target) {
    const auto response = get(target);
    EXPECT_EQ(response.status, 200) << response.body;
    return nlohmann::json::parse(response.body);
}

std::expected<net::ClientResponse, net::ClientError> Producer::send(
    const net::ClientRequest& request) {
    const auto slash = request.url.find('/', std::string_view("http://").size());
    const auto target = request.url.substr(slash);
    asked.push_back(target.substr(0, target.find('?')));
    if (down) return std::unexpected(net::ClientError{net::Delivery::not_sent, false, "refused"});
    auto answer = get(target);
    net::ClientResponse response;
    response.status = answer.status;
    response.content_type = answer.content_type;
    response.body = std::move(answer.body);
    return response;
}

}  // namespace preau::events::test
