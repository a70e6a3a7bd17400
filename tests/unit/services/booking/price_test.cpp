// What a request costs: the quote, the price that is frozen with it, and what is never believed.

#include "services/booking/domain/deadlines.hpp"
#include "services/booking/jobs/timers.hpp"
#include "shared/wire/tariff.hpp"
#include "shared/wire/when.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using net::Method;
using nlohmann::json;

class Price : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        affiliate("chorale", 'C');
        chorale_ = identity_of(president("chorale"));
    }

    json body(const rules::Recurrence& when) const {
        return {{"organisation_id", club("chorale").str()},
                {"offer_id", whole("R").str()},
                {"when", wire::to_json(when)},
                {"purpose", "Répétition"},
                {"headcount", 12},
                {"terms_version", "2026-1"},
                {"terms_accepted", true},
                {"on_conflict", "skip"}};
    }
    json submit(const json& what) {
        answer_ = call(Method::post, "/v1/bookings", what.dump(), chorale_,
                       "key-" + std::to_string(10'000 + ++sent_));
        return json::parse(answer_.body);
    }
    json quote(const rules::Recurrence& when) { return quoted("chorale", whole("R"), when); }
    json submit_with(const json& quote_id, const rules::Recurrence& when) {
        auto what = body(when);
        what["quote_id"] = quote_id;
        return submit(what);
    }

    security::Identity chorale_;
    net::Response answer_;
    int sent_ = 0;
    const rules::Recurrence evening = single("2026-12-01", "18:00", "20:00");
    const rules::Recurrence tuesdays = weekly("tue", "2026-12-01", "2026-12-15", "18:00", "20:00");
};

TEST_F(Price, quote_and_request__have_the_price_of_the_rules) {
    booked("volley", whole("R"), single("2026-12-08", "18:00", "20:00"));
    const auto told = quote(tuesdays);
    EXPECT_EQ(told["free_count"], 2);
    EXPECT_EQ(told["price"]["total"], wire::money({2'000}));  // two dates of two hours at 5 €
    EXPECT_EQ(told["price"]["lines"][0]["dates"], json({"2026-12-01", "2026-12-15"}));
    EXPECT_EQ(told["requirement"]["payment"], "before");
    EXPECT_EQ(told["valid_until"], "2026-10-31T08:00:00+01:00");
    const auto made = submit(body(tuesdays));
    ASSERT_EQ(answer_.status, 201) << answer_.body;
    EXPECT_EQ(made["price"], told["price"]);
    EXPECT_EQ(made["requirement"]["payment"], "before");
    const auto submitted = this->told(made["id"].get<std::string>(), "booking_submitted.v1");
    EXPECT_EQ(submitted["price"]["total_amount"], 2'000);
    EXPECT_EQ(submitted["price"]["lines"], told["price"]["lines"]);
    EXPECT_EQ(submitted["space_name"], "Salle R");
}

// S92
TEST_F(Price, price_that_the_caller_sends__is_refused_and_his_category_ignored) {
    auto what = body(evening);
    what["price"] = {{"total", {{"amount", 1}, {"currency", "EUR"}}}};
    what["amount"] = 1;
    const auto refused = submit(what);
    EXPECT_EQ(answer_.status, 422);
    EXPECT_EQ(refused["errors"][0]["pointer"], "/price");
    EXPECT_EQ(refused["errors"][1]["pointer"], "/amount");
    what.erase("price");
    what.erase("amount");
    what["category"] = "A";
    what["requirement"] = {{"payment", "none"}};
    const auto made = submit(what);
    ASSERT_EQ(answer_.status, 201) << answer_.body;
    EXPECT_EQ(made["price"]["total"]["amount"], 1'000);
    EXPECT_EQ(made["category"], "C");
    EXPECT_EQ(made["requirement"]["payment"], "before");
}

TEST_F(Price, quote__is_kept_against_a_later_vote) {
    const auto told = quote(evening);
    vote("isere 2", 900, "2026-10-01", "2026-10-01");
    const auto made = submit_with(told["quote_id"], evening);
    ASSERT_EQ(answer_.status, 201) << answer_.body;
    EXPECT_EQ(made["price"]["total"]["amount"], 1'000);
    const auto submitted = this->told(made["id"].get<std::string>(), "booking_submitted.v1");
    EXPECT_EQ(submitted["quote_id"], told["quote_id"]);
    // Negative control: without the quote the new vote holds.
    EXPECT_EQ(submit(body(single("2026-12-02", "18:00", "20:00")))["price"]["total"]["amount"],
              1'800);
}

TEST_F(Price, quote_that_is_over__answers_with_a_new_one) {
    const auto told = quote(evening);
    business_.set(business_.now() + 30 * 86'400);
    vote("isere 2", 900, "2026-10-01", "2026-10-01");
    const auto refused = submit_with(told["quote_id"], evening);
    EXPECT_EQ(answer_.status, 409);
    ASSERT_EQ(refused["code"], "price_changed");
    EXPECT_EQ(refused["errors"][0]["pointer"], "/quote_id");
    EXPECT_EQ(refused["quote"]["price"]["total"]["amount"], 1'800);
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking"), 0);
    const auto made = submit_with(refused["quote"]["quote_id"], evening);
    ASSERT_EQ(answer_.status, 201) << answer_.body;
    EXPECT_EQ(made["price"]["total"]["amount"], 1'800);
}

TEST_F(Price, quote_a_second_before_its_end__still_holds) {
    const auto told = quote(evening);
    business_.set(business_.now() + 30 * 86'400 + -1);
    submit_with(told["quote_id"], evening);
    EXPECT_EQ(answer_.status, 201) << answer_.body;
}

TEST_F(Price, quote_of_other_dates_hirer_or_category__is_changed) {
    const auto told = quote(tuesdays);
    EXPECT_EQ(submit_with(told["quote_id"], evening)["code"], "price_changed");
    // A date that was free when the price was told is not any more.
    const auto taken = booked("volley", whole("R"), single("2026-12-08", "18:00", "20:00"));
    const auto fewer = submit_with(told["quote_id"], tuesdays);
    EXPECT_EQ(fewer["code"], "price_changed");
    EXPECT_EQ(fewer["quote"]["price"]["total"]["amount"], 2'000);
    ASSERT_TRUE(cancel(taken, president("volley")));
    const auto theirs = quoted("volley", whole("R"), tuesdays);
    EXPECT_EQ(submit_with(theirs["quote_id"], tuesdays)["code"], "price_changed");
    affiliate("chorale", 'E');
    EXPECT_EQ(submit_with(told["quote_id"], tuesdays)["code"], "price_changed");
    affiliate("chorale", 'C');
    submit_with(told["quote_id"], tuesdays);
    EXPECT_EQ(answer_.status, 201) << answer_.body;
}

TEST_F(Price, quote_id_that_is_none__is_told_by_its_field) {
    EXPECT_EQ(submit_with("tomorrow", evening)["errors"][0]["pointer"], "/quote_id");
    EXPECT_EQ(submit_with(base::QuoteId::make().str(), evening)["code"], "price_changed");
    submit_with(nullptr, evening);
    EXPECT_EQ(answer_.status, 201) << answer_.body;
}

TEST_F(Price, same_question_within_a_day__is_the_same_quote) {
    const auto one = quote(evening);
    EXPECT_EQ(quote(evening)["quote_id"], one["quote_id"]);
    EXPECT_EQ(count("SELECT COUNT(*) FROM price_quote"), 1);
    business_.set(business_.now() + 86'400);
    EXPECT_NE(quote(evening)["quote_id"], one["quote_id"]);
    vote("isere 2", 900, "2026-10-01", "2026-10-01");
    EXPECT_EQ(quote(evening)["price"]["total"]["amount"], 1'800);
    EXPECT_EQ(count("SELECT COUNT(*) FROM price_quote"), 3);
    prune_quotes(*store_, *desk_);
    EXPECT_EQ(count("SELECT COUNT(*) FROM price_quote"), 3);
    business_.set(business_.now() + 30 * 86'400);
    prune_quotes(*store_, *desk_);
    EXPECT_EQ(count("SELECT COUNT(*) FROM price_quote"), 0);
}

TEST_F(Price, room_without_tariff__has_no_price_and_is_refused) {
    forget_votes();
    const auto told = quote(evening);
    EXPECT_TRUE(told["price"].is_null());
    EXPECT_TRUE(told["quote_id"].is_null());
    EXPECT_EQ(told["price_problem"], "no_tariff");
    EXPECT_EQ(submit(body(evening))["code"], "no_tariff");
    EXPECT_EQ(answer_.status, 409);
    // Category A is free with or without a grid.
    affiliate("chorale", 'A');
    const auto made = submit(body(evening));
    ASSERT_EQ(answer_.status, 201) << answer_.body;
    EXPECT_EQ(made["price"]["total"]["amount"], 0);
    EXPECT_TRUE(made["price"]["tariff_id"].is_null());
    EXPECT_EQ(made["requirement"]["payment"], "none");
}

TEST_F(Price, amount_that_cannot_be_paid__is_refused) {
    for (const std::int64_t hour : {24, 50'000'000}) {
        forget_votes();
        vote("odd " + std::to_string(hour), hour);
        EXPECT_EQ(quote(evening)["price_problem"], "amount_out_of_range");
        EXPECT_EQ(submit(body(evening))["code"], "amount_out_of_range");
        EXPECT_EQ(answer_.status, 422);
    }
    for (const std::int64_t hour : {25, 49'999'999}) {
        forget_votes();
        vote("edge " + std::to_string(hour), hour);
        const auto made = submit(body(evening));
        ASSERT_EQ(answer_.status, 201) << answer_.body;
        EXPECT_EQ(made["price"]["total"]["amount"], 2 * hour);
        const auto id = base::BookingId::trusted(made["id"].get<std::string>());
        ASSERT_TRUE(withdraw(stored(id).value(), "chorale"));
    }
}

// R-27
TEST_F(Price, vote__is_that_of_the_slots_date_and_of_the_establishment_first) {
    vote("from January", 700, "2027-01-01");
    vote("of Vercors", 300, "2026-12-10", "2026-06-26", "vercors");
    const auto series = weekly("tue", "2026-12-01", "2027-01-12", "18:00", "20:00");
    auto price = quote(series)["price"];
    ASSERT_EQ(price["lines"].size(), 2U);
    EXPECT_EQ(price["lines"][0]["unit_price"]["amount"], 500);  // 1 and 8 December
    EXPECT_EQ(price["lines"][1]["unit_price"]["amount"], 300);  // the college's own from then on
    EXPECT_EQ(price["total"]["amount"], 2 * 1'000 + 5 * 600);
    add_room("elsewhere", {.establishment = "stendhal"});
    price = quoted("chorale", whole("elsewhere"), series)["price"];
    EXPECT_EQ(price["lines"][1]["unit_price"]["amount"], 700);
    EXPECT_EQ(price["total"]["amount"], 5 * 1'000 + 2 * 1'400);
}

TEST_F(Price, late_acceptance__costs_only_the_dates_that_are_left) {
    const auto made = asked("chorale", whole("R"), tuesdays);
    EXPECT_EQ(made.price->total.value, 3'000);
    business_.set(instant("2026-12-02 09:00"));
    const auto accepted = accept(made);
    ASSERT_TRUE(accepted) << code_of(accepted);
    EXPECT_EQ(accepted->price->total.value, 2'000);
    EXPECT_EQ(stored(made.id)->price->total.value, 2'000);
    EXPECT_EQ(told(made.id.str(), "booking_accepted.v1")["price"]["total_amount"], 2'000);
}

TEST_F(Price, zero_price_of_any_category__needs_its_ground) {
    forget_votes();
    vote("free", 0);
    EXPECT_TRUE(quote(evening)["ground_needed"]);
    const auto made = asked("chorale", whole("R"), evening);
    EXPECT_EQ(made.payment, "none");
    EXPECT_EQ(code_of(accept(made)), "ground_required");
}

TEST_F(Price, import__keeps_the_price_for_the_record_and_asks_for_no_money) {
    ImportRequest request;
    request.id = base::BookingId::make();
    request.organisation = club("chorale");
    request.offer = whole("R");
    request.requester = "service:booking";
    request.when = evening;
    request.purpose = "Ancien calendrier";
    const auto one = store_->transact([&](Tx& tx) { return desk_->import_booking(tx, request); });
    ASSERT_TRUE(one) << code_of(one);
    EXPECT_EQ(one->state, State::confirmed);
    EXPECT_EQ(one->price->total.value, 1'000);
    EXPECT_EQ(one->payment, "none");
    request.id = base::BookingId::make();
    request.when = single("2026-12-02", "18:00", "20:00");
    request.pending = true;
    const auto two = store_->transact([&](Tx& tx) { return desk_->import_booking(tx, request); });
    ASSERT_TRUE(two) << code_of(two);
    EXPECT_EQ(two->payment, "before");
}

TEST(PayDeadline, bounds__week_first_date_and_thirty_five_minutes) {
    const auto now = instant("2026-10-01 09:00");
    const auto later = instant("2026-12-01 18:00");
    EXPECT_EQ(pay_deadline(now, false, 7, later), now + 7 * 86'400);
    EXPECT_EQ(pay_deadline(now, false, 7, now + 86'400), now + 86'400);
    EXPECT_EQ(pay_deadline(now, false, 7, now + 60), now + 2'100);
    EXPECT_EQ(pay_deadline(now, true, 7, later), now + 2'100);
}

}  // namespace
}  // namespace preau::booking::test
