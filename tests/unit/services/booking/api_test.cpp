// The operations as a program meets them: keys, problems, cursors, who may see what.

#include <set>
#include <utility>

#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using net::Method;
using nlohmann::json;

class Api : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        club_ = identity_of(president("tatamis"));
        manager_ = identity_of(manager());
    }

    json body(const std::string& date = "2026-12-01", const std::string& room = "R") const {
        return {
            {"organisation_id", club("tatamis").str()},
            {"offer_id", whole(room).str()},
            {"when",
             {{"kind", "single"}, {"date", date}, {"start_time", "18:00"}, {"end_time", "20:00"}}},
            {"purpose", "Entraînement de judo"},
            {"headcount", 12},
            {"terms_version", "2026-1"},
            {"terms_accepted", true},
            {"on_conflict", "fail"}};
    }

    net::Response submit(const json& what, const std::string& key) {
        return call(Method::post, "/v1/bookings", what.dump(), club_, key);
    }

    static json parsed(const net::Response& response) { return json::parse(response.body); }
    static std::string pointers(const net::Response& response) {
        return parsed(response).value("errors", json::array()).dump();
    }

    security::Identity club_;
    security::Identity manager_;
};

// S25
TEST_F(Api, same_key_and_body__gives_the_same_answer_and_one_booking) {
    const auto first = submit(body(), "key-00000001");
    const auto second = submit(body(), "key-00000001");
    ASSERT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(first.body, second.body);
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking"), 1);
}

TEST_F(Api, same_key_other_body__is_a_mismatch) {
    submit(body(), "key-00000001");
    const auto other = submit(body("2026-12-02"), "key-00000001");
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(parsed(other)["code"], "idempotency_mismatch");
}

// S27: what was refused is not kept against the key.
TEST_F(Api, refused_request__may_be_sent_again_with_its_key) {
    const auto other = booked("volley", whole("R"), single("2026-12-01", "18:00", "20:00"));
    const auto refused = submit(body(), "key-00000001");
    ASSERT_EQ(refused.status, 409);
    ASSERT_TRUE(cancel(other, president("volley")));
    EXPECT_EQ(submit(body(), "key-00000001").status, 201);
}

/// Loses the answer of a COMMIT once: after it was done, or before it was.
class LossyStore final : public SqlStore {
public:
    using SqlStore::SqlStore;
    enum class Lose { nothing, done, undone } lose = Lose::nothing;

protected:
    std::optional<base::Error> run_write(const Step& step) override {
        const auto what = std::exchange(lose, Lose::nothing);
        if (what != Lose::undone) {
            if (auto failed = SqlStore::run_write(step)) return failed;
        }
        if (what == Lose::nothing) return std::nullopt;
        return base::Error{"overloaded", "unknown_outcome", {}};
    }
};

TEST_F(Api, lost_answer_of_the_commit__is_looked_up_by_key) {
    using Lose = LossyStore::Lose;
    int at = 0;
    for (const auto lose : {Lose::done, Lose::undone}) {
        auto lossy = std::make_unique<LossyStore>(*database_, machine_, nullptr);
        lossy->lose = lose;
        store_ = std::move(lossy);
        configure(settings_);
        const std::string number = std::to_string(++at);
        EXPECT_EQ(submit(body("2026-12-0" + number), "key-0000000" + number).status, 201);
        EXPECT_EQ(count("SELECT COUNT(*) FROM booking"), at);
    }
}

TEST_F(Api, no_key__is_refused) {
    const auto bare = submit(body(), "");
    EXPECT_EQ(bare.status, 400);
    EXPECT_EQ(parsed(bare)["code"], "idempotency_key_required");
    EXPECT_EQ(submit(body(), "short").status, 400);
}

// S28
TEST_F(Api, second_click_with_another_key__is_a_duplicate) {
    EXPECT_EQ(submit(body(), "key-00000001").status, 201);
    const auto second = submit(body(), "key-00000002");
    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(parsed(second)["code"], "duplicate");
}

