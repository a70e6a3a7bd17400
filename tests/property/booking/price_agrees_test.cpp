// One price: what search lists, what the quote says, what the request gets and what the rules
// compute are the same, for random grids, rooms, dates, bookings and categories.

#include <cstdlib>
#include <random>

#include "services/search/http/handlers.hpp"
#include "services/search/jobs/sinks.hpp"
#include "shared/wire/tariff.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using nlohmann::json;

constexpr int kRounds = 25;
constexpr int kQuestions = 6;  // of each round

std::uint64_t seed() {
    if (const char* given = std::getenv("PREAU_SEED")) return std::strtoull(given, nullptr, 10);
    return std::random_device{}();
}

class PriceAgrees : public Office {
protected:
    /// The feeds that search would read, out of booking's own tables.
    void feed_search() {
        const auto rows = [&](const std::string& sql) {
            return database_
                ->read([&](db::Session& session) -> base::Result<std::vector<events::Event>> {
                    std::vector<events::Event> out;
                    std::string type;
                    std::string id;
                    std::string data;
                    long long version = 0;
                    soci::statement query = (session.sql().prepare << sql, soci::into(type),
                                             soci::into(id), soci::into(version), soci::into(data));
                    if (query.execute(true)) {
                        do {
                            auto one = told_event(type, id, version, json::parse(data));
                            out.push_back(std::move(one));
                        } while (query.fetch());
                    }
                    return out;
                })
                .value();
        };
        inventory_->replace(rows("SELECT 'calendar_changed.v1', calendar_id, version, facts "
                                 "FROM calendar_projection UNION ALL "
                                 "SELECT 'tariff_changed.v1', tariff_id, version, facts "
                                 "FROM tariff_projection UNION ALL "
                                 "SELECT 'space_changed.v1', space_id, version, facts "
                                 "FROM space_projection"),
                            {"inventory", 1});
        booking_->replace(rows("SELECT type, aggregate_id, version, data FROM outbox "
                               "WHERE type = 'occupancy_changed.v1' ORDER BY id"),
                          {"booking", 1});
    }

    json listed(const rules::Recurrence& when, char category, const std::string& sort) {
        net::Request request;
        request.path = "/v1/search";
        const auto add = [&](std::string name, std::string value) {
            request.query.add(std::move(name), std::move(value));
        };
        add("start_time", time::format_minute(when.start_minute));
        add("end_time", time::format_minute(when.end_minute));
        add("category", std::string(1, category));
        add("sort", sort);
        if (when.kind == rules::RecurrenceKind::single) {
            add("date", when.from.iso());
        } else {
            add("weekdays", std::string(time::to_string(when.weekdays.front())));
            add("from", when.from.iso());
            add("until", when.until.iso());
        }
        const auto match = search_.find(net::Method::get, request.path);
        return json::parse(match.route->handler(request).body);
    }

