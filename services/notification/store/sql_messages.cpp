#include "services/notification/store/sql_messages.hpp"

namespace preau::notification {

namespace {

using Number = long long;

constexpr int kPruneMax = 500;
constexpr const char* kColumns =
    "SELECT n, message_id, recipient, kind, booking_id, facts, created_at, attempts, file, state "
    "FROM message ";

/// The columns above, bound to variables.
struct Row {
    Number n = 0, created_at = 0, attempts = 0;
    std::string id, recipient, kind, booking_id, facts, file, state;

    void bind(soci::statement& statement) {
        statement.exchange(soci::into(n));
        for (auto* text : {&id, &recipient, &kind, &booking_id, &facts})
            statement.exchange(soci::into(*text));
        statement.exchange(soci::into(created_at));
        statement.exchange(soci::into(attempts));
        statement.exchange(soci::into(file));
        statement.exchange(soci::into(state));
    }

    Message message() const {
        Message out;
        out.n = n;
        out.id = id;
        out.recipient = recipient;
        out.kind = kind_from(kind).value_or(Kind::submitted);
        out.booking_id = booking_id;
        out.facts = facts;
        out.created_at = {created_at};
        out.attempts = attempts;
        out.file = file;
        return out;
    }
};

}  // namespace

struct SqlMessages::Outcome {
    std::string_view state;
    std::string_view reason;
    std::int64_t next_try_at = 0;
    std::int64_t sent_at = 0;
    std::string file;
};

base::Result<std::optional<Message>> SqlMessages::claim(std::int64_t claim_s) {
    using Found = std::optional<Message>;
    return database_.transact([&](db::Session& session) -> base::Result<Found> {
        const Number now = machine_.now().seconds;
        Row row;
        soci::statement due(session.sql());
        due.exchange(soci::use(now));
        row.bind(due);
        due.alloc();
        due.prepare(std::string(kColumns) +
                    "WHERE state IN ('queued', 'sending') AND next_try_at <= :now "
                    "ORDER BY next_try_at, n LIMIT 1");
        due.define_and_bind();
        if (!due.execute(true)) return Found();
        const Number until = now + claim_s;
        // Whoever else saw this row fails here: attempts have moved on.
        soci::statement take =
            (session.sql().prepare
                 << "UPDATE message SET state = 'sending', attempts = attempts + 1, "
                    "next_try_at = :until WHERE n = :n AND state = :state AND attempts = :attempts",
             soci::use(until), soci::use(row.n), soci::use(row.state), soci::use(row.attempts));
        take.execute(true);
        if (take.get_affected_rows() != 1) return Found();
        Message message = row.message();
        ++message.attempts;
        return Found(std::move(message));
    });
}

base::Result<bool> SqlMessages::settle(const Message& message, const Outcome& outcome) {
    return database_.transact([&](db::Session& session) -> base::Result<bool> {
        const std::string state(outcome.state);
        const std::string reason(outcome.reason);
        const Number next = outcome.next_try_at;
        const Number sent_at = outcome.sent_at;
        const Number n = message.n;
        const Number attempts = message.attempts;
        soci::statement update =
            (session.sql().prepare
                 << "UPDATE message SET state = :state, reason = :reason, next_try_at = :next, "
                    "sent_at = :sent, file = :file "
                    "WHERE n = :n AND state = 'sending' AND attempts = :attempts",
             soci::use(state), soci::use(reason), soci::use(next), soci::use(sent_at),
             soci::use(outcome.file), soci::use(n), soci::use(attempts));
        update.execute(true);
        return update.get_affected_rows() == 1;
    });
}

base::Result<bool> SqlMessages::sent(const Message& message, const std::string& file) {
    return settle(message, {"sent", "", machine_.now().seconds, business_.now().seconds, file});
}

base::Result<bool> SqlMessages::retry(const Message& message, std::string_view reason,
                                      std::int64_t pause_s) {
    return settle(message, {"queued", reason, machine_.now().seconds + pause_s, 0, {}});
}

base::Result<bool> SqlMessages::failed(const Message& message, std::string_view reason) {
    return settle(message, {"failed", reason, machine_.now().seconds, 0, {}});
}

base::Result<std::vector<Message>> SqlMessages::filed(std::int64_t before, int limit) {
    return database_.read([&](db::Session& session) -> base::Result<std::vector<Message>> {
        const Number below = before;
        const int rows = limit;
        Row row;
        soci::statement list(session.sql());
        list.exchange(soci::use(below));
        list.exchange(soci::use(below));
        list.exchange(soci::use(rows));
        row.bind(list);
        list.alloc();
        list.prepare(std::string(kColumns) +
                     "WHERE state = 'sent' AND file <> '' AND (:before = 0 OR n < :below) "
                     "ORDER BY n DESC LIMIT :rows");
        list.define_and_bind();
        std::vector<Message> out;
        if (!list.execute(true)) return out;
        do {
            out.push_back(row.message());
        } while (list.fetch());
        return out;
    });
}

base::Result<std::optional<Message>> SqlMessages::find_filed(const std::string& id) {
    using Found = std::optional<Message>;
    return database_.read([&](db::Session& session) -> base::Result<Found> {
        Row row;
        soci::statement one(session.sql());
        one.exchange(soci::use(id));
        row.bind(one);
        one.alloc();
        one.prepare(std::string(kColumns) +
                    "WHERE message_id = :id AND state = 'sent' AND file <> ''");
        one.define_and_bind();
        if (!one.execute(true)) return Found();
        return Found(row.message());
    });
}

base::Result<std::int64_t> SqlMessages::waiting() {
    return database_.read([&](db::Session& session) -> base::Result<std::int64_t> {
        Number count = 0;
        session.sql() << "SELECT COUNT(*) FROM message WHERE state IN ('queued', 'sending')",
            soci::into(count);
        return count;
    });
}

base::Result<int> SqlMessages::prune(base::Instant before) {
    return database_.transact([&](db::Session& session) -> base::Result<int> {
        const Number limit = before.seconds;
        std::vector<Number> old(static_cast<std::size_t>(kPruneMax));
        session.sql() << "SELECT n FROM message WHERE state IN ('sent', 'failed') AND "
                         "created_at < :before LIMIT 500",
            soci::into(old), soci::use(limit);
        for (const Number n : old)
            session.sql() << "DELETE FROM message WHERE n = :n", soci::use(n);
        return static_cast<int>(old.size());
    });
}

}  // namespace preau::notification
