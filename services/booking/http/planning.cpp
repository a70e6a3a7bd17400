// GET /v1/planning: some days of an establishment, for those who work there.

#include <charconv>

#include "services/booking/http/render.hpp"
#include "services/booking/http/unsafe.hpp"

namespace preau::booking::http {

namespace {

constexpr int kDaysDefault = 7;
constexpr int kDaysMax = 31;

struct Days {
    base::EstablishmentId establishment;
    time::Date from;
    int count = kDaysDefault;
};

base::Result<Days> days_of(const net::Request& request) {
    std::vector<base::FieldError> faults;
    const auto id = base::EstablishmentId::parse(request.query.get("establishment_id"));
    if (!id) faults.push_back({"/query/establishment_id", "required", {}});
    const auto from = time::Date::parse(request.query.get("from"));
    if (!from) faults.push_back({"/query/from", "format", {}});
    Days out;
    if (const auto text = request.query.find("days")) {
        const auto [end, bad] =
            std::from_chars(text->data(), text->data() + text->size(), out.count);
        if (bad != std::errc{} || end != text->data() + text->size() || out.count < 1 ||
            out.count > kDaysMax) {
            faults.push_back({"/query/days", "range", "1.." + std::to_string(kDaysMax)});
        }
    }
    if (!faults.empty()) return std::unexpected(base::Error{"invalid", {}, std::move(faults)});
    out.establishment = *id;
    out.from = *from;
    return out;
}

nlohmann::json planned_json(const Booking& booking) {
    auto dates = nlohmann::json::array();
    for (const auto& one : booking.occurrences)
        dates.push_back(occurrence_json(one, booking.zone));
    auto parts = nlohmann::json::array();
    for (const auto& part : booking.parts)
        parts.push_back(part.str());
    return {{"booking_id", booking.id.str()},
            {"reference", booking.reference},
            {"state", to_string(booking.state)},
            {"origin", booking.origin},
            {"organisation_id", booking.organisation.str()},
            {"space_id", booking.space.str()},
            {"offer_id", booking.offer.str()},
            {"offer_name", booking.offer_name},
            {"part_ids", std::move(parts)},
            {"purpose", booking.purpose},
            {"headcount", booking.headcount},
            {"occurrences", std::move(dates)}};
}

nlohmann::json planning_json(const Planning& planning, const Days& days) {
    auto items = nlohmann::json::array();
    for (const auto& booking : planning.bookings)
        items.push_back(planned_json(booking));
    auto closures = nlohmann::json::array();
    for (const auto& closure : planning.closures)
        closures.push_back(http::to_json(closure));
    return {{"establishment_id", days.establishment.str()},
            {"from", days.from.iso()},
            {"days", days.count},
            {"zone", planning.zone.name()},
            {"items", std::move(items)},
            {"closures", std::move(closures)}};
}

}  // namespace

void add_planning_routes(net::Router& router, const DeskApi& api) {
    router.add(
        net::Method::get, "/v1/planning", "readPlanning", [api](const net::Request& request) {
            const auto days = days_of(request);
            return run_read(
                api, request, [&](Tx& tx, const Actor& actor) -> Outcome<nlohmann::json> {
                    if (!days) return std::unexpected(Refusal(days.error()));
                    const auto found =
                        api.desk.planning(tx, actor, days->establishment, days->from, days->count);
                    if (!found) return std::unexpected(found.error());
                    return planning_json(*found, *days);
                });
        });
}

}  // namespace preau::booking::http
