// What comes on top of the room and what comes off it: extras, deposits, free uses, slots let
// again.

#include <barrier>

#include "services/booking/jobs/timers.hpp"
#include "shared/wire/tariff.hpp"
#include "shared/wire/when.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using net::Method;
using nlohmann::json;

class Charges : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        forget_votes();
        vote_rules();
        affiliate("chorale", 'C', "Association locale");
        affiliate("jeunes", 'B');
        chorale_ = identity_of(president("chorale"));
    }

    /// 5 € an hour, 15 % more in winter, two extras, and what the test adds.
    void vote_rules(const std::function<void(rules::TariffVersion&)>& more = {}) {
        wire::Tariff tariff;
        tariff.body = id<base::BodyId>(test_body);
        tariff.version = 1;
        auto& grid = tariff.grid;
        grid.id = base::seeded_ulid(1, "rules " + std::to_string(++votes_));
        grid.number = votes_;
        grid.voted_on = day("2026-06-26");
        grid.executory_from = day("2026-09-01");
        grid.vat_note = "TVA non applicable, art. 256 B du CGI";
        for (const char category : std::string("ABCDE")) {
            const std::int64_t hour = category == 'A' ? 0 : category == 'B' ? 300 : 500;
            grid.lines.push_back({"classroom", category, rules::Unit::hour, {hour}});
            grid.lines.push_back({"classroom", category, rules::Unit::weekend, {hour * 8}});
        }
        grid.modifiers = {{rules::ModifierKind::heating, "classroom", 15, {}, {11, 1}, {3, 31}}};
        grid.extras = {
            {"sono", "Sonorisation", {"classroom"}, rules::Unit::booking, {3'000}, 1, {25'000}},
            {"technicien", "Technicien", {"classroom"}, rules::Unit::hour, {3'200}, 2, {}}};
        grid.deposits = {{"classroom", rules::Unit::weekend, {30'000}}};
        grid.down_payment = {30, {30'000}, 30};
        if (more) more(grid);
        put_tariff(tariff);
    }
    void grant(int weekday, int weekend) {
        vote_rules([&](rules::TariffVersion& grid) {
            grid.free_uses = {{"classroom"}, weekday, weekend};
        });
    }

    json body(const rules::Recurrence& when, const json& extras = json::array()) const {
        return {{"organisation_id", club("chorale").str()},
                {"offer_id", whole("R").str()},
                {"when", wire::to_json(when)},
                {"purpose", "Répétition"},
                {"headcount", 12},
                {"terms_version", "2026-1"},
                {"terms_accepted", true},
                {"extras", extras}};
    }
    json submit(const json& what) {
        answer_ = call(Method::post, "/v1/bookings", what.dump(), chorale_,
                       "key-" + std::to_string(10'000 + ++sent_));
        return json::parse(answer_.body);
    }
    json quote(const rules::Recurrence& when, const json& extras) {
        const json asked{{"organisation_id", club("chorale").str()},
                         {"offer_id", whole("R").str()},
                         {"when", wire::to_json(when)},
                         {"extras", extras}};
        answer_ = call(Method::post, "/v1/quotes", asked.dump(), chorale_);
        return json::parse(answer_.body);
    }
    Booking stored_of(const json& made) {
        return stored(base::BookingId::trusted(made["id"].get<std::string>())).value();
    }
    Booking paid(const std::string& organisation, const rules::Recurrence& when) {
        const auto due = booked(organisation, whole("R"), when);
        payment_tells(due, "paid");
        return stored(due.id).value();
    }
    std::vector<json> refunds() { return all_told("refund_ordered.v1"); }

    security::Identity chorale_;
    net::Response answer_;
    int sent_ = 0;
    int votes_ = 0;
    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
    const rules::Recurrence saturday = single("2026-12-05", "09:00", "12:00");
};

// R-29, R-26
TEST_F(Charges, quote_and_request__have_what_the_vote_adds_line_by_line) {
    const auto told = quote(evening, json::array());
    EXPECT_EQ(told["price"]["total"]["amount"], 1'150);
    const auto& added = told["price"]["lines"][0]["supplements"][0];
    EXPECT_EQ(added["kind"], "heating");
    EXPECT_EQ(added["amount"]["amount"], 150);
    EXPECT_EQ(told["extras_offered"].size(), 2U);
    auto what = body(evening);
    what["quote_id"] = told["quote_id"];
    const auto made = submit(what);
    ASSERT_EQ(answer_.status, 201) << answer_.body;
    EXPECT_EQ(made["price"], told["price"]);
    const auto submitted = this->told(made["id"].get<std::string>(), "booking_submitted.v1");
    EXPECT_EQ(submitted["price"]["lines"], told["price"]["lines"]);
}

// S90
TEST_F(Charges, price__is_frozen_at_request_with_its_vote) {
    const auto made = asked("chorale", whole("R"), evening);
    const auto tariff = made.price->lines.at(0).tariff_id;
    vote_rules([](rules::TariffVersion& grid) {
        for (auto& line : grid.lines)
            line.amount = line.amount * 3;
    });
    ASSERT_TRUE(accept(made));
    const auto told = this->told(made.id.str(), "booking_accepted.v1");
    EXPECT_EQ(told["price"]["total_amount"], 1'150) << "an order of 11.50 €";
    EXPECT_EQ(told["price"]["tariff_id"], tariff);
    EXPECT_EQ(stored(made.id)->price->lines.at(0).tariff_id, tariff);
    // Negative control: who asks now pays by the new vote.
    EXPECT_EQ(
        asked("chorale", whole("R"), single("2026-12-02", "18:00", "20:00")).price->total.value,
        3'450);
}

// S91
TEST_F(Charges, future_vote__holds_for_dates_from_its_day_on_if_it_is_voted) {
    const auto dearer = [](const char* voted_on) {
        return [voted_on](rules::TariffVersion& grid) {
            grid.voted_on = day(voted_on);
            grid.executory_from = day("2026-12-01");
            for (auto& line : grid.lines)
                line.amount = line.amount * 2;
        };
    };
    vote_rules(dearer("2026-10-02"));
    EXPECT_EQ(quote(evening, json::array())["price"]["total"]["amount"], 1'150)
        << "not voted yet: by the date of the request";
    vote_rules(dearer("2026-10-01"));
    EXPECT_EQ(quote(evening, json::array())["price"]["total"]["amount"], 2'300)
        << "voted: by the slot's date";
    EXPECT_EQ(
        quote(single("2026-11-30", "18:00", "20:00"), json::array())["price"]["total"]["amount"],
        1'150);
}

TEST_F(Charges, extras__are_priced_quoted_frozen_and_told) {
    const json chosen = {{{"code", "sono"}, {"count", 1}}, {{"code", "technicien"}, {"count", 2}}};
    const auto told = quote(evening, chosen);
    ASSERT_EQ(answer_.status, 200) << answer_.body;
    EXPECT_EQ(told["price"]["total"]["amount"], 1'150 + 3'000 + 4 * 3'200);
    EXPECT_EQ(told["price"]["lines"][1]["label"], "Sonorisation");
    EXPECT_EQ(told["price"]["deposits"],
              json({{{"code", "sono"},
                     {"label", "Sonorisation"},
                     {"amount", {{"amount", 25'000}, {"currency", "EUR"}}}}}));
    auto what = body(evening, chosen);
    what["quote_id"] = told["quote_id"];
    const auto made = submit(what);
    ASSERT_EQ(answer_.status, 201) << answer_.body;
    EXPECT_EQ(made["price"], told["price"]);
    ASSERT_TRUE(accept(stored_of(made)));
    const auto accepted = this->told(made["id"].get<std::string>(), "booking_accepted.v1");
    EXPECT_EQ(accepted["price"]["lines"].size(), 3U);
    EXPECT_EQ(accepted["price"]["total_amount"], told["price"]["total"]["amount"]);
}

TEST_F(Charges, quote__holds_for_its_extras_only) {
    const auto plain = quote(evening, json::array());
    auto what = body(evening, {{{"code", "sono"}}});
    what["quote_id"] = plain["quote_id"];
    const auto refused = submit(what);
    EXPECT_EQ(refused["code"], "price_changed");
    EXPECT_EQ(refused["quote"]["price"]["total"]["amount"], 4'150);
    what["quote_id"] = refused["quote"]["quote_id"];
    submit(what);
    EXPECT_EQ(answer_.status, 201) << answer_.body;
}

// S92
TEST_F(Charges, own_price_unknown_extra_or_negative_number__is_refused_by_its_field) {
    const auto pointer = [&](const std::string& member, const json& value) {
        auto what = body(evening);
        what[member] = value;
        const auto refused = submit(what);
        EXPECT_EQ(answer_.status, 422) << answer_.body;
        return refused["errors"].empty() ? "" : refused["errors"][0]["pointer"].get<std::string>();
    };
    EXPECT_EQ(pointer("price", 0), "/price");
    EXPECT_EQ(pointer("price", -5), "/price");
    EXPECT_EQ(pointer("currency", "XXX"), "/currency");
    EXPECT_EQ(pointer("total", {{"amount", 1}}), "/total");
    EXPECT_EQ(pointer("extras", {{{"code", "piano"}, {"count", 1}}}), "/extras/0/code");
    EXPECT_EQ(pointer("extras", {{{"code", "sono"}, {"count", -1}}}), "/extras/0/count");
    EXPECT_EQ(pointer("extras", {{{"code", "sono"}, {"count", 2}}}), "/extras/0/count");
    EXPECT_EQ(pointer("extras", {{{"code", "technicien"}, {"count", "two"}}}), "/extras/0/count");
    EXPECT_EQ(pointer("extras", {{{"count", 1}}}), "/extras/0/code");
    EXPECT_EQ(pointer("extras", "sono"), "/extras");
    EXPECT_EQ(pointer("extras", json(std::vector<json>(21, {{"code", "sono"}}))), "/extras");
    EXPECT_EQ(quote(evening, {{{"code", "piano"}}})["errors"][0]["pointer"], "/extras/0/code");
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking"), 0);
    // An unknown extra is named even where a quote would have refused it for another price.
    auto what = body(evening, {{{"code", "piano"}}});
    what["quote_id"] = quote(evening, json::array())["quote_id"];
    EXPECT_EQ(submit(what)["errors"][0]["pointer"], "/extras/0/code");
}

// R-22, R-23
TEST_F(Charges, deposit_and_down_payment__are_frozen_with_the_request) {
    rules::Recurrence feast = single("2026-12-05", "09:00", "22:00");
    feast.kind = rules::RecurrenceKind::dates;
    feast.dates = {day("2026-12-05"), day("2026-12-06")};
    vote_rules([](rules::TariffVersion& grid) {
        for (auto& line : grid.lines)
            line.amount = line.amount * 10;
    });
    const auto made = asked("chorale", whole("R"), feast);
    EXPECT_EQ(made.price->total.value, 46'000) << "weekend 400.00 and 15 % for heating";
    EXPECT_EQ(stored(made.id)->price->deposits,
              (std::vector<rules::DepositDue>{{"weekend", "", {30'000}}}));
    EXPECT_EQ(stored(made.id)->price->down_payment,
              (rules::DownPaymentDue{{13'800}, {32'200}, day("2026-11-05")}));
    // Who pays by mandat after an invoice pays no part before.
    ASSERT_TRUE(withdraw(made, "chorale"));
    EXPECT_FALSE(asked("tatamis", whole("R"), feast).price->down_payment);
}

// R-28
TEST_F(Charges, free_use__once_a_school_year_for_each_kind_of_day) {
    grant(1, 1);
    const auto one = asked("chorale", whole("R"), evening);
    EXPECT_EQ(one.price->total.value, 0);
    EXPECT_EQ(one.payment, "none");
    EXPECT_EQ(one.price->lines.at(0).kind, rules::LineKind::free_use);
    EXPECT_EQ(one.price->reference.value, 1'150);
    const auto two = asked("chorale", whole("R"), single("2026-12-02", "18:00", "20:00"));
    EXPECT_EQ(two.price->total.value, 1'150) << "the one of a weekday is had";
    EXPECT_EQ(asked("chorale", whole("R"), saturday).price->total.value, 0);
    EXPECT_EQ(
        asked("chorale", whole("R"), single("2026-12-12", "09:00", "12:00")).price->total.value,
        1'725);
    const auto forgotten = database_->transact([](db::Session& session) -> base::Result<bool> {
        session.sql() << "UPDATE free_use SET school_year = 2025";
        return true;
    });
    ASSERT_TRUE(forgotten);
    EXPECT_EQ(
        asked("chorale", whole("R"), single("2026-12-10", "18:00", "20:00")).price->total.value, 0)
        << "what was had in another school year does not count";
    EXPECT_EQ(
        asked("jeunes", whole("R"), single("2026-12-03", "18:00", "20:00")).price->total.value, 0)
        << "another association";
    const auto series = weekly("tue", "2027-01-05", "2027-01-19", "18:00", "20:00");
    EXPECT_EQ(asked("volley", whole("R"), series).price->total.value, 3'450) << "a series is none";
    affiliate("college", 'A');
    EXPECT_FALSE(
        asked("college", whole("R"), single("2026-12-04", "10:00", "11:00")).price->free_use)
        << "who pays nothing anyway uses none up";
}

TEST_F(Charges, free_use__comes_back_when_it_was_not_had) {
    grant(1, 0);
    const auto refused = asked("chorale", whole("R"), evening);
    ASSERT_TRUE(refuse(refused));
    const auto again = asked("chorale", whole("R"), evening);
    EXPECT_EQ(again.price->total.value, 0);
    // The first one cannot be reopened while the second lives: its time and its favour are had.
    ASSERT_TRUE(withdraw(again, "chorale"));
    const auto elsewhere = asked("chorale", whole("R"), single("2026-12-02", "18:00", "20:00"));
    EXPECT_EQ(elsewhere.price->total.value, 0);
    EXPECT_EQ(code_of(reopen(stored(refused.id).value())), "price_changed");
    ASSERT_TRUE(withdraw(elsewhere, "chorale"));
    EXPECT_EQ(code_of(reopen(stored(refused.id).value())), "ok");
}

TEST_F(Charges, free_use__counts_while_its_refusal_can_be_taken_back) {
    grant(1, 0);
    settings_.undo_window_s = 10;
    configure(settings_);
    const auto one = asked("chorale", whole("R"), evening);
    ASSERT_TRUE(refuse(one));
    EXPECT_EQ(
        asked("chorale", whole("R"), single("2026-12-02", "18:00", "20:00")).price->total.value,
        1'150);
}

TEST_F(Charges, quote_of_a_free_use__is_changed_when_it_was_had_meanwhile) {
    grant(1, 0);
    const auto told = quote(evening, json::array());
    EXPECT_EQ(told["price"]["total"]["amount"], 0);
    EXPECT_EQ(told["price"]["free_use"]["of"], 1);
    EXPECT_FALSE(told["ground_needed"]);
    asked("chorale", whole("R"), single("2026-12-02", "18:00", "20:00"));
    auto what = body(evening);
    what["quote_id"] = told["quote_id"];
    const auto refused = submit(what);
    EXPECT_EQ(refused["code"], "price_changed");
    EXPECT_EQ(refused["quote"]["price"]["total"]["amount"], 1'150);
}

TEST_F(Charges, free_use_with_extras__costs_the_extras) {
    grant(1, 0);
    const auto made = submit(body(evening, {{{"code", "sono"}}}));
    ASSERT_EQ(answer_.status, 201) << answer_.body;
    EXPECT_EQ(made["price"]["total"]["amount"], 3'000);
    EXPECT_EQ(made["price"]["reference"]["amount"], 4'150);
    EXPECT_EQ(made["requirement"]["payment"], "before");
}

TEST_F(Charges, free_uses__hold_under_parallel_requests) {
    grant(1, 0);
    for (int round = 0; round < 8; ++round) {
        const auto organisation = "club " + std::to_string(round);
        affiliate(organisation, 'C');
        std::vector<Outcome<Booking>> made(5, booking::refuse("not_tried"));
        std::barrier start(5);
        db::test::Crew crew;
        for (int i = 0; i < 5; ++i) {
            crew.add([&, i] {
                const auto date = (day("2026-11-16") + 7 * round).iso();
                const auto from = std::to_string(10 + 2 * i) + ":00";
                const auto until = std::to_string(12 + 2 * i) + ":00";
                start.arrive_and_wait();
                made[static_cast<std::size_t>(i)] =
                    ask(organisation, whole("R"), single(date, from, until));
            });
        }
        crew.join();
        int free = 0;
        for (const auto& one : made) {
            ASSERT_TRUE(one) << code_of(one);
            free += one->price->total.value == 0 ? 1 : 0;
        }
        EXPECT_EQ(free, 1) << "round " << round;
    }
}

// S94
TEST_F(Charges, zero_price__has_ground_and_author) {
    grant(1, 0);
    const auto free = asked("chorale", whole("R"), evening);
    const auto accepted = accept(free);
    ASSERT_TRUE(accepted) << code_of(accepted);
    EXPECT_EQ(accepted->free_ground, "free_use");
    EXPECT_EQ(accepted->decision->by, manager().id);
    EXPECT_EQ(told(free.id.str(), "booking_accepted.v1")["requirement"]["payment"], "none");
    // Without any ground: the manager has to name one, and it is kept with his name.
    affiliate("inconnus", 'A');
    const auto other = asked("inconnus", whole("R"), single("2026-12-02", "18:00", "20:00"));
    EXPECT_EQ(code_of(accept(other)), "ground_required");
    const auto named = store_->transact([&](Tx& tx) {
        return desk_->accept(tx, manager(), other.id, other.version, "Kermesse du collège");
    });
    ASSERT_TRUE(named) << code_of(named);
    EXPECT_EQ(stored(other.id)->free_ground, "Kermesse du collège");
    EXPECT_EQ(stored(other.id)->decision->by, manager().id);
}

// S93
TEST_F(Charges, tax__adds_up_in_the_price_that_is_told) {
    vote_rules([](rules::TariffVersion& grid) {
        for (auto& line : grid.lines)
            line.vat = {2'000, "TVA 20 %"};
    });
    const auto price = quote(single("2026-12-01", "18:00", "19:45"), {{{"code", "sono"}}})["price"];
    std::int64_t sum = 0;
    for (const auto& share : price["vat"])
        sum +=
            share["net"]["amount"].get<std::int64_t>() + share["tax"]["amount"].get<std::int64_t>();
    EXPECT_EQ(price["vat"].size(), 2U);
    EXPECT_EQ(sum, price["total"]["amount"]);
    EXPECT_EQ(price["lines"][0]["vat"]["note"], "TVA 20 %");
    EXPECT_EQ(price["lines"][1]["vat"]["note"], "TVA non applicable, art. 256 B du CGI");
}

// S108, R-16
TEST_F(Charges, slot_let_again__gives_the_rest_back_once) {
    const auto first = paid("chorale", evening);
    business_.set(instant("2026-11-20 09:00"));  // 11 days before: half
    ASSERT_TRUE(cancel(first, president("chorale")));
    ASSERT_EQ(refunds().size(), 1U);
    EXPECT_EQ(refunds()[0]["amount"], 575);
    affiliate("chorale 2", 'C');
    const auto second = booked("chorale 2", whole("R"), evening);
    EXPECT_EQ(refunds().size(), 1U) << "accepted is not let again yet";
    payment_tells(second, "paid");
    ASSERT_EQ(refunds().size(), 2U);
    EXPECT_EQ(refunds()[1]["amount"], 575);
    EXPECT_EQ(refunds()[1]["reason"], "relet");
    EXPECT_EQ(refunds()[1]["booking_id"], first.id.str());
    // Given up and let a third time: nothing is left of the first.
    ASSERT_TRUE(cancel(stored(second.id).value(), president("chorale 2")));
    EXPECT_EQ(refunds().size(), 3U);
    booked("volley", whole("R"), evening);
    ASSERT_EQ(refunds().size(), 4U);
    EXPECT_EQ(refunds()[3]["booking_id"], second.id.str());
    std::int64_t of_first = 0;
    for (const auto& one : refunds()) {
        if (one["booking_id"] == first.id.str()) of_first += one["amount"].get<std::int64_t>();
    }
    EXPECT_EQ(of_first, first.price->total.value);
}

TEST_F(Charges, slots_of_a_series_let_again__count_date_by_date) {
    const auto first = paid("chorale", weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00"));
    business_.set(instant("2026-11-28 09:00"));  // 3, 10 and 17 days: none, half, all
    ASSERT_TRUE(cancel(first, president("chorale")));
    EXPECT_EQ(refunds().back()["amount"], 575 + 1'150);
    booked("volley", whole("R"), single("2026-12-01", "17:00", "21:00"));
    ASSERT_EQ(refunds().size(), 2U);
    EXPECT_EQ(refunds().back()["amount"], 1'150) << "a longer booking covers it";
    booked("volley", whole("R"), single("2026-12-08", "18:00", "19:00"));
    booked("volley", whole("R"), single("2026-12-15", "18:00", "20:00"));
    EXPECT_EQ(refunds().size(), 2U)
        << "a part of the time is not the slot; the third was given back";
}

TEST_F(Charges, slot_let_again__only_with_all_its_parts) {
    const auto gym = booked("chorale", whole("G"), evening);
    payment_tells(gym, "paid");
    business_.set(instant("2026-11-30 09:00"));
    ASSERT_TRUE(cancel(stored(gym.id).value(), president("chorale")));
    EXPECT_TRUE(refunds().empty());
    booked("volley", part("G", 1), evening);
    EXPECT_TRUE(refunds().empty()) << "a third is not the gym";
    const auto third = booked("chorale", part("G", 2), evening);
    payment_tells(third, "paid");
    ASSERT_TRUE(cancel(stored(third.id).value(), president("chorale")));
    booked("tatamis", part("G", 2), evening);
    ASSERT_EQ(refunds().size(), 1U);
    EXPECT_EQ(refunds()[0]["booking_id"], third.id.str());
}

// S108
TEST_F(Charges, unpaid_or_free_booking__gets_nothing_back_when_its_slot_is_let_again) {
    const auto unpaid = booked("chorale", whole("R"), evening);
    ASSERT_TRUE(cancel(unpaid, president("chorale")));
    booked("volley", whole("R"), evening);
    EXPECT_TRUE(refunds().empty());
    EXPECT_EQ(count("SELECT COUNT(*) FROM relet_claim"), 0);
}

TEST_F(Charges, cancellation_terms__are_those_of_the_request) {
    const auto one = paid("chorale", evening);
    settings_.cancellation = {{{90, false, 100}}, 3};
    configure(settings_);
    const auto later = paid("chorale", single("2026-12-02", "18:00", "20:00"));
    business_.set(instant("2026-11-10 09:00"));  // 21 and 22 days before
    ASSERT_TRUE(cancel(one, president("chorale")));
    EXPECT_EQ(refunds().back()["amount"], 1'150);
    ASSERT_TRUE(cancel(later, president("chorale")));
    EXPECT_EQ(refunds().size(), 1U) << "its own terms give nothing";
    const auto answer = call(Method::get, "/v1/bookings/" + later.id.str(), "", chorale_);
    EXPECT_EQ(json::parse(answer.body)["terms"]["cancellation"]["steps"][0]["ahead"], 90);
}

}  // namespace
}  // namespace preau::booking::test