// S06
TEST_F(Api, absurd_intervals__are_refused_with_the_field) {
    auto wrong = body();
    wrong["when"]["end_time"] = "18:00";
    const auto zero = submit(wrong, "key-00000001");
    EXPECT_EQ(zero.status, 422) << zero.body;
    EXPECT_NE(pointers(zero).find("/when"), std::string::npos) << zero.body;
    wrong["when"]["end_time"] = "17:00";
    EXPECT_EQ(submit(wrong, "key-00000002").status, 422);
    wrong = body("9999-12-01");
    EXPECT_EQ(submit(wrong, "key-00000003").status, 422);
    wrong["when"] = "tomorrow";
    EXPECT_EQ(submit(wrong, "key-00000004").status, 422);
    EXPECT_EQ(count("SELECT COUNT(*) FROM booking"), 0);
}

TEST_F(Api, several_wrong_fields__are_all_named_at_once) {
    auto wrong = body();
    wrong.erase("purpose");
    wrong["headcount"] = 0;
    wrong["offer_id"] = "nonsense";
    const auto refused = submit(wrong, "key-00000001");
    EXPECT_EQ(refused.status, 422);
    for (const auto* pointer : {"/purpose", "/headcount", "/offer_id"}) {
        EXPECT_NE(pointers(refused).find(pointer), std::string::npos) << pointer;
    }
}

TEST_F(Api, overlap__lists_the_dates_and_never_the_other_party) {
    const auto other = booked("volley", whole("R"), single("2026-12-01", "18:00", "20:00"));
    const auto refused = submit(body(), "key-00000001");
    ASSERT_EQ(refused.status, 409);
    const auto answer = parsed(refused);
    EXPECT_EQ(answer["code"], "overlap");
    ASSERT_EQ(answer["conflicts"].size(), 1U);
    EXPECT_EQ(answer["conflicts"][0]["date"], "2026-12-01");
    EXPECT_EQ(answer["conflicts"][0]["state"], "taken");
    EXPECT_EQ(refused.body.find(other.id.str()), std::string::npos);
    EXPECT_EQ(refused.body.find(club("volley").str()), std::string::npos);
}

// S85
TEST_F(Api, refusal_without_reason__names_the_fields) {
    const auto made = parsed(submit(body(), "key-00000001"));
    const std::string path = "/v1/bookings/" + made["id"].get<std::string>() + "/refuse";
    const auto bare = call(Method::post, path, R"({"version":1})", manager_, "key-00000002");
    EXPECT_EQ(bare.status, 422);
    EXPECT_EQ(parsed(bare)["code"], "reason_required");
    EXPECT_NE(pointers(bare).find("/reason_code"), std::string::npos);
    const auto odd =
        call(Method::post, path, R"({"version":1,"reason_code":"rain","reason_text":"Il pleut."})",
             manager_, "key-00000003");
    EXPECT_EQ(odd.status, 422);
    const auto good = call(Method::post, path,
                           R"({"version":1,"reason_code":"no_staff","reason_text":"Personne."})",
                           manager_, "key-00000004");
    ASSERT_EQ(good.status, 200) << good.body;
    EXPECT_EQ(parsed(good)["decision"]["reason_code"], "no_staff");
}

TEST_F(Api, decision_without_version__names_the_field) {
    const auto made = parsed(submit(body(), "key-00000001"));
    const auto bare =
        call(Method::post, "/v1/bookings/" + made["id"].get<std::string>() + "/accept", "{}",
             manager_, "key-00000002");
    EXPECT_EQ(bare.status, 422);
    EXPECT_NE(pointers(bare).find("/version"), std::string::npos);
}

