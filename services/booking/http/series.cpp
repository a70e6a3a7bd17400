// The dates of a booking one by one: give back, end, add again, move; what may still be edited.

#include "services/booking/http/acts.hpp"
#include "shared/wire/members.hpp"

namespace preau::booking::http {

namespace {

Outcome<Booking> give_back(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                           json::Fields& in) {
    const auto dates = occurrence_ids_of(in);
    if (auto bad = faults(in)) return *std::move(bad);
    return api.desk.give_back(tx, actor, given.id, given.version, dates);
}

Outcome<Booking> end_series(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                            json::Fields& in) {
    const auto from = wire::date_of(in, "from");
    if (auto bad = faults(in)) return *std::move(bad);
    return api.desk.end_series(tx, actor, given.id, given.version, from);
}

Outcome<Booking> add_again(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                           json::Fields& in) {
    const auto date = in.id<base::OccurrenceId>("occurrence_id");
    if (auto bad = faults(in)) return *std::move(bad);
    return api.desk.add_again(tx, actor, given.id, given.version, date);
}

Outcome<Booking> move(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                      json::Fields& in) {
    MoveRequest wanted;
    wanted.occurrence = in.id<base::OccurrenceId>("occurrence_id");
    wanted.scope =
        static_cast<MoveScope>(in.optional_choice("scope", {"one", "following", "future"})
                                   .value_or(static_cast<std::size_t>(MoveScope::one)));
    wanted.date = wire::optional_date_of(in, "date");
    if (const auto day = in.optional_text("weekday", {.length_min = 3, .length_max = 3})) {
        wanted.weekday = time::weekday_from(*day);
        if (!wanted.weekday) in.refuse("weekday", "unknown", *day);
    }
    if (wanted.date && wanted.scope != MoveScope::one) in.refuse("date", "range", "scope one");
    if (wanted.weekday && wanted.scope == MoveScope::one) {
        in.refuse("weekday", "range", "scope following or future");
    }
    if (in.has("start_time") || in.has("end_time")) {
        const auto hours = wire::span_of(in);
        wanted.start_minute = hours.start;
        wanted.end_minute = hours.end;
    }
    if (const auto offer = in.optional_text("offer_id", {.length_min = 1, .length_max = 40})) {
        wanted.offer = base::OfferId::parse(*offer);
        if (!wanted.offer) in.refuse("offer_id", "format");
    }
    const bool anything = wanted.date || wanted.weekday || wanted.start_minute || wanted.offer;
    if (!anything && !in.errors()) in.refuse("date", "required");
    if (auto bad = faults(in)) return *std::move(bad);
    if (wanted.start_minute && *wanted.end_minute <= *wanted.start_minute) {
        return refuse_field("invalid_interval", "/end_time");
    }
    return api.desk.move(tx, actor, given.id, given.version, wanted);
}

Outcome<Booking> edit(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                      json::Fields& in) {
    EditRequest wanted;
    if (const auto people = in.optional_integer("headcount", {.min = 1, .max = 5'000})) {
        wanted.headcount = static_cast<int>(*people);
    }
    wanted.purpose = in.optional_text("purpose", {.length_min = 3, .length_max = 500});
    wanted.message = in.optional_text("message", {.length_min = 0, .length_max = 2'000});
    wanted.contact_phone = in.optional_text("contact_phone", {.length_min = 0, .length_max = 40});
    if (auto bad = faults(in)) return *std::move(bad);
    return api.desk.edit(tx, actor, given.id, given.version, wanted);
}

Outcome<Booking> shorten_buffers(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                                 json::Fields& in) {
    const auto wanted = buffers_of(in);
    if (auto bad = faults(in)) return *std::move(bad);
    return api.desk.shorten_buffers(tx, actor, given.id, given.version, wanted);
}

}  // namespace

void add_series_routes(net::Router& router, const DeskApi& api) {
    add_act(router, api, "give-back", "giveBackDates", give_back);
    add_act(router, api, "end", "endSeries", end_series);
    add_act(router, api, "add-date", "addDateAgain", add_again);
    add_act(router, api, "move", "moveDates", move);
    add_act(router, api, "edit", "editBooking", edit);
    add_act(router, api, "buffers", "shortenBuffers", shorten_buffers);
}

}  // namespace preau::booking::http