    /// A grid with some of the units for some of the categories.
    void random_vote(std::mt19937_64& random, int number) {
        const auto below = [&](std::uint64_t n) { return static_cast<int>(random() % n); };
        wire::Tariff tariff;
        tariff.body = id<base::BodyId>(test_body);
        if (below(4) == 0) tariff.establishment = id<base::EstablishmentId>("vercors");
        tariff.grid.id = base::seeded_ulid(1, "vote " + std::to_string(number));
        tariff.grid.number = number;
        tariff.grid.voted_on = day("2026-06-26") + below(120);
        tariff.grid.executory_from = day("2026-09-01") + below(150);
        tariff.version = 1;
        for (const char category : std::string("ABCDE")) {
            for (int unit = 0; unit < 5; ++unit) {
                if (below(3) == 0) continue;
                const std::int64_t scale[] = {1, 4, 7, 9, 40};
                tariff.grid.lines.push_back({"classroom",
                                             category,
                                             static_cast<rules::Unit>(unit),
                                             {scale[unit] * (100 + below(900))}});
            }
        }
        for (const auto kind : {rules::ModifierKind::heating, rules::ModifierKind::weekend}) {
            if (below(2) == 0) continue;
            rules::Modifier modifier;
            modifier.kind = kind;
            modifier.tariff_kind = "classroom";
            if (below(2) == 0) {
                modifier.percent = 1 + below(60);
            } else {
                modifier.per_date = {1 + below(2'000)};
            }
            const auto first = day("2026-10-15") + below(60);
            const auto last = day("2026-11-15") + below(120);
            modifier.from = {first.month(), first.day()};
            modifier.until = {last.month(), last.day()};
            tariff.grid.modifiers.push_back(modifier);
        }
        put_tariff(tariff);
    }

    rules::Recurrence random_when(std::mt19937_64& random) {
        const auto below = [&](std::uint64_t n) { return static_cast<int>(random() % n); };
        const auto from = day("2026-10-05") + below(60);
        const int start = 8 * 60 + 30 * below(20);
        const auto text = [](int minute) { return time::format_minute(minute); };
        const int end = std::min(22 * 60, start + 60 + 30 * below(10));
        if (below(3) == 0) return single(from.iso(), text(start), text(end));
        return weekly(std::string(time::to_string(from.weekday())), from.iso(),
                      (from + 7 * (1 + below(25))).iso(), text(start), text(end));
    }

    search::Index index_{business_};
    search::Places places_;
    net::Router search_;
    std::unique_ptr<events::Sink> inventory_ = search::inventory_sink(index_);
    std::unique_ptr<events::Sink> booking_ = search::booking_sink(index_);
};

TEST_F(PriceAgrees, search_quote_request_and_rules) {
    const auto start = seed();
    SCOPED_TRACE("PREAU_SEED=" + std::to_string(start));
    std::mt19937_64 random(start);
    search::add_routes(search_, {.index = index_,
                                 .places = places_,
                                 .as_of = [] { return search::AsOf{}; },
                                 .departement = "38"});
    add_room("elsewhere", {.establishment = "stendhal"});
    int compared = 0;
    int priced = 0;
    int added = 0;
    for (int round = 0; round < kRounds; ++round) {
        forget_votes();
        for (int n = 0; n < 3; ++n)
            random_vote(random, 10 * round + n + 1);
        ask("volley", whole("R"), random_when(random), true);
        feed_search();
        for (int n = 0; n < kQuestions; ++n) {
            const char category = static_cast<char>('A' + random() % 5);
            affiliate("chorale", category, "Association du collège");
            const auto when = random_when(random);
            const std::string room = random() % 2 == 0 ? "R" : "elsewhere";
            const auto quote = quoted("chorale", whole(room), when);
            const auto answer = listed(when, category, random() % 2 == 0 ? "fit" : "price");
            const json* item = nullptr;
            for (const auto& one : answer["items"]) {
                if (one["offer"]["offer_id"] == whole(room).str()) item = &one;
            }
            ASSERT_NE(item, nullptr) << answer.dump();
            EXPECT_EQ((*item)["free_dates"], quote["free_count"]);
            ++compared;
            if (quote["price_problem"] == "amount_out_of_range") continue;
            const auto total = quote["price"].is_null() ? json(nullptr) : quote["price"]["total"];
            EXPECT_EQ((*item)["price"], total) << category << " " << room << " " << quote.dump();
            if (total.is_null()) continue;
            ++priced;
            for (const auto& line : quote["price"]["lines"])
                added += line["supplements"].empty() ? 0 : 1;
            const auto made = ask("chorale", whole(room), when, true);
            ASSERT_TRUE(made) << code_of(made);
            EXPECT_EQ(made->price->total.value, total["amount"]);
            std::int64_t sum = 0;
            for (const auto& line : made->price->lines)
                sum += line.amount.value;
            EXPECT_EQ(sum, made->price->total.value);
            ASSERT_TRUE(withdraw(*made, "chorale"));
            feed_search();
        }
    }
    EXPECT_GT(priced, compared / 4) << "the question must not be empty";
    EXPECT_GT(added, 5) << "nor without what a vote adds on certain dates";
}

}  // namespace
}  // namespace preau::booking::test
