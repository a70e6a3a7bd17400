// The price of what is asked for: with extras, with the free uses of the school year, and what is
// left of it when dates fall away.

#include <utility>

#include "services/booking/domain/desk.hpp"

namespace preau::booking {

namespace {
/// The ground of a room that was let as one of the hirer's free uses; pages put it into words.
constexpr std::string_view kFreeUse = "free_use";

/// What a booking asks the price of, but for the kind of its room.
rules::PriceQuestion question_of(const Booking& booking) {
    rules::PriceQuestion out;
    for (const auto* one : booking.kept())
        out.slots.push_back(one->slot);
    out.category = booking.category;
    out.requested_on = booking.zone.local(booking.submitted_at).date;
    out.extras = booking.extras;
    return out;
}
}  // namespace

std::optional<rules::FreeUse> Desk::free_use_for(Tx& tx, const Space& space,
                                                 const rules::PriceQuestion& question,
                                                 const base::OrganisationId& organisation,
                                                 const base::BookingId& own) const {
    const auto kind = rules::use_kind(question.slots);
    if (!kind || question.category == rules::free_category) return std::nullopt;
    const auto votes = tx.tariffs_of(space);
    const auto* vote = rules::vote_of(question, votes);
    if (vote == nullptr) return std::nullopt;
    rules::FreeUse use;
    use.kind = *kind;
    use.school_year = rules::school_year_of(question.slots.front().local_date);
    use.of = rules::granted_uses(*vote, question.tariff_kind, *kind);
    if (use.of == 0) return std::nullopt;
    use.nth = tx.count_free_uses(organisation, space.body, use, own) + 1;
    return use.nth <= use.of ? std::optional(use) : std::nullopt;
}

std::optional<int> Desk::free_use_number(Tx& tx, const Booking& booking) const {
    if (!booking.price || !booking.price->free_use) return 0;
    const rules::FreeUse& use = *booking.price->free_use;
    const int before = tx.count_free_uses(booking.organisation, booking.body, use, booking.id);
    return before < use.of ? std::optional(before + 1) : std::nullopt;
}

std::string Desk::ground_of(Tx& tx, const Booking& booking,
                            const std::optional<std::string>& given) const {
    if (given && !given->empty()) return *given;
    if (booking.price && booking.price->free_use) return std::string(kFreeUse);
    return tx.affiliation(booking.organisation, booking.body).category_ground;
}

Priced Desk::price_free(Tx& tx, const Place& place, rules::PriceQuestion question,
                        const base::OrganisationId& organisation,
                        const base::BookingId& own) const {
    const auto use = free_use_for(tx, *place.space, question, organisation, own);
    const auto votes = tx.tariffs_of(*place.space);
    auto plain = price_of(question, votes, place.calendar.calendar);
    // What costs nothing anyway is no use of a favour.
    if (!use || !plain.price || plain.price->total == base::Cents{}) return plain;
    return price_of(question, votes, place.calendar.calendar, use);
}

void Desk::reprice(Tx& tx, Booking& booking) const {
    if (!booking.price || booking.free_of_charge()) return;
    const auto place = place_of(tx, booking.offer);
    auto question = question_of(booking);
    if (question.slots.empty()) return;
    auto part = price_part(*booking.price, question.slots);
    if (place) {
        question.tariff_kind = place->offer->tariff_kind;
        const auto votes = frozen_votes(*booking.price, tx.tariffs_of(*place->space));
        auto anew = price_of(question, votes, place->calendar.calendar, booking.price->free_use);
        if (anew.price && anew.price->total <= part.total) part = *std::move(anew.price);
    }
    booking.price = std::move(part);
    booking.payment = payment_kind(*booking.price, booking.category);
}

Outcome<void> Desk::price_dates(Tx& tx, const Place& place, Booking& booking) const {
    if (!booking.price) return {};  // an old or imported booking: its price was settled elsewhere
    auto question = question_of(booking);
    question.tariff_kind = place.offer->tariff_kind;
    auto now_priced = price_of(question, tx.tariffs_of(*place.space), place.calendar.calendar,
                               booking.price->free_use);
    if (!now_priced.price) return refuse_field(now_priced.problem, "/offer_id");
    const bool costs_nothing = now_priced.price->total == base::Cents{} && booking.free_of_charge();
    if (granted(booking.state) && !costs_nothing) return refuse("price_settled");
    booking.price = std::move(now_priced.price);
    booking.payment = payment_kind(*booking.price, booking.category);
    booking.quote.clear();
    return {};
}

}  // namespace preau::booking
