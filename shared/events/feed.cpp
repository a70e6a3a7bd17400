#include "shared/events/feed.hpp"

#include <charconv>
#include <optional>
#include <string_view>

#include "shared/base/id.hpp"

namespace preau::events {
namespace {

constexpr std::int64_t kKeptSeconds = 30LL * 86'400;
constexpr std::size_t kPrunedMax = 1'000;
constexpr std::uint64_t kLimitDefault = 500;
constexpr std::uint64_t kLimitMax = 1'000;
constexpr std::size_t kAnswerBytesMax = 4 * 1024 * 1024;  // an answer ends early beyond this

std::optional<std::uint64_t> number_in(const net::Request& request, std::string_view name,
                                       std::uint64_t otherwise) {
    const auto text = request.query.find(name);
    if (!text) return otherwise;
    std::uint64_t value = 0;
    const auto* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, value);
    // Sequence numbers are stored as BIGINT.
    if (error != std::errc{} || stop != end || value > INT64_MAX) return std::nullopt;
    return value;
}

std::string quoted(const std::string& text) {
    return nlohmann::json(text).dump();
}

/// As to_json(event).dump(), without parsing the stored data again.
void append_line(std::string& out, const Event& event, std::string_view data) {
    out.append("{\"seq\":").append(std::to_string(event.seq));
    out.append(",\"event_id\":").append(quoted(event.event_id));
    out.append(",\"type\":").append(quoted(event.type));
    out.append(",\"aggregate_id\":").append(quoted(event.aggregate_id));
    out.append(",\"version\":").append(std::to_string(event.version));
    out.append(",\"occurred_at\":").append(std::to_string(event.occurred_at.seconds));
    out.append(",\"data\":").append(data).append("}");
}

/// The events after `after` as the elements of a JSON array.
std::string read_events(db::Session& session, std::uint64_t after, std::uint64_t limit) {
    Event event;
    std::string data;
    std::string out;
    soci::statement statement =
        (session.sql().prepare << "SELECT seq, event_id, type, aggregate_id, version, occurred_at,"
                                  " data FROM outbox WHERE seq > :after ORDER BY seq LIMIT "
                               << limit,
         soci::use(after), soci::into(event.seq), soci::into(event.event_id),
         soci::into(event.type), soci::into(event.aggregate_id), soci::into(event.version),
         soci::into(event.occurred_at.seconds), soci::into(data));
    statement.execute();
    while (statement.fetch()) {
        if (!out.empty() && out.size() + data.size() > kAnswerBytesMax) break;
        if (!out.empty()) out += ',';
        append_line(out, event, data);
    }
    return out;
}

net::Response answer(std::string body, std::string content_type) {
    net::Response response;
    response.content_type = std::move(content_type);
    response.body = std::move(body);
    return response.with("Cache-Control", "no-store");
}

}  // namespace

FeedState read_feed(db::Session& session) {
    FeedState feed;
    session.sql() << "SELECT feed_id, last_seq FROM outbox_feed WHERE id = 1",
        soci::into(feed.feed_id), soci::into(feed.last_seq);
    return feed;
}

base::Result<FeedState> open_feed(db::Database& database) {
    auto feed = database.read(
        [](db::Session& session) -> base::Result<FeedState> { return read_feed(session); });
    if (!feed || !feed->feed_id.empty()) return feed;
    return database.transact([](db::Session& session) -> base::Result<FeedState> {
        const std::string made = base::new_ulid();
        session.sql() << "UPDATE outbox_feed SET feed_id = :made WHERE id = 1 AND feed_id = ''",
            soci::use(made);
        return read_feed(session);
    });
}

base::Result<std::string> renew_feed_id(db::Database& database) {
    return database.transact([](db::Session& session) -> base::Result<std::string> {
        const std::string made = base::new_ulid();
        session.sql() << "UPDATE outbox_feed SET feed_id = :made WHERE id = 1", soci::use(made);
        return made;
    });
}

std::uint64_t after_of(const net::Request& request) {
    return number_in(request, "after", 0).value_or(0);
}

std::uint32_t wait_ms_of(const net::Request& request) {
    const auto wait = number_in(request, "wait_ms", 0).value_or(0);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(wait, wait_ms_max));
}

net::Response serve_events(db::Database& database, const net::Request& request) {
    const auto after = number_in(request, "after", 0);
    const auto limit = number_in(request, "limit", kLimitDefault);
    const auto wait = number_in(request, "wait_ms", 0);
    base::Error faults{"invalid", {}, {}};
    if (!after) faults.fields.push_back({"/query/after", "format", {}});
    if (!limit || *limit == 0 || *limit > kLimitMax)
        faults.fields.push_back({"/query/limit", "range", "1 to " + std::to_string(kLimitMax)});
    if (!wait || *wait > wait_ms_max)
        faults.fields.push_back({"/query/wait_ms", "range", "0 to " + std::to_string(wait_ms_max)});
    if (!faults.fields.empty()) return net::Response::problem(faults);

    const auto read = [&](db::Session& session) -> base::Result<std::string> {
        const FeedState feed = read_feed(session);
        if (feed.feed_id.empty()) return std::string{};
        return "{\"feed_id\":" + quoted(feed.feed_id) +
               ",\"last_seq\":" + std::to_string(feed.last_seq) + ",\"events\":[" +
               read_events(session, *after, *limit) + "]}";
    };
    auto body = database.read(read);
    if (body && body->empty()) {  // nobody has asked this feed before: it has no id yet
        if (const auto feed = open_feed(database); !feed)
            return net::Response::problem(feed.error());
        body = database.read(read);
    }
    if (!body) return net::Response::problem(body.error());
    return answer(*body, "application/json");
}

net::Response serve_snapshot(db::Database& database, const SnapshotSource& source) {
    if (const auto feed = open_feed(database); !feed) return net::Response::problem(feed.error());
    auto body = database.read([&](db::Session& session) -> base::Result<std::string> {
        const FeedState feed = read_feed(session);
        std::string lines = "{\"feed_id\":" + quoted(feed.feed_id) +
                            ",\"as_of_seq\":" + std::to_string(feed.last_seq) + "}\n";
        source(session, [&](Event event) {
            event.seq = 0;
            if (event.event_id.empty()) event.event_id = base::new_ulid();
            append_line(lines, event, event.data.dump());
            lines += '\n';
        });
        return lines;
    });
    if (!body) return net::Response::problem(body.error());
    return answer(std::move(*body), "application/x-ndjson");
}

int prune_events(db::Session& session, base::Instant machine_now) {
    std::vector<long long> seqs(kPrunedMax);
    std::vector<long long> written(kPrunedMax);
    session.sql() << "SELECT seq, written_at FROM outbox WHERE seq IS NOT NULL ORDER BY seq LIMIT "
                  << kPrunedMax,
        soci::into(seqs), soci::into(written);
    int old = 0;
    for (std::size_t i = 0; i < seqs.size() && written[i] < machine_now.seconds - kKeptSeconds; ++i)
        ++old;
    if (old == 0) return 0;
    session.sql() << "DELETE FROM outbox WHERE seq <= :last",
        soci::use(seqs[static_cast<std::size_t>(old) - 1]);
    return old;
}

}  // namespace preau::events
