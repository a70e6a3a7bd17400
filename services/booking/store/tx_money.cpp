// Tariffs, quotes, what payment told, orders to refund, answers to late money.

#include "services/booking/store/row.hpp"
#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"

namespace preau::booking {

namespace {

std::optional<rules::Price> price_from(const std::string& text) {
    auto price = wire::price_from_json(nlohmann::json::parse(text, nullptr, false));
    if (!price) return std::nullopt;
    return *std::move(price);
}

}  // namespace

std::vector<rules::TariffVersion> SqlTx::tariffs_of(const Space& space) {
    if (!tariffs_) {
        std::string id;
        Number version = 0;
        std::string fingerprint;
        soci::statement versions =
            (sql().prepare << "SELECT tariff_id, version FROM tariff_projection ORDER BY tariff_id",
             soci::into(id), soci::into(version));
        each(versions, [&] { fingerprint += id + "=" + std::to_string(version) + ";"; });
        tariffs_ = facts_.tariffs(fingerprint);
        if (!tariffs_) {
            auto fresh = std::make_shared<wire::Tariffs>();
            std::string facts;
            soci::statement rows =
                (sql().prepare << "SELECT facts FROM tariff_projection", soci::into(facts));
            each(rows, [&] {
                auto read = wire::tariff_from_json(nlohmann::json::parse(facts, nullptr, false));
                if (read) fresh->put(*std::move(read));
            });
            tariffs_ = fresh;
            facts_.put(std::move(fingerprint), tariffs_);
        }
    }
    return tariffs_->at(space.body, space.establishment);
}

void SqlTx::keep_quote(const KeptQuote& quote) {
    const std::string category(1, quote.category);
    const std::string price = wire::to_json(quote.price).dump();
    const Number created = quote.created_at.seconds;
    const Number until = quote.valid_until.seconds;
    sql() << "INSERT INTO price_quote (quote_id, organisation_id, offer_id, category, slots_hash, "
             "price, created_at, valid_until) VALUES (:a1, :a2, :a3, :a4, :a5, :a6, :a7, :a8)",
        soci::use(quote.id.str()), soci::use(quote.organisation.str()),
        soci::use(quote.offer.str()), soci::use(category), soci::use(quote.slots_hash),
        soci::use(price), soci::use(created), soci::use(until);
}

std::optional<KeptQuote> SqlTx::quote_where(const std::string& condition, const std::string& one,
                                            const std::string& two, Number since) {
    std::string id;
    std::string organisation;
    std::string offer;
    std::string category;
    std::string price;
    KeptQuote out;
    sql() << "SELECT quote_id, organisation_id, offer_id, category, slots_hash, price, created_at, "
             "valid_until FROM price_quote WHERE "
          << condition,
        soci::use(one), soci::use(two), soci::use(since), soci::into(id), soci::into(organisation),
        soci::into(offer), soci::into(category), soci::into(out.slots_hash), soci::into(price),
        soci::into(out.created_at.seconds), soci::into(out.valid_until.seconds);
    if (!sql().got_data()) return std::nullopt;
    auto read = price_from(price);
    if (!read || category.empty()) return std::nullopt;
    out.id = base::QuoteId::trusted(id);
    out.organisation = base::OrganisationId::trusted(organisation);
    out.offer = base::OfferId::trusted(offer);
    out.category = category.front();
    out.price = *std::move(read);
    return out;
}

std::optional<KeptQuote> SqlTx::find_quote(const base::QuoteId& id) {
    return quote_where("quote_id = :a AND quote_id = :b AND created_at >= :s", id.str(), id.str(),
                       0);
}

std::optional<KeptQuote> SqlTx::latest_quote(const base::OrganisationId& organisation,
                                             const std::string& slots_hash, base::Instant since) {
    return quote_where(
        "organisation_id = :a AND slots_hash = :b AND created_at > :s "
        "ORDER BY created_at DESC, quote_id DESC LIMIT 1",
        organisation.str(), slots_hash, since.seconds);
}

int SqlTx::prune_quotes(base::Instant now, int limit) {
    std::vector<base::QuoteId> over;
    std::string id;
    const Number before = now.seconds;
    const Number most = limit;
    soci::statement query =
        (sql().prepare << "SELECT quote_id FROM price_quote WHERE valid_until <= :t LIMIT :n",
         soci::use(before), soci::use(most), soci::into(id));
    each(query, [&] { over.push_back(base::QuoteId::trusted(id)); });
    if (over.empty()) return 0;
    sql() << "DELETE FROM price_quote WHERE quote_id IN ("
          << id_list(std::span<const base::QuoteId>(over)) << ")";
    return static_cast<int>(over.size());
}

void SqlTx::update_price(const Booking& booking) {
    const BookingRow row(booking);
    sql() << "UPDATE booking SET details = :d, payment_kind = :p WHERE booking_id = :b",
        soci::use(row.details), soci::use(row.payment), soci::use(row.id);
}

void SqlTx::add_payments(std::span<Booking> bookings) {
    if (bookings.empty()) return;
    std::vector<base::BookingId> ids;
    for (const auto& booking : bookings)
        ids.push_back(booking.id);
    PaymentFacts facts;
    std::string id;
    std::string booking_id;
    Number amount = 0;
    Number refunded = 0;
    Number version = 0;
    soci::statement query =
        (sql().prepare << "SELECT payment_id, booking_id, status, refund_state, amount_cents, "
                          "refunded_cents, public_ref, version FROM payment_projection "
                          "WHERE booking_id IN ("
                       << id_list(std::span<const base::BookingId>(ids)) << ") ORDER BY payment_id",
         soci::into(id), soci::into(booking_id), soci::into(facts.status),
         soci::into(facts.refund_state), soci::into(amount), soci::into(refunded),
         soci::into(facts.public_ref), soci::into(version));
    each(query, [&] {
        const auto booking = std::ranges::find(bookings, booking_id,
                                               [](const Booking& one) { return one.id.str(); });
        if (booking == bookings.end()) return;
        facts.id = PaymentId::trusted(id);
        facts.booking = booking->id;
        facts.amount = {amount};
        facts.refunded = {refunded};
        facts.version = version;
        booking->payment_facts = facts;
    });
}

base::Cents SqlTx::refunds_ordered(const base::BookingId& booking) {
    Number sum = 0;
    sql() << "SELECT CAST(COALESCE(SUM(amount_cents), 0) AS SIGNED) FROM refund_order "
             "WHERE booking_id = :b",
        soci::use(booking.str()), soci::into(sum);
    return {sum};
}

bool SqlTx::late_payment_answered(const PaymentId& payment) {
    Number one = 0;
    sql() << "SELECT 1 FROM late_payment WHERE payment_id = :p", soci::use(payment.str()),
        soci::into(one);
    return sql().got_data();
}

void SqlTx::ask_payment_at(const base::BookingId& booking, base::Instant at) {
    const Number when = at.seconds;
    sql() << "UPDATE booking SET ask_payment_at = :t WHERE booking_id = :b", soci::use(when),
        soci::use(booking.str());
}

bool SqlTx::attempt(const std::function<bool()>& step) {
    sql() << "SAVEPOINT attempt";
    const bool done = step();
    if (!done) sql() << "ROLLBACK TO SAVEPOINT attempt";
    sql() << "RELEASE SAVEPOINT attempt";
    return done;
}

}  // namespace preau::booking
