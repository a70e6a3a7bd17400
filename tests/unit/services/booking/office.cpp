#include "tests/unit/services/booking/office.hpp"

#include <algorithm>
#include <set>

#include "preau_migrations_booking.hpp"
#include "services/booking/http/desk_api.hpp"
#include "services/booking/jobs/followers.hpp"
#include "services/booking/store/projections.hpp"
#include "services/booking/store/sql.hpp"
#include "shared/events/outbox.hpp"
#include "shared/wire/calendar.hpp"

namespace preau::booking::test {

namespace {

using Cells = std::vector<std::string>;  // "part cell booking", sorted

Cells cells_that_are_held(db::Database& database) {
    return database
        .read([](db::Session& session) -> base::Result<Cells> {
            Cells out;
            std::string part;
            std::string booking;
            Number cell = 0;
            soci::statement query =
                (session.sql().prepare << "SELECT part_id, cell, booking_id FROM occupied_cell",
                 soci::into(part), soci::into(cell), soci::into(booking));
            each(query, [&] { out.push_back(part + " " + std::to_string(cell) + " " + booking); });
            std::ranges::sort(out);
            return out;
        })
        .value();
}

/// Of the intervals that keep others away, each once.
Cells cells_of_intervals(db::Database& database) {
    return database
        .read([](db::Session& session) -> base::Result<Cells> {
            std::set<std::string> out;
            std::string part;
            std::string booking;
            Number start = 0;
            Number end = 0;
            soci::statement query =
                (session.sql().prepare
                     << "SELECT i.part_id, i.start_at, i.end_at, i.booking_id FROM "
                        "occupied_interval i JOIN booking b ON b.booking_id = i.booking_id "
                        "WHERE b.held <> 'requested' OR i.pending = 0",
                 soci::into(part), soci::into(start), soci::into(end), soci::into(booking));
            each(query, [&] {
                for (auto at = start; at < end; at += 900)
                    out.insert(part + " " + std::to_string(at / 900) + " " + booking);
            });
            return Cells(out.begin(), out.end());
        })
        .value();
}

/// What stands in the identity token of a test call; the verifier is not under test here.
thread_local const security::Identity* t_caller = nullptr;

rules::SchoolCalendar zone_a() {
    rules::SchoolCalendar out;
    out.zone = "A";
    out.known_from = day("2026-09-01");
    out.known_until = day("2027-08-31");
    using enum rules::Period;
    out.periods = {
        {"Vacances de la Toussaint", small_holidays, day("2026-10-17"), day("2026-11-01")},
        {"Vacances de Noël", small_holidays, day("2026-12-19"), day("2027-01-03")},
        {"Vacances d'hiver", small_holidays, day("2027-02-13"), day("2027-02-28")},
        {"Vacances de printemps", small_holidays, day("2027-04-10"), day("2027-04-25")},
        {"Vacances d'été", summer, day("2027-07-03"), day("2027-08-31")}};
    return out;
}

rules::PublicHolidays metropole() {
    rules::PublicHolidays out;
    out.territory = "metropole";
    out.known_from = day("2020-01-01");
    out.known_until = day("2031-12-31");
    out.days = {{day("2026-11-01"), "Toussaint"},
                {day("2026-11-11"), "11 Novembre"},
                {day("2026-12-25"), "Noël"},
                {day("2027-01-01"), "1er janvier"}};
    return out;
}

}  // namespace

events::Event told_event(std::string type, std::string aggregate, std::int64_t version,
                         nlohmann::json data) {
    events::Event out;
    out.type = std::move(type);
    out.aggregate_id = std::move(aggregate);
    out.version = version;
    out.data = std::move(data);
    return out;
}

time::Date day(const std::string& iso) {
    return time::Date::parse(iso).value();
}

base::Instant instant(const std::string& text) {
    return time::Zone::paris()
        .instant(day(text.substr(0, 10)), time::parse_minute(text.substr(11)).value())
        .value();
}

rules::Recurrence single(const std::string& date, const std::string& start,
                         const std::string& end) {
    rules::Recurrence out;
    out.kind = rules::RecurrenceKind::single;
    out.from = out.until = day(date);
    out.start_minute = time::parse_minute(start).value();
    out.end_minute = time::parse_minute(end).value();
    return out;
}

rules::Recurrence weekly(const std::string& weekday, const std::string& from,
                         const std::string& until, const std::string& start,
                         const std::string& end) {
    rules::Recurrence out = single(from, start, end);
    out.kind = rules::RecurrenceKind::weekly;
    out.weekdays = {time::weekday_from(weekday).value()};
    out.until = day(until);
    return out;
}

void Office::SetUp() {
    database_ = open();
    std::vector<db::Migration> steps(events::migrations().begin(), events::migrations().end());
    steps.insert(steps.end(), std::begin(migrations_booking), std::end(migrations_booking));
    const auto migrated = database_->migrate(steps);
    ASSERT_TRUE(migrated) << migrated.error().detail;
    store_ = std::make_unique<SqlStore>(*database_, machine_, nullptr);
    settings_.undo_window_s = 0;
    settings_.live_requests_max = 1'000;
    settings_.terms = {"2026-1", std::string(64, 'a'), "Règlement", "# Règlement"};
    configure(settings_);

    const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
        auto school = wire::to_json(zone_a());
        auto holidays = wire::to_json(metropole());
        school["calendar_id"] = "school:A";
        holidays["calendar_id"] = "public:metropole";
        school["version"] = holidays["version"] = 1;
        const bool one =
            apply_inventory(session, told_event("calendar_changed.v1", "school:A", 1, school));
        const bool two = apply_inventory(
            session, told_event("calendar_changed.v1", "public:metropole", 1, holidays));
        return one && two;
    });
    ASSERT_TRUE(done && *done);
    add_room("R");
    add_room("G", {.parts = 3});
    vote("isere 1", 500);
    affiliate("tatamis", 'D');
    affiliate("volley", 'D');
}