TEST_F(Api, booking_document__tells_dates_terms_and_requirement) {
    const auto made = parsed(submit(body(), "key-00000001"));
    EXPECT_EQ(made["state"], "submitted");
    EXPECT_EQ(made["occurrences"][0]["slot"]["start"], "2026-12-01T18:00:00+01:00");
    EXPECT_EQ(made["terms"]["version"], "2026-1");
    EXPECT_EQ(made["requirement"]["payment"], "later");
    EXPECT_EQ(made["price"]["total"]["amount"], 1'000);
    EXPECT_TRUE(made["requirement"]["pay_by"].is_null());
    EXPECT_TRUE(made["payment"].is_null());
    EXPECT_TRUE(made["undo_until"].is_null());
    EXPECT_EQ(made["when"]["kind"], "single");
    // Thursday 1 October + 5 working days.
    EXPECT_EQ(made["answer_by"], "2026-10-08T18:00:00+02:00");
}

// S88
TEST_F(Api, foreign_ids__are_not_found_on_every_route) {
    const auto made = parsed(submit(body(), "key-00000001"));
    const std::string path = "/v1/bookings/" + made["id"].get<std::string>();
    for (const auto& who :
         {identity_of(president("volley")), identity_of(manager("other college"))}) {
        for (const auto* tail : {"", "/history", "/checks"}) {
            EXPECT_EQ(call(Method::get, path + tail, "", who).status, 404) << tail;
        }
        int at = 0;
        for (const auto* act : {"accept", "refuse", "withdraw", "cancel", "undo", "reopen"}) {
            const auto answer = call(Method::post, path + "/" + act, "{}", who,
                                     "key-1000000" + std::to_string(at++));
            EXPECT_EQ(answer.status, 404) << act << answer.body;
        }
    }
    EXPECT_EQ(call(Method::get, "/v1/bookings/nonsense", "", club_).status, 404);
    auto theirs = body();
    theirs["organisation_id"] = club("volley").str();
    EXPECT_EQ(submit(theirs, "key-00000002").status, 404);
}

TEST_F(Api, quote__judges_each_date_and_counts_the_free_ones) {
    booked("volley", whole("R"), single("2026-12-08", "18:00", "20:00"));
    auto wanted = body();
    wanted["when"] = {
        {"kind", "weekly"},     {"weekdays", {"tue"}},       {"interval_weeks", 1},
        {"from", "2026-12-01"}, {"until", "2026-12-29"},     {"start_time", "18:00"},
        {"end_time", "20:00"},  {"school_holidays", "skip"}, {"public_holidays", "skip"}};
    const auto answer = call(Method::post, "/v1/quotes", wanted.dump(), club_);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto quote = parsed(answer);
    EXPECT_EQ(quote["total_count"], 3);
    EXPECT_EQ(quote["free_count"], 2);
    EXPECT_EQ(quote["dates"][1]["state"], "taken");
    EXPECT_EQ(quote["skipped"].size(), 2U);
    EXPECT_EQ(quote["category"], "D");
    EXPECT_EQ(quote["price"]["lines"][0]["dates"].size(), quote["free_count"]);
    EXPECT_EQ(quote["terms"]["version"], "2026-1");
    EXPECT_EQ(quote["decision"]["expected_by"], "2026-10-08T18:00:00+02:00");
}

TEST_F(Api, lists__page_by_cursor_without_loss) {
    for (int i = 1; i <= 7; ++i) {
        ASSERT_EQ(
            submit(body("2026-12-0" + std::to_string(i)), "key-0000000" + std::to_string(i)).status,
            201);
    }
    const std::string establishment = id<base::EstablishmentId>("vercors").str();
    for (const auto* sort : {"newest", "deadline"}) {
        std::set<std::string> seen;
        std::string after;
        int pages = 0;
        do {
            const auto page = parsed(call(Method::get,
                                          "/v1/bookings?establishment_id=" + establishment +
                                              "&state=submitted&limit=3&sort=" + sort +
                                              (after.empty() ? "" : "&after=" + after),
                                          "", manager_));
            for (const auto& item : page["items"])
                seen.insert(item["id"].get<std::string>());
            after = page["next"].is_null() ? "" : page["next"].get<std::string>();
            ++pages;
        } while (!after.empty() && pages < 9);
        EXPECT_EQ(seen.size(), 7U) << sort;
        EXPECT_EQ(pages, 3) << sort;
    }
    const auto own =
        call(Method::get, "/v1/bookings?organisation_id=" + club("tatamis").str(), "", club_);
    EXPECT_EQ(parsed(own)["items"].size(), 7U);
    EXPECT_EQ(
        call(Method::get, "/v1/bookings?organisation_id=" + club("volley").str(), "", club_).status,
        404);
    EXPECT_EQ(call(Method::get, "/v1/bookings?establishment_id=" + establishment, "", club_).status,
              404);
    EXPECT_EQ(call(Method::get, "/v1/bookings", "", club_).status, 422);
    EXPECT_EQ(call(Method::get,
                   "/v1/bookings?organisation_id=" + club("tatamis").str() + "&after=zz", "", club_)
                  .status,
              422);
}

TEST_F(Api, checks__tell_conflicts_capacity_affiliation_and_the_past) {
    const auto before = booked("tatamis", whole("R"), single("2026-11-24", "18:00", "20:00"));
    ASSERT_TRUE(refuse(asked("tatamis", whole("R"), single("2026-11-25", "18:00", "20:00"))));
    const auto made = parsed(submit(body("2027-01-05"), "key-00000001"));
    const std::string path = "/v1/bookings/" + made["id"].get<std::string>() + "/checks";
    const auto checks = parsed(call(Method::get, path, "", manager_));
    EXPECT_TRUE(checks["conflicts"].empty());
    EXPECT_EQ(checks["past"]["accepted"], 1);
    EXPECT_EQ(checks["past"]["refused"], 1);
    EXPECT_EQ(checks["capacity"]["ok"], true);
    EXPECT_EQ(checks["affiliation"]["status"], "active");
    EXPECT_EQ(checks["affiliation"]["insurance_covers_all"], false);
    EXPECT_EQ(call(Method::get, path, "", club_).status, 403);
}

TEST_F(Api, closure__is_laid_listed_and_lifted) {
    const json wanted{{"space_id", id<base::SpaceId>("G").str()},
                      {"kind", "school_need"},
                      {"reason", "Conseil de classe"},
                      {"from", "2026-12-01"},
                      {"until", "2026-12-02"},
                      {"start_time", "17:00"},
                      {"end_time", "20:00"}};
    const auto laid = call(Method::post, "/v1/closures", wanted.dump(), manager_, "key-00000001");
    ASSERT_EQ(laid.status, 201) << laid.body;
    EXPECT_EQ(parsed(laid)["intervals"].size(), 6U);  // three parts on two days
    const std::string site = id<base::SiteId>("vercors").str();
    const auto listed = call(Method::get, "/v1/closures?site_id=" + site, "", club_);
    EXPECT_EQ(parsed(listed)["items"].size(), 1U);
    const auto lifted = call(Method::del, "/v1/closures/" + parsed(laid)["id"].get<std::string>(),
                             "", manager_, "key-00000002");
    EXPECT_EQ(lifted.status, 200);
    EXPECT_EQ(parsed(call(Method::get, "/v1/closures?site_id=" + site, "", club_))["items"].size(),
              0U);
    auto vague = wanted;
    vague.erase("space_id");
    vague.erase("end_time");
    const auto refused = call(Method::post, "/v1/closures", vague.dump(), manager_, "key-00000003");
    EXPECT_EQ(refused.status, 422);
}

TEST_F(Api, counter__asks_on_behalf_and_it_is_recorded) {
    const auto counter = identity_of(staff(PostRole::counter));
    const auto made = call(Method::post, "/v1/bookings", body().dump(), counter, "key-00000001");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(parsed(made)["channel"], "counter");
}

TEST_F(Api, already_decided__tells_role_and_moment) {
    const auto made = parsed(submit(body(), "key-00000001"));
    const std::string path = "/v1/bookings/" + made["id"].get<std::string>() + "/accept";
    ASSERT_EQ(call(Method::post, path, R"({"version":1})", manager_, "key-00000002").status, 200);
    const auto late = call(Method::post, path, R"({"version":1})", manager_, "key-00000003");
    EXPECT_EQ(late.status, 409);
    EXPECT_EQ(parsed(late)["code"], "already_decided");
    EXPECT_EQ(parsed(late)["decision"]["by_role"], "manager");
    EXPECT_TRUE(parsed(late)["decision"].contains("at"));
}

}  // namespace
}  // namespace preau::booking::test
