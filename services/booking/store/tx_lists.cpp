// Lists: the inbox, an organisation's bookings, the clock's work, what competes and what was
// before.

#include <algorithm>
#include <charconv>

#include "services/booking/store/row.hpp"
#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"

namespace preau::booking {

namespace {

struct Position {
    Number number = 0;
    std::string id;
};

/// "1790000000_01J…": the sort value and id of the last row seen.
std::optional<Position> position_of(const std::string& cursor) {
    const auto bar = cursor.find('_');
    if (bar == std::string::npos) return std::nullopt;
    Position out;
    const auto [end, fault] = std::from_chars(cursor.data(), cursor.data() + bar, out.number);
    out.id = cursor.substr(bar + 1);
    if (fault != std::errc{} || end != cursor.data() + bar || !base::is_ulid(out.id)) {
        return std::nullopt;
    }
    return out;
}

std::string state_list(const std::vector<State>& states) {
    std::string out;
    for (const auto state : states) {
        if (!out.empty()) out += ',';
        out.append("'").append(to_string(state)).append("'");
    }
    return out;
}

std::vector<base::BookingId> ids(soci::session& sql, const std::string& query, Number before,
                                 int limit) {
    std::vector<base::BookingId> out;
    std::string id;
    const Number most = limit;
    soci::statement statement =
        (sql.prepare << query, soci::use(before), soci::use(most), soci::into(id));
    each(statement, [&] { out.push_back(base::BookingId::trusted(id)); });
    return out;
}

}  // namespace

base::Result<Page> SqlTx::list(const ListFilter& filter) {
    const bool by_deadline = filter.sort == ListFilter::Sort::deadline;
    const std::string column = by_deadline ? "answer_by" : "submitted_at";
    const std::string scope = filter.organisation    ? filter.organisation->str()
                              : filter.establishment ? filter.establishment->str()
                              : filter.body          ? filter.body->str()
                                                     : std::string{};
    const std::string scope_column = filter.organisation    ? "organisation_id"
                                     : filter.establishment ? "establishment_id"
                                                            : "body_id";
    if (scope.empty()) return base::fail("invalid", "no scope");
    std::string query = "SELECT " + std::string(BookingRow::columns) + " FROM booking WHERE " +
                        scope_column + " = :scope";
    if (!filter.states.empty()) query += " AND state IN (" + state_list(filter.states) + ")";
    Position after;
    if (!filter.after.empty()) {
        const auto parsed = position_of(filter.after);
        if (!parsed) {
            return base::fail_field("invalid", "/query/after", "not a cursor of this list");
        }
        after = *parsed;
        const std::string beyond = by_deadline ? " > " : " < ";
        query += " AND (" + column + beyond + ":n1 OR (" + column + " = :n2 AND booking_id" +
                 beyond + ":id))";
    }
    const std::string order = by_deadline ? " ASC" : " DESC";
    query += " ORDER BY " + column + order + ", booking_id" + order + " LIMIT " +
             std::to_string(filter.limit + 1);

    BookingRow row;
    soci::statement statement(sql());
    statement.alloc();
    statement.prepare(query);
    statement.exchange(soci::use(scope));
    if (!filter.after.empty()) {
        statement.exchange(soci::use(after.number));
        statement.exchange(soci::use(after.number));
        statement.exchange(soci::use(after.id));
    }
    row.bind(statement);
    Page page;
    each(statement, [&] { page.items.push_back(row.booking()); });
    if (page.items.size() > static_cast<std::size_t>(filter.limit)) {
        page.items.pop_back();
        const auto& last = page.items.back();
        const auto number = by_deadline ? last.answer_by.seconds : last.submitted_at.seconds;
        page.next = std::to_string(number) + "_" + last.id.str();
    }
    add_proposals(page.items);
    add_deferred(page.items);
    add_payments(page.items);
    return page;
}

std::vector<CompetingRequest> SqlTx::competing(const Booking& booking) {
    std::vector<CompetingRequest> out;
    std::string id;
    Number start = 0;
    Number end = 0;
    const Number from = booking.first_start.seconds;
    const Number until = booking.last_end.seconds;
    soci::statement query =
        (sql().prepare << "SELECT b.booking_id, o.start_at, o.end_at FROM booking b "
                          "JOIN booking_occurrence o ON o.booking_id = b.booking_id "
                          "WHERE b.space_id = :s AND b.state IN "
                       << states_to_decide()
                       << " AND b.booking_id <> :b "
                          "AND o.state = 'planned' AND o.start_at < :u AND o.end_at > :f "
                          "ORDER BY b.booking_id, o.start_at",
         soci::use(booking.space.str()), soci::use(booking.id.str()), soci::use(until),
         soci::use(from), soci::into(id), soci::into(start), soci::into(end));
    std::vector<std::pair<std::string, time::Interval>> dates;
    each(query, [&] { dates.emplace_back(id, time::Interval{{start}, {end}}); });
    const auto mine = booking.kept();
    for (const auto& [other, interval] : dates) {
        const bool meets = std::ranges::any_of(
            mine, [&](const Occurrence* one) { return one->slot.interval.overlaps(interval); });
        if (!meets) continue;
        if (out.empty() || out.back().id.str() != other) {
            const auto found = find(base::BookingId::trusted(other));
            const bool same_parts =
                found && std::ranges::any_of(found->parts, [&](const auto& p) {
                    return std::ranges::find(booking.parts, p) != booking.parts.end();
                });
            if (!same_parts) continue;
            out.push_back(
                {found->id, found->reference, found->organisation, found->submitted_at, {}});
        }
        out.back().overlaps.push_back(interval);
    }
    return out;
}

PastCounts SqlTx::past(const base::OrganisationId& organisation,
                       const base::EstablishmentId& establishment, const base::BookingId& but) {
    PastCounts out;
    std::string state;
    Number count = 0;
    soci::statement query =
        (sql().prepare << "SELECT state, COUNT(*) FROM booking WHERE organisation_id = :o AND "
                          "establishment_id = :e AND booking_id <> :b GROUP BY state",
         soci::use(organisation.str()), soci::use(establishment.str()), soci::use(but.str()),
         soci::into(state), soci::into(count));
    each(query, [&] {
        const int n = static_cast<int>(count);
        switch (state_from(state).value_or(State::draft)) {
            case State::accepted:
            case State::confirmed:
            case State::closed:
                out.accepted += n;
                break;
            case State::refused:
                out.refused += n;
                break;
            case State::withdrawn:
                out.withdrawn += n;
                break;
            case State::cancelled_by_hirer:
                out.cancelled += n;
                break;
            case State::expired:
                out.expired += n;
                break;
            default:
                break;
        }
    });
    sql() << "SELECT COUNT(*) FROM booking b JOIN booking_occurrence o "
             "ON o.booking_id = b.booking_id WHERE b.organisation_id = :o AND "
             "b.establishment_id = :e AND o.state = 'no_show'",
        soci::use(organisation.str()), soci::use(establishment.str()), soci::into(count);
    out.no_show = static_cast<int>(count);
    return out;
}

std::vector<base::BookingId> SqlTx::deferred_due(base::Instant machine_now, int limit) {
    return ids(sql(),
               "SELECT booking_id FROM deferred_effect WHERE effective_at <= :t AND "
               "(bulk_closure_id = '' OR bulk_closure_id IN "
               "(SELECT bulk_closure_id FROM bulk_closure WHERE state = 'standing')) "
               "ORDER BY effective_at LIMIT :n",
               machine_now.seconds, limit);
}

std::vector<base::BookingId> SqlTx::unanswered_started(base::Instant now, int limit) {
    return ids(sql(),
               "SELECT booking_id FROM booking WHERE state IN ('submitted', 'endorsed', "
               "'awaiting_documents') AND last_start <= :t ORDER BY last_start LIMIT :n",
               now.seconds, limit);
}

std::vector<base::BookingId> SqlTx::proposals_over(base::Instant now, int limit) {
    return ids(sql(),
               "SELECT booking_id FROM proposal WHERE state = 'standing' AND deadline <= :t "
               "ORDER BY deadline LIMIT :n",
               now.seconds, limit);
}

std::vector<base::BookingId> SqlTx::overdue(base::Instant now, int limit) {
    auto out = ids(sql(),
                   "SELECT booking_id FROM booking WHERE state IN " + states_to_decide() +
                       " AND overdue_told = 0 AND answer_by <= :t ORDER BY answer_by LIMIT :n",
                   now.seconds, limit);
    const auto twice =
        ids(sql(),
            "SELECT booking_id FROM booking WHERE state IN " + states_to_decide() +
                " AND overdue_told = 1 AND escalate_by <= :t ORDER BY escalate_by LIMIT :n",
            now.seconds, limit);
    out.insert(out.end(), twice.begin(), twice.end());
    return out;
}

std::vector<base::BookingId> SqlTx::confirmed_ended(base::Instant now, int limit) {
    return ids(sql(),
               "SELECT booking_id FROM booking WHERE state = 'confirmed' AND last_end <= :t "
               "ORDER BY last_end LIMIT :n",
               now.seconds, limit);
}

std::vector<base::BookingId> SqlTx::unpaid_due(base::Instant now, int limit) {
    return ids(sql(),
               "SELECT booking_id FROM booking WHERE state = 'accepted' AND "
               "payment_kind = 'before' AND pay_by > 0 AND paid = 0 AND ask_payment_at <= :t "
               "ORDER BY ask_payment_at LIMIT :n",
               now.seconds, limit);
}

}  // namespace preau::booking
