// What a body brings from its old calendar.

#include "services/booking/domain/dates.hpp"
#include "services/booking/domain/desk.hpp"
#include "services/booking/domain/price.hpp"

namespace preau::booking {

namespace {

Outcome<void> check_import(const Place& place, const ImportRequest& request,
                           const Affiliation& affiliation) {
    if (affiliation.status != "active") return refuse("forbidden", affiliation.status);
    if (auto shape = rules::check_shape(request.when, *place.offer, request.headcount); !shape) {
        return std::unexpected(Refusal(shape.error()));
    }
    if (!rules::purpose_allowed(request.purpose, place.space->purposes)) {
        return refuse_field("purpose_not_allowed", "/purpose", request.purpose);
    }
    return {};
}

}  // namespace

/// An import has the price of the grid, where there is one, for the record: what was settled before
/// asks for no money here.
void Desk::price_import(Tx& tx, const Place& place, const ImportRequest& request,
                        const std::vector<JudgedSlot>& judged, Booking& booking) const {
    auto priced = price_of({free_slots(judged), place.offer->tariff_kind, booking.category,
                            place.space->zone.local(now()).date},
                           tx.tariffs_of(*place.space), place.calendar.calendar);
    booking.price = std::move(priced.price);
    booking.payment = "none";
    if (!request.pending) return;
    booking.payment = booking.price ? payment_kind(*booking.price, booking.category) : "later";
}

Outcome<Booking> Desk::import_booking(Tx& tx, const ImportRequest& request) const {
    const auto before = place_of(tx, request.offer);
    if (!before) return std::unexpected(before.error());
    const auto affiliation = tx.affiliation(request.organisation, before->space->body);
    if (request.whole) {
        if (auto fine = check_import(*before, request, affiliation); !fine) {
            return std::unexpected(fine.error());
        }
    }
    Taking taking;
    taking.offer = request.offer;
    taking.place = *before;
    taking.organisation = request.organisation;
    taking.staff = true;
    taking.now = now();
    taking.past_too = !request.pending;
    taking.unsafe = settings_.unsafe;
    taking.plan = [&](const Place& place) -> Outcome<Plan> {
        auto expansion = expand(place, request.when, {settings_.limits, settings_.cells_max});
        if (!expansion) return std::unexpected(expansion.error());
        return Plan{std::move(expansion->slots), !request.whole};
    };
    taking.write = [&](const Place& place,
                       const std::vector<JudgedSlot>& judged) -> Outcome<Booking> {
        Booking booking = compose(place, judged, {});
        booking.id = request.id;
        booking.origin = request.pending ? "request" : "import";
        booking.organisation = request.organisation;
        booking.requester = request.requester;
        booking.purpose = request.purpose;
        booking.headcount = request.headcount;
        booking.when = request.when;
        booking.category = affiliation.category;
        price_import(tx, place, request, judged, booking);
        booking.state = request.pending ? State::submitted : State::confirmed;
        booking.hold = request.pending ? Hold::pending : Hold::taken;
        booking.terms = {settings_.terms.version, settings_.terms.hash, now(),
                         settings_.cancellation};
        const HistoryLine line{now(),         "rules", {}, "import", std::nullopt,
                               booking.state, 1,       {}, {}};
        return write_new(tx, place, std::move(booking), {line});
    };
    auto taken = take_time(tx, taking);
    if (!taken) return taken;
    tx.publish_occupancy(*taken, now());
    if (request.pending) tx.publish_booking(*taken, "submitted", now());
    return taken;
}

}  // namespace preau::booking
