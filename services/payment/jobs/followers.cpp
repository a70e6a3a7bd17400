#include "services/payment/jobs/followers.hpp"

#include <random>
#include <stdexcept>

#include "services/payment/domain/settle.hpp"
#include "services/payment/store/projections.hpp"
#include "services/payment/store/sql_tx.hpp"
#include "shared/observe/log.hpp"
#include "shared/text/reference.hpp"

namespace preau::payment {

namespace {

using nlohmann::json;

constexpr int kReferenceLetters = 6;
/// From the acceptance to the due date of what is billed later, where booking says none.
constexpr std::int64_t kInvoiceDue_s = 30 * 86'400;

std::string text(const json& data, const char* name) {
    const auto it = data.find(name);
    return it != data.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::int64_t number(const json& data, const char* name) {
    const auto it = data.find(name);
    return it != data.end() && it->is_number_integer() ? it->get<std::int64_t>() : 0;
}

json member(const json& data, const char* name) {
    const auto it = data.find(name);
    return it != data.end() && it->is_object() ? *it : json::object();
}

/// Cents, written as a number or as {"amount","currency"}.
std::int64_t cents(const json& data, const char* name) {
    const auto it = data.find(name);
    if (it == data.end()) return 0;
    return it->is_object() ? number(*it, "amount") : number(data, name);
}

void report(const events::Event& event, std::string_view why) {
    observe::log(observe::Level::error, "projection.unreadable",
                 {{"type", event.type}, {"aggregate_id", event.aggregate_id}, {"why", why}});
}

std::string free_reference(Tx& tx) {
    static thread_local std::mt19937_64 random{std::random_device{}()};
    std::string out;
    do {
        out = text::make_reference(text::payment_prefix, random(), kReferenceLetters);
    } while (tx.reference_exists(out));
    return out;
}

/// What lines of before there were extras do not have.
void read_more(const json& one, Line& line) {
    if (const auto kind = text(one, "kind"); !kind.empty()) line.kind = kind;
    line.label = text(one, "label");
    const auto supplements = one.find("supplements");
    if (supplements != one.end() && supplements->is_array()) {
        for (const auto& added : *supplements) {
            if (!added.is_object()) continue;
            line.supplements.push_back({text(added, "kind"), cents(added, "amount")});
        }
    }
    const auto vat = member(one, "vat");
    line.vat_basis_points = number(vat, "basis_points");
    line.vat_note = text(vat, "note");
    line.vat_tax = cents(vat, "tax");
}

std::vector<Line> lines_of(const json& price) {
    std::vector<Line> out;
    const auto lines = price.find("lines");
    if (lines == price.end() || !lines->is_array()) return out;
    for (const auto& one : *lines) {
        if (!one.is_object()) continue;
        Line line;
        line.unit = text(one, "unit");
        line.quantity_quarters = number(one, "quantity_quarters");
        line.unit_price = cents(one, "unit_price");
        line.amount = cents(one, "amount");
        const auto dates = one.find("dates");
        line.dates_count = dates != one.end() && dates->is_array()
                               ? static_cast<std::int64_t>(dates->size())
                               : number(one, "dates_count");
        read_more(one, line);
        out.push_back(std::move(line));
    }
    return out;
}

void keep(Tx& tx, Payment& payment, const Effects& effects, base::Instant now) {
    if (const auto saved = tx.save(payment, effects, now); !saved) {
        throw std::runtime_error("payment " + payment.id.str() + " is written by another");
    }
}

void accepted(Tx& tx, const events::Event& event, base::Instant now) {
    const auto& data = event.data;
    const auto requirement = member(data, "requirement");
    const auto wanted = from_text<Requirement>(text(requirement, "payment"));
    const auto price = member(data, "price");
    std::int64_t amount = number(price, "total_amount");
    if (amount == 0) amount = cents(price, "total");
    // Nothing due: no payment, no attempt (F-44).
    if (!wanted || amount == 0) return;
    const auto booking = base::BookingId::parse(text(data, "booking_id"));
    const auto establishment = base::EstablishmentId::parse(text(data, "establishment_id"));
    const auto organisation = base::OrganisationId::parse(text(data, "organisation_id"));
    const auto body = base::BodyId::parse(text(data, "body_id"));
    if (!booking || !establishment || !organisation || !body) return report(event, "ids");
    if (tx.find_by_booking(*booking)) return;
    const auto currency = text(price, "currency");
    if (const auto fine = check_amount(amount, currency.empty() ? "EUR" : currency); !fine) {
        tx.note({"payment", booking->str(), "amount_mismatch", amount, *establishment, false, {}},
                now);
        return report(event, "amount");
    }
    Payment payment;
    payment.id = PaymentId::make();
    payment.public_ref = free_reference(tx);
    payment.booking = *booking;
    payment.booking_reference = text(data, "reference");
    payment.body = *body;
    payment.establishment = *establishment;
    payment.organisation = *organisation;
    payment.requirement = *wanted;
    payment.amount = amount;
    if (const auto pay_by = number(requirement, "pay_by"); pay_by > 0) {
        payment.pay_by = base::Instant{pay_by};
    } else if (*wanted == Requirement::later) {
        // An invoice has a due date, always: public bodies pay within thirty days.
        payment.pay_by = now + kInvoiceDue_s;
    }
    payment.space_name = text(data, "space_name");
    payment.establishment_name = text(data, "establishment_name");
    payment.lines = lines_of(price);
    payment.created_at = now;
    Effects effects;
    establish(payment, effects);
    keep(tx, payment, effects, now);
}

void ordered(Tx& tx, Payment& payment, const events::Event& event, base::Instant now,
             Effects& effects) {
    const auto id = RefundId::parse(text(event.data, "refund_id"));
    const auto amount = cents(event.data, "amount");
    if (!id || amount < 0) return report(event, "refund");
    if (amount == 0) return;
    auto reason = text(event.data, "reason");
    const auto granted = grant_refund(payment, *id, "ordered:" + id->str(), amount,
                                      reason.empty() ? "cancelled_by_hirer" : reason, now, effects);
    if (!granted) {
        tx.note({"refund", id->str(), "refund_refused", amount, payment.establishment, false, {}},
                now);
    }
}

}  // namespace

void apply_booking(db::Session& session, const events::Event& event, base::Instant now,
                   const base::Clock& machine) {
    SqlTx tx(session, machine);
    if (event.type == "booking_accepted.v1") return accepted(tx, event, now);
    const auto booking = base::BookingId::parse(text(event.data, "booking_id"));
    if (!booking) return;
    auto payment = tx.find_by_booking(*booking);
    if (!payment) return;
    Effects effects;
    if (event.type == "booking_confirmed.v1") {
        booking_confirmed(*payment, effects);
    } else if (event.type == "booking_cancelled.v1") {
        booking_cancelled(*payment, now, effects);
    } else if (event.type == "booking_expired.v1") {
        booking_expired(*payment, now, effects);
    } else if (event.type == "refund_ordered.v1") {
        ordered(tx, *payment, event, now, effects);
    } else if (event.type == "retaken.v1") {
        retaken(*payment, effects);
    } else if (event.type == "not_retaken.v1") {
        not_retaken(*payment, now, effects);
    }
    keep(tx, *payment, effects, now);
}

std::unique_ptr<events::Sink> inventory_sink(db::Database& database) {
    return std::make_unique<events::DatabaseSink>(
        database, "inventory", forget_inventory,
        [](db::Session& session, const events::Event& event) {
            if (!apply_inventory(session, event)) report(event, "establishment");
        });
}

std::unique_ptr<events::Sink> booking_sink(db::Database& database, const base::Clock& business,
                                           const base::Clock& machine) {
    // A new snapshot of booking takes nothing back: money that is due or came stays.
    return std::make_unique<events::DatabaseSink>(
        database, "booking", [](db::Session&) {},
        [&business, &machine](db::Session& session, const events::Event& event) {
            apply_booking(session, event, business.now(), machine);
        });
}

}  // namespace preau::payment
