// Proposals and the dates that they hold out, and what becomes of a booking that accepts one.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "services/booking/store/dates.hpp"
#include "services/booking/store/row.hpp"
#include "services/booking/store/sql.hpp"
#include "services/booking/store/sql_tx.hpp"
#include "shared/wire/tariff.hpp"
#include "shared/wire/when.hpp"

namespace preau::booking {

namespace {

constexpr DatesTable kDates{"proposal_occurrence", "proposal_id"};

/// What is never searched by.
std::string details_of(const Proposal& proposal) {
    nlohmann::json out{{"space_name", proposal.space_name},
                       {"offer_name", proposal.offer_name},
                       {"when", wire::to_json(proposal.when)},
                       {"payment", proposal.payment},
                       {"ground", proposal.ground},
                       {"parts", nlohmann::json::array()}};
    for (const auto& part : proposal.parts)
        out["parts"].push_back(part.str());
    if (proposal.price) out["price"] = wire::to_json(*proposal.price);
    return out.dump();
}

void read_details(const std::string& text, Proposal& into) {
    const auto in = nlohmann::json::parse(text, nullptr, false);
    if (!in.is_object()) return;
    into.space_name = in.value("space_name", "");
    into.offer_name = in.value("offer_name", "");
    into.payment = in.value("payment", "");
    into.ground = in.value("ground", "");
    if (auto when = wire::when_from_json(in.value("when", nlohmann::json::object()))) {
        into.when = *std::move(when);
    }
    for (const auto& part : in.value("parts", nlohmann::json::array())) {
        into.parts.push_back(base::PartId::trusted(part.get<std::string>()));
    }
    if (const auto it = in.find("price"); it != in.end()) {
        if (auto price = wire::price_from_json(*it)) into.price = *std::move(price);
    }
}

}  // namespace

void SqlTx::insert_proposal(const Booking& booking) {
    const Proposal& proposal = *booking.proposal;
    const std::string standing = "standing";
    const std::string details = details_of(proposal);
    const Number made = proposal.made_at.seconds;
    const Number deadline = proposal.deadline.seconds;
    sql() << "INSERT INTO proposal (proposal_id, booking_id, state, space_id, offer_id, by_role, "
             "by_id, message, made_at, deadline, details) VALUES (:a1, :a2, :a3, :a4, :a5, :a6, "
             ":a7, :a8, :a9, :b1, :b2)",
        soci::use(proposal.id.str()), soci::use(booking.id.str()), soci::use(standing),
        soci::use(proposal.space.str()), soci::use(proposal.offer.str()),
        soci::use(proposal.by_role), soci::use(proposal.by), soci::use(proposal.message),
        soci::use(made), soci::use(deadline), soci::use(details);
    insert_dates(session_, kDates, proposal.id.str(), proposal.occurrences);
}

void SqlTx::update_proposal(const Booking& booking) {
    const std::string details = details_of(*booking.proposal);
    sql() << "UPDATE proposal SET details = :d WHERE proposal_id = :p", soci::use(details),
        soci::use(booking.proposal->id.str());
    update_dates(session_, kDates, booking.proposal->id.str(), booking.proposal->occurrences);
}

void SqlTx::end_proposal(const Booking& booking, std::string_view how) {
    const std::string state(how);
    sql() << "UPDATE proposal SET state = :s WHERE proposal_id = :p", soci::use(state),
        soci::use(booking.proposal->id.str());
}

void SqlTx::add_proposals(std::span<Booking> bookings) {
    std::vector<base::BookingId> ids;
    for (const auto& booking : bookings) {
        // What ended by a closure may come back with its proposal.
        const bool comes_back = booking.deferred && booking.deferred->before.pushed &&
                                booking.deferred->previous_state == State::counter_proposed;
        if (booking.state == State::counter_proposed || comes_back) ids.push_back(booking.id);
    }
    if (ids.empty()) return;
    Proposal proposal;
    std::string id;
    std::string booking_id;
    std::string space;
    std::string offer;
    std::string details;
    Number made = 0;
    Number deadline = 0;
    soci::statement query =
        (sql().prepare << "SELECT proposal_id, booking_id, space_id, offer_id, by_role, by_id, "
                          "message, made_at, deadline, details FROM proposal "
                          "WHERE state = 'standing' AND booking_id IN ("
                       << id_list(std::span<const base::BookingId>(ids)) << ")",
         soci::into(id), soci::into(booking_id), soci::into(space), soci::into(offer),
         soci::into(proposal.by_role), soci::into(proposal.by), soci::into(proposal.message),
         soci::into(made), soci::into(deadline), soci::into(details));
    each(query, [&] {
        const auto booking = std::ranges::find(bookings, booking_id,
                                               [](const Booking& one) { return one.id.str(); });
        if (booking == bookings.end()) return;
        Proposal one = proposal;
        one.id = ProposalId::trusted(id);
        one.space = base::SpaceId::trusted(space);
        one.offer = base::OfferId::trusted(offer);
        one.made_at = {made};
        one.deadline = {deadline};
        read_details(details, one);
        booking->proposal = std::move(one);
    });
}

std::vector<Occurrence> SqlTx::occurrences_of(const ProposalId& proposal) {
    return dates_of(session_, kDates, proposal.str());
}

}  // namespace preau::booking