void Office::configure(const DeskSettings& settings) {
    settings_ = settings;
    payment_feed_.reset();
    desk_ = std::make_unique<Desk>(settings_, business_, machine_);
    payment_feed_ = payment_sink(*database_, store_->facts(), *desk_, machine_);
    router_ = net::Router();
    http::add_routes(router_, {*store_, *desk_, [](const net::Request&) {
                                   return base::Result<security::Identity>(*t_caller);
                               }});
}

wire::Space Office::add_room(const std::string& name, const RoomOptions& options) {
    wire::Space space;
    space.id = id<base::SpaceId>(name);
    space.body = id<base::BodyId>(test_body);
    space.site = id<base::SiteId>(options.establishment);
    space.establishment = id<base::EstablishmentId>(options.establishment);
    space.slug = "salle-" + options.establishment;
    space.name = "Salle " + name;
    space.kind = options.parts > 1 ? "gym" : "classroom";
    space.capacity_seated = space.capacity_standing = options.capacity;
    space.area_m2 = 60;
    space.published = options.published;
    space.zone = "Europe/Paris";
    space.school_zone = "A";
    space.territory = "metropole";
    space.establishment_name = "Collège Vercors";
    space.commune_name = "Voiron";
    space.commune_insee = "38563";
    space.lat = 45.36;
    space.lon = 5.59;
    space.pending_holds = options.pending_holds;
    space.version = 1;
    rules::Offer offer;
    offer.capacity = options.capacity;
    offer.tariff_kind = "classroom";
    offer.grid_min = options.grid_min;
    offer.duration_min_min = options.duration_min_min;
    offer.duration_max_min = options.duration_max_min;
    offer.notice_days = options.notice_days;
    offer.horizon_days = options.horizon_days;
    offer.buffer_after_min = options.buffer_after_min;
    offer.instant = options.instant;
    offer.active = options.active;
    for (int n = 1; n <= options.parts; ++n) {
        const auto part_id = id<base::PartId>(name + "-part-" + std::to_string(n));
        space.parts.push_back({part_id, "Tiers " + std::to_string(n)});
        offer.parts.push_back(part_id);
        if (options.parts == 1) continue;
        rules::Offer third = offer;
        third.id = part(name, n);
        third.name = name + std::to_string(n);
        third.parts = {part_id};
        space.offers.push_back(third);
    }
    for (const auto& shared : options.shared_parts) {
        space.parts.push_back({id<base::PartId>(shared), shared});
        rules::Offer with = offer;
        with.id = id<base::OfferId>(name + ":with " + shared);
        with.name = name + " avec " + shared;
        with.parts.push_back(id<base::PartId>(shared));
        std::ranges::sort(with.parts);
        space.offers.push_back(with);
    }
    offer.id = whole(name);
    offer.name = name;
    std::ranges::sort(offer.parts);
    space.offers.push_back(offer);
    rules::Frame always;
    always.periods = {rules::Period::term, rules::Period::small_holidays, rules::Period::summer};
    for (int i = 0; i < 7; ++i)
        always.weekdays.push_back(static_cast<time::Weekday>(i));
    always.start_minute = 8 * 60;
    always.end_minute = 22 * 60;
    space.opening.frames = {always};
    put(space);
    return space;
}

void Office::put(const wire::Space& space) {
    const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
        return apply_inventory(session, told_event("space_changed.v1", space.id.str(),
                                                   space.version, wire::to_json(space)));
    });
    ASSERT_TRUE(done && *done);
}

