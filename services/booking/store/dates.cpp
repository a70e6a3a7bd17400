#include "services/booking/store/dates.hpp"

#include <algorithm>

#include "services/booking/store/sql.hpp"
#include "shared/db/insert_many.hpp"

namespace preau::booking {

void insert_dates(db::Session& session, const DatesTable& table, std::string_view owner,
                  const std::vector<Occurrence>& dates) {
    std::vector<std::vector<db::Cell>> rows;
    for (const auto& one : dates) {
        rows.push_back({owner, std::string_view(one.id.str()),
                        std::int64_t{one.slot.local_date.days}, std::int64_t{one.slot.start_minute},
                        std::int64_t{one.slot.end_minute}, one.slot.interval.start.seconds,
                        one.slot.interval.end.seconds, to_string(one.state), std::string_view{},
                        one.buffer_before_s, one.buffer_after_s});
    }
    db::insert_many(session, table.name,
                    {table.owner, "occurrence_id", "local_date", "start_minute", "end_minute",
                     "start_at", "end_at", "state", "reason", "buffer_before_s", "buffer_after_s"},
                    rows);
    // Reasons may be anybody's words, which the fast insert does not take.
    if (std::ranges::any_of(dates, [](const auto& one) { return !one.reason.empty(); })) {
        update_dates(session, table, std::string(owner), dates);
    }
}

std::vector<Occurrence> dates_of(db::Session& session, const DatesTable& table,
                                 const std::string& owner) {
    std::vector<Occurrence> out;
    std::string id;
    std::string state;
    std::string reason;
    Number date = 0;
    Number start_minute = 0;
    Number end_minute = 0;
    Number start = 0;
    Number end = 0;
    Number before = 0;
    Number after = 0;
    soci::statement query =
        (session.sql().prepare
             << "SELECT occurrence_id, local_date, start_minute, end_minute, start_at, "
                "end_at, state, reason, buffer_before_s, buffer_after_s FROM "
             << table.name << " WHERE " << table.owner << " = :b ORDER BY start_at",
         soci::use(owner), soci::into(id), soci::into(date), soci::into(start_minute),
         soci::into(end_minute), soci::into(start), soci::into(end), soci::into(state),
         soci::into(reason), soci::into(before), soci::into(after));
    each(query, [&] {
        Occurrence one;
        one.id = base::OccurrenceId::trusted(id);
        one.slot = {time::Date{static_cast<std::int32_t>(date)},
                    static_cast<time::Minute>(start_minute),
                    static_cast<time::Minute>(end_minute),
                    {{start}, {end}}};
        one.state = occurrence_state_from(state).value_or(OccurrenceState::planned);
        one.reason = reason;
        one.buffer_before_s = before;
        one.buffer_after_s = after;
        out.push_back(std::move(one));
    });
    return out;
}

void update_dates(db::Session& session, const DatesTable& table, const std::string& owner,
                  const std::vector<Occurrence>& dates) {
    std::string state;
    std::string reason;
    std::string id;
    soci::statement update =
        (session.sql().prepare
             << "UPDATE " << table.name << " SET state = :s, reason = :r WHERE " << table.owner
             << " = :b AND occurrence_id = :o AND (state <> :s2 OR reason <> :r2)",
         soci::use(state), soci::use(reason), soci::use(owner), soci::use(id), soci::use(state),
         soci::use(reason));
    for (const auto& one : dates) {
        state = to_string(one.state);
        reason = one.reason;
        id = one.id.str();
        update.execute(true);
    }
}

void delete_dates(db::Session& session, const DatesTable& table, const std::string& owner) {
    session.sql() << "DELETE FROM " << table.name << " WHERE " << table.owner << " = :b",
        soci::use(owner);
}

}  // namespace preau::booking
