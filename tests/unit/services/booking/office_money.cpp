// The tariffs and the payment service of the test collège, its clock, and what it told.

#include "services/booking/jobs/timers.hpp"
#include "services/booking/store/projections.hpp"
#include "services/booking/store/sql.hpp"
#include "shared/wire/tariff.hpp"
#include "shared/wire/when.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {

void Office::vote(const std::string& name, std::int64_t hour_cents,
                  const std::string& executory_from, const std::string& voted_on,
                  const std::string& establishment) {
    wire::Tariff tariff;
    tariff.body = id<base::BodyId>(test_body);
    if (!establishment.empty()) tariff.establishment = id<base::EstablishmentId>(establishment);
    tariff.grid.id = base::seeded_ulid(1'700'000'000'000ULL, name);
    tariff.grid.number = 1;
    tariff.grid.voted_on = day(voted_on);
    tariff.grid.executory_from = day(executory_from);
    tariff.grid.vat_note = "TVA non applicable, art. 256 B du CGI";
    tariff.version = 1;
    for (const char category : std::string("ABCDE")) {
        const base::Cents hour{category == 'A' ? 0 : hour_cents};
        tariff.grid.lines.push_back({"classroom", category, rules::Unit::hour, hour});
    }
    put_tariff(tariff);
}

void Office::put_tariff(const wire::Tariff& tariff) {
    const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
        return apply_inventory(
            session, told_event("tariff_changed.v1", tariff.grid.id, 1, wire::to_json(tariff)));
    });
    ASSERT_TRUE(done && *done);
}

void Office::forget_votes() {
    const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
        session.sql() << "DELETE FROM tariff_projection";
        return true;
    });
    ASSERT_TRUE(done);
}

void Office::payment_tells(const Booking& booking, const std::string& status,
                           std::int64_t refunded_cents, const std::string& type) {
    if (payment_seq_ == 0) payment_feed_->replace({}, {"payment feed", 0});
    const auto payment = id<PaymentId>("payment of " + booking.id.str()).str();
    const auto amount = booking.price ? booking.price->total.value : 0;
    ++payment_seq_;
    const auto version = static_cast<std::int64_t>(payment_seq_);
    auto told = told_event(type, payment, version,
                           {{"payment_id", payment},
                            {"booking_id", booking.id.str()},
                            {"status", status},
                            {"refund_state", refunded_cents == 0        ? "none"
                                             : refunded_cents == amount ? "full"
                                                                        : "partial"},
                            {"amount", amount},
                            {"refunded_amount", refunded_cents},
                            {"public_ref", "PA-7F3K-2"},
                            {"version", version}});
    told.seq = payment_seq_;
    payment_feed_->apply({told}, {"payment feed", payment_seq_});
}

nlohmann::json Office::quoted(const std::string& organisation, const base::OfferId& offer,
                              const rules::Recurrence& when) {
    const nlohmann::json asked{{"organisation_id", club(organisation).str()},
                               {"offer_id", offer.str()},
                               {"when", wire::to_json(when)}};
    const auto caller = identity_of(president(organisation));
    const auto answer = call(net::Method::post, "/v1/quotes", asked.dump(), caller);
    if (answer.status != 200) throw std::runtime_error("quoted: " + answer.body);
    return nlohmann::json::parse(answer.body);
}

void Office::run_timers() {
    release_unpaid(*store_, *desk_,
                   [&](const base::BookingId&, const std::string&) -> base::Result<std::string> {
                       ++cancels_asked_;
                       if (cancel_outcome_.empty()) return base::fail("upstream_unavailable");
                       return cancel_outcome_;
                   });
    settle_decisions(*store_, *desk_);
    end_what_is_past(*store_, *desk_);
}

std::vector<nlohmann::json> Office::all_told(const std::string& type) {
    return database_
        ->read([&](db::Session& session) -> base::Result<std::vector<nlohmann::json>> {
            std::vector<nlohmann::json> out;
            std::string data;
            soci::statement query =
                (session.sql().prepare << "SELECT data FROM outbox WHERE type = :t ORDER BY id",
                 soci::use(type), soci::into(data));
            each(query, [&] { out.push_back(nlohmann::json::parse(data)); });
            return out;
        })
        .value();
}

nlohmann::json Office::told(const std::string& aggregate, const std::string& type) {
    nlohmann::json last;
    for (auto& data : all_told(type)) {
        if (data["booking_id"] == aggregate) last = std::move(data);
    }
    return last;
}

}  // namespace preau::booking::test