void Office::affiliate(const std::string& organisation, char category, const std::string& ground,
                       const std::string& status) {
    static std::int64_t version = 0;
    const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
        return apply_accounts(
            session, told_event("affiliation_changed.v1", organisation, ++version,
                                {{"affiliation_id",
                                  id<base::OrganisationId>("affiliation " + organisation).str()},
                                 {"organisation_id", club(organisation).str()},
                                 {"body_id", id<base::BodyId>(test_body).str()},
                                 {"category", std::string(1, category)},
                                 {"category_ground", ground},
                                 {"status", status},
                                 {"contract_signed_on", nullptr},
                                 {"insurance_valid_until", "2026-12-31"},
                                 {"version", version}}));
    });
    ASSERT_TRUE(done && *done);
}

Actor Office::president(const std::string& organisation) {
    Actor out;
    out.id = id<base::PersonId>("president of " + organisation).str();
    out.member_of = out.books_for = {club(organisation)};
    return out;
}

Actor Office::staff(PostRole role, const std::string& establishment) {
    Actor out;
    out.id = id<base::PersonId>("staff of " + establishment).str();
    out.posts = {{id<base::BodyId>(test_body), role, {id<base::EstablishmentId>(establishment)}}};
    return out;
}

Actor Office::manager(const std::string& establishment) {
    return staff(PostRole::manager, establishment);
}

SubmitRequest Office::request(const std::string& organisation, const base::OfferId& offer,
                              rules::Recurrence when) const {
    SubmitRequest out;
    out.organisation = club(organisation);
    out.offer = offer;
    out.when = std::move(when);
    out.purpose = "Entraînement";
    out.headcount = 10;
    out.terms_version = settings_.terms.version;
    out.terms_accepted = true;
    return out;
}

Outcome<Booking> Office::ask(const std::string& organisation, const base::OfferId& offer,
                             const rules::Recurrence& when, bool skip) {
    auto wanted = request(organisation, offer, when);
    wanted.skip_conflicts = skip;
    return store_->transact(
        [&](Tx& tx) { return desk_->submit(tx, president(organisation), wanted); });
}

Booking Office::asked(const std::string& organisation, const base::OfferId& offer,
                      const rules::Recurrence& when) {
    auto out = ask(organisation, offer, when);
    if (!out) throw std::runtime_error("asked: " + code_of(out) + " " + out.error().error.detail);
    return *out;
}

Booking Office::booked(const std::string& organisation, const base::OfferId& offer,
                       const rules::Recurrence& when) {
    const auto out = accept(asked(organisation, offer, when));
    if (!out) throw std::runtime_error("booked: " + code_of(out));
    return stored(out->id).value();
}

Outcome<Booking> Office::accept(const Booking& booking, const Actor& actor) {
    return store_->transact([&](Tx& tx) {
        return desk_->accept(tx, actor, booking.id, booking.version, std::nullopt);
    });
}

Outcome<Booking> Office::refuse(const Booking& booking, const Actor& actor) {
    return store_->transact([&](Tx& tx) {
        return desk_->refuse_request(tx, actor, booking.id, booking.version, "no_staff",
                                     "Aucun agent ce soir-là.");
    });
}

Outcome<Booking> Office::cancel(const Booking& booking, const Actor& actor,
                                const std::string& reason) {
    return store_->transact(
        [&](Tx& tx) { return desk_->cancel(tx, actor, booking.id, booking.version, reason); });
}

Outcome<Booking> Office::withdraw(const Booking& booking, const std::string& organisation) {
    return store_->transact([&](Tx& tx) {
        return desk_->withdraw(tx, president(organisation), booking.id, booking.version);
    });
}

Outcome<Booking> Office::undo(const Booking& booking, const Actor& actor) {
    return store_->transact(
        [&](Tx& tx) { return desk_->undo(tx, actor, booking.id, booking.version); });
}

Outcome<Booking> Office::reopen(const Booking& booking, const Actor& actor) {
    return store_->transact(
        [&](Tx& tx) { return desk_->reopen(tx, actor, booking.id, booking.version); });
}

Outcome<Closure> Office::close(const std::string& room, const std::string& from,
                               const std::string& until, bool force, const Actor& actor) {
    ClosureRequest wanted;
    wanted.space = id<base::SpaceId>(room);
    wanted.reason = "Travaux de peinture";
    wanted.from = day(from);
    wanted.until = day(until);
    wanted.force = force;
    return store_->transact([&](Tx& tx) { return desk_->lay_closure(tx, actor, wanted); });
}

std::optional<Booking> Office::stored(const base::BookingId& booking) {
    return store_
        ->read([&](Tx& tx) -> base::Result<std::optional<Booking>> { return tx.find(booking); })
        .value();
}

