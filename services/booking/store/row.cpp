#include "services/booking/store/row.hpp"

#include "services/booking/store/details.hpp"

namespace preau::booking {

namespace {

template <class Rule>
std::string states_where(Rule rule) {
    std::string out;
    for (int i = 0; i < state_count; ++i) {
        const auto state = static_cast<State>(i);
        if (!rule(state)) continue;
        out.append(out.empty() ? "('" : ", '").append(to_string(state)).append("'");
    }
    return out + ")";
}

}  // namespace

const std::string& states_to_decide() {
    static const std::string list = states_where(
        [](State state) { return state == State::submitted || state == State::endorsed; });
    return list;
}

const std::string& states_unanswered() {
    static const std::string list = states_where(unanswered);
    return list;
}

const std::string& states_living() {
    static const std::string list =
        states_where([](State state) { return unanswered(state) || granted(state); });
    return list;
}

BookingRow::BookingRow(const Booking& booking)
    : id(booking.id.str()),
      reference(booking.reference),
      state(to_string(booking.state)),
      held(to_string(booking.hold)),
      origin(booking.origin),
      channel(booking.channel),
      body(booking.body.str()),
      establishment(booking.establishment.str()),
      site(booking.site.str()),
      space(booking.space.str()),
      offer(booking.offer.str()),
      organisation(booking.organisation.str()),
      requester(booking.requester),
      category(1, booking.category),
      free_ground(booking.free_ground),
      payment(booking.payment),
      request_hash(booking.request_hash),
      details(details_of(booking)),
      asked(booking.asked),
      answered(booking.answered),
      endorsed_by(booking.endorsed_by),
      version(booking.version),
      submitted_at(booking.submitted_at.seconds),
      answer_by(booking.answer_by.seconds),
      first_start(booking.first_start.seconds),
      last_start(booking.last_start.seconds),
      last_end(booking.last_end.seconds),
      dates_count(booking.dates_count),
      pay_by(booking.pay_by.value_or(base::Instant{}).seconds),
      extended(booking.pay_by_extended ? 1 : 0),
      ask_payment_at(booking.ask_payment_at.value_or(base::Instant{}).seconds),
      paid(booking.paid ? 1 : 0),
      escalate_by(booking.escalate_by.seconds),
      overdue_told(booking.overdue_told),
      two_levels(booking.two_levels ? 1 : 0),
      suspended_from(booking.suspended_from.value_or(base::Instant{}).seconds) {
    if (!booking.decision) return;
    decided_role = booking.decision->by_role;
    decided_by = booking.decision->by;
    decided_at = booking.decision->at.seconds;
    reason_code = booking.decision->reason_code;
    reason_text = booking.decision->reason_text;
}

void BookingRow::bind(soci::statement& statement) {
    for (auto* text : {&id, &reference}) {
        statement.exchange(soci::into(*text));
    }
    statement.exchange(soci::into(version));
    for (auto* text :
         {&state, &held, &origin, &channel, &body, &establishment, &site, &space, &offer,
          &organisation, &requester, &category, &free_ground, &payment, &request_hash}) {
        statement.exchange(soci::into(*text));
    }
    for (auto* number :
         {&submitted_at, &answer_by, &first_start, &last_start, &last_end, &dates_count}) {
        statement.exchange(soci::into(*number));
    }
    statement.exchange(soci::into(decided_role));
    statement.exchange(soci::into(decided_by));
    statement.exchange(soci::into(decided_at));
    statement.exchange(soci::into(reason_code));
    statement.exchange(soci::into(reason_text));
    statement.exchange(soci::into(details));
    for (auto* number : {&pay_by, &extended, &ask_payment_at, &paid}) {
        statement.exchange(soci::into(*number));
    }
    statement.exchange(soci::into(asked));
    statement.exchange(soci::into(answered));
    statement.exchange(soci::into(escalate_by));
    statement.exchange(soci::into(overdue_told));
    statement.exchange(soci::into(two_levels));
    statement.exchange(soci::into(endorsed_by));
    statement.exchange(soci::into(suspended_from));
    statement.define_and_bind();
}

Booking BookingRow::booking() const {
    Booking out;
    out.id = base::BookingId::trusted(id);
    out.reference = reference;
    out.version = version;
    out.state = state_from(state).value_or(State::draft);
    out.hold = hold_from(held).value_or(Hold::none);
    out.origin = origin;
    out.channel = channel;
    out.body = base::BodyId::trusted(body);
    out.establishment = base::EstablishmentId::trusted(establishment);
    out.site = base::SiteId::trusted(site);
    out.space = base::SpaceId::trusted(space);
    out.offer = base::OfferId::trusted(offer);
    out.organisation = base::OrganisationId::trusted(organisation);
    out.requester = requester;
    out.category = category.empty() ? 'C' : category.front();
    out.free_ground = free_ground;
    out.payment = payment;
    out.request_hash = request_hash;
    out.submitted_at = {submitted_at};
    out.answer_by = {answer_by};
    out.first_start = {first_start};
    out.last_start = {last_start};
    out.last_end = {last_end};
    out.dates_count = static_cast<int>(dates_count);
    if (decided_at != 0) {
        out.decision = Decision{decided_role, decided_by, {decided_at}, reason_code, reason_text};
    }
    if (pay_by != 0) out.pay_by = base::Instant{pay_by};
    out.pay_by_extended = extended != 0;
    if (ask_payment_at != 0) out.ask_payment_at = base::Instant{ask_payment_at};
    out.paid = paid != 0;
    out.asked = asked;
    out.answered = answered;
    out.escalate_by = {escalate_by};
    out.overdue_told = static_cast<int>(overdue_told);
    out.two_levels = two_levels != 0;
    out.endorsed_by = endorsed_by;
    if (suspended_from != 0) out.suspended_from = base::Instant{suspended_from};
    read_details(details, out);
    return out;
}

}  // namespace preau::booking
