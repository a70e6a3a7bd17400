#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "shared/db/dialect.hpp"
#include "shared/events/reader.hpp"

namespace preau::events {
namespace {

/// A database that does not answer is not the reader's fault: it tries again later.
template <class T>
T value_or_throw(base::Result<T> result) {
    if (!result) throw std::runtime_error("the sink's database answers " + result.error().code);
    return std::move(*result);
}

}  // namespace

DatabaseSink::DatabaseSink(db::Database& database, std::string feed, Forget forget_all,
                           Apply apply_one)
    : database_(database),
      feed_(std::move(feed)),
      forget_all_(std::move(forget_all)),
      apply_one_(std::move(apply_one)) {}

std::optional<Cursor> DatabaseSink::cursor() {
    using Found = std::optional<Cursor>;
    return value_or_throw(database_.read([&](db::Session& session) -> base::Result<Found> {
        Cursor cursor;
        session.sql() << "SELECT feed_id, seq FROM feed_cursor WHERE feed = :feed",
            soci::into(cursor.feed_id), soci::into(cursor.seq), soci::use(feed_);
        return session.sql().got_data() ? Found(cursor) : Found();
    }));
}

void DatabaseSink::replace(std::vector<Event> snapshot, Cursor as_of) {
    constexpr std::array<std::string_view, 3> columns = {"feed", "feed_id", "seq"};
    constexpr std::array<std::string_view, 1> key = {"feed"};
    constexpr std::array<std::string_view, 2> updated = {"feed_id", "seq"};
    value_or_throw(database_.transact([&](db::Session& session) -> base::Result<bool> {
        // The cursor first: it is the lock between replicas.
        session.sql() << db::upsert(session.engine(), "feed_cursor", columns, key, updated),
            soci::use(feed_), soci::use(as_of.feed_id), soci::use(as_of.seq);
        forget_all_(session);
        for (const Event& event : snapshot)
            apply_one_(session, event);
        return true;
    }));
}

void DatabaseSink::apply(const std::vector<Event>& events, Cursor after) {
    if (events.empty()) return;
    const std::uint64_t before = events.front().seq - 1;
    const bool moved =
        value_or_throw(database_.transact([&](db::Session& session) -> base::Result<bool> {
            soci::statement move =
                (session.sql().prepare << "UPDATE feed_cursor SET seq = :after WHERE feed = :feed"
                                          " AND feed_id = :feed_id AND seq = :before",
                 soci::use(after.seq), soci::use(feed_), soci::use(after.feed_id),
                 soci::use(before));
            move.execute(true);
            if (move.get_affected_rows() != 1) return false;
            for (const Event& event : events)
                apply_one_(session, event);
            return true;
        }));
    if (!moved) throw CursorMoved();
}

}  // namespace preau::events