std::vector<HistoryLine> Office::history(const base::BookingId& booking) {
    return store_
        ->read(
            [&](Tx& tx) -> base::Result<std::vector<HistoryLine>> { return tx.history(booking); })
        .value();
}

std::vector<std::string> Office::events_of(const std::string& aggregate) {
    return database_
        ->read([&](db::Session& session) -> base::Result<std::vector<std::string>> {
            std::vector<std::string> out;
            std::string type;
            soci::statement query =
                (session.sql().prepare << "SELECT type FROM outbox WHERE aggregate_id = :a "
                                          "ORDER BY id",
                 soci::use(aggregate), soci::into(type));
            each(query, [&] { out.push_back(type); });
            return out;
        })
        .value();
}

void Office::expect_sound() {
    // A wish that keeps nobody away has no cells; a proposal keeps others away whatever its request
    // does.
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_interval a JOIN occupied_interval b "
                    "ON a.part_id = b.part_id AND a.booking_id < b.booking_id "
                    "AND a.start_at < b.end_at AND b.start_at < a.end_at "
                    "JOIN booking x ON x.booking_id = a.booking_id "
                    "AND (x.held <> 'requested' OR a.pending = 0) "
                    "JOIN booking y ON y.booking_id = b.booking_id "
                    "AND (y.held <> 'requested' OR b.pending = 0)"),
              0)
        << "two bookings on one part at one time";
    EXPECT_EQ(cells_of_intervals(*database_), cells_that_are_held(*database_));
    EXPECT_EQ(count("SELECT COUNT(*) FROM occupied_interval i LEFT JOIN booking b "
                    "ON b.booking_id = i.booking_id AND b.held <> 'none' "
                    "WHERE b.booking_id IS NULL"),
              0)
        << "time without a booking that holds it";
    // A cancellation that can still be taken back keeps time of occurrences already cancelled.
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking_occurrence o JOIN booking b "
                    "ON b.booking_id = o.booking_id LEFT JOIN occupied_interval i "
                    "ON i.booking_id = o.booking_id AND i.start_at = o.start_at "
                    "WHERE b.held <> 'none' AND o.state = 'planned' AND i.booking_id IS NULL"),
              0)
        << "a planned date without its time";
    EXPECT_EQ(count("SELECT COUNT(*) FROM proposal_occurrence o JOIN proposal p "
                    "ON p.proposal_id = o.proposal_id AND p.state = 'standing' "
                    "LEFT JOIN occupied_interval i ON i.booking_id = p.booking_id "
                    "AND i.start_at = o.start_at WHERE o.state = 'planned' "
                    "AND i.booking_id IS NULL"),
              0)
        << "a date held out without its time";
    EXPECT_EQ(count("SELECT COUNT(*) FROM proposal WHERE state = 'standing'"),
              count("SELECT COUNT(*) FROM booking b LEFT JOIN deferred_effect d "
                    "ON d.booking_id = b.booking_id AND d.bulk_closure_id <> '' "
                    "WHERE b.state = 'counter_proposed' OR d.previous_state = 'counter_proposed'"))
        << "a proposal without its booking, but for one that a closure may give back";
}

security::Identity Office::identity_of(const Actor& actor) {
    security::Identity out;
    out.kind = security::ActorKind::person;
    out.actor = actor.id;
    for (const auto& organisation : actor.member_of) {
        out.memberships.push_back({organisation, actor.may_book_for(organisation)
                                                     ? security::MemberRole::president
                                                     : security::MemberRole::member});
    }
    for (const auto& post : actor.posts) {
        out.posts.push_back(
            {post.body, static_cast<security::StaffRole>(post.role), post.establishments});
    }
    return out;
}

net::Response Office::call(net::Method method, const std::string& path, const std::string& body,
                           const security::Identity& identity, const std::string& key) {
    net::Request request;
    request.method = method;
    const auto question = path.find('?');
    request.path = path.substr(0, question);
    request.target = path;
    if (question != std::string::npos) {
        std::string rest = path.substr(question + 1);
        while (!rest.empty()) {
            const auto end = std::min(rest.find('&'), rest.size());
            const auto pair = rest.substr(0, end);
            rest = rest.substr(std::min(end + 1, rest.size()));
            request.query.add(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
        }
    }
    request.body = body;
    request.headers.add("content-type", "application/json");
    if (!key.empty()) request.headers.add("idempotency-key", key);
    const auto match = router_.find(method, request.path);
    if (match.route == nullptr) throw std::runtime_error("no route: " + path);
    request.params = match.params;
    t_caller = &identity;
    auto response = match.route->handler(request);
    t_caller = nullptr;
    return response;
}

}  // namespace preau::booking::test
