#include "shared/wire/space.hpp"

#include <algorithm>
#include <utility>

#include "shared/json/fields.hpp"
#include "shared/rules/vocabulary.hpp"
#include "shared/wire/members.hpp"

namespace preau::wire {
namespace {

constexpr json::TextBounds kWord{.length_min = 1, .length_max = 60};
constexpr json::TextBounds kName{.length_min = 1, .length_max = 200};
constexpr json::TextBounds kMaybe{.length_min = 0, .length_max = 200};
constexpr json::IntegerBounds kPersons{.min = 0, .max = 100'000};
constexpr json::IntegerBounds kDays{.min = 0, .max = 1'000};
constexpr json::IntegerBounds kBuffer_min{.min = 0, .max = 720};
constexpr json::IntegerBounds kDuration_min{.min = 15, .max = 1'440};
constexpr int kQuarter_min = 15;

int whole(json::Fields& in, std::string_view name, json::IntegerBounds bounds) {
    return static_cast<int>(in.integer(name, bounds));
}

double degrees(json::Fields& in, const nlohmann::json& object, std::string_view name,
               double limit) {
    const auto at = object.find(name);
    const double value = at != object.end() && at->is_number() ? at->get<double>() : limit + 1;
    if (value < -limit || value > limit) in.refuse(name, "range");
    return value;
}

nlohmann::json date_or_null(const std::optional<time::Date>& date) {
    return date ? nlohmann::json(date->iso()) : nlohmann::json(nullptr);
}

nlohmann::json frame_json(const rules::Frame& frame) {
    nlohmann::json out = {{"periods", nlohmann::json::array()},
                          {"weekdays", nlohmann::json::array()},
                          {"valid_from", date_or_null(frame.valid_from)},
                          {"valid_until", date_or_null(frame.valid_until)}};
    for (const auto period : frame.periods)
        out["periods"].push_back(rules::to_string(period));
    for (const auto day : frame.weekdays)
        out["weekdays"].push_back(time::to_string(day));
    put_span(out, frame.start_minute, frame.end_minute);
    return out;
}

nlohmann::json exception_json(const rules::DayException& exception) {
    nlohmann::json ranges = nlohmann::json::array();
    for (const auto& range : exception.ranges) {
        nlohmann::json one = nlohmann::json::object();
        put_span(one, range.start_minute, range.end_minute);
        ranges.push_back(std::move(one));
    }
    return {{"date", exception.date.iso()},
            {"closed", exception.ranges.empty()},
            {"ranges", std::move(ranges)},
            {"reason", exception.reason}};
}

nlohmann::json offer_json(const rules::Offer& offer) {
    nlohmann::json parts = nlohmann::json::array();
    for (const auto& part : offer.parts)
        parts.push_back(part.str());
    return {{"offer_id", offer.id.str()},
            {"name", offer.name},
            {"part_ids", std::move(parts)},
            {"capacity", offer.capacity},
            {"tariff_kind", offer.tariff_kind},
            {"grid_min", offer.grid_min},
            {"duration_min_min", offer.duration_min_min},
            {"duration_max_min", offer.duration_max_min},
            {"notice_days", offer.notice_days},
            {"horizon_days", offer.horizon_days},
            {"buffer_before_min", offer.buffer_before_min},
            {"buffer_after_min", offer.buffer_after_min},
            {"mode", offer.instant ? "instant" : "request"},
            {"active", offer.active}};
}

/// A span of opening: its end after its start, at most a day and a half of the clock later.
MinuteSpan opening_span(json::Fields& in) {
    const MinuteSpan span = span_of(in);
    if (span.end <= span.start) in.refuse("end_time", "invalid_interval");
    return span;
}

rules::Frame frame_from(json::Fields& in, const nlohmann::json& value) {
    rules::Frame out;
    out.periods = choices_of(in, value, "periods", rules::period_from);
    out.weekdays = choices_of(in, value, "weekdays", time::weekday_from);
    const MinuteSpan span = opening_span(in);
    out.start_minute = span.start;
    out.end_minute = span.end;
    out.valid_from = optional_date_of(in, "valid_from");
    out.valid_until = optional_date_of(in, "valid_until");
    if (out.valid_from && out.valid_until && *out.valid_until < *out.valid_from) {
        in.refuse("valid_until", "invalid_interval");
    }
    return out;
}

rules::DayException exception_from(json::Fields& in, const nlohmann::json& value,
                                   const std::string& pointer) {
    rules::DayException out;
    out.date = date_of(in, "date");
    out.reason = in.optional_text("reason", kMaybe).value_or(std::string());
    if (in.boolean_or("closed", false)) return out;
    each(in, value, pointer, "ranges", [&](json::Fields& item, const nlohmann::json&) {
        const MinuteSpan span = opening_span(item);
        out.ranges.push_back({span.start, span.end});
    });
    if (out.ranges.empty()) in.refuse("ranges", "required");
    return out;
}

rules::Offer offer_from(json::Fields& in, const nlohmann::json& value) {
    rules::Offer out;
    out.id = in.id<base::OfferId>("offer_id");
    out.name = in.text("name", kName);
    for (auto& text : texts_of(in, value, "part_ids")) {
        if (auto id = base::PartId::parse(text)) {
            out.parts.push_back(std::move(*id));
        } else {
            in.refuse("part_ids", "format");
        }
    }
    if (out.parts.empty()) in.refuse("part_ids", "required");
    std::ranges::sort(out.parts);
    out.capacity = whole(in, "capacity", kPersons);
    out.tariff_kind = in.text("tariff_kind", kWord);
    out.grid_min = whole(in, "grid_min", kDuration_min);
    if (out.grid_min % kQuarter_min != 0) in.refuse("grid_min", "range", "a multiple of 15");
    out.duration_min_min = whole(in, "duration_min_min", kDuration_min);
    out.duration_max_min = whole(in, "duration_max_min", kDuration_min);
    out.notice_days = whole(in, "notice_days", kDays);
    out.horizon_days = whole(in, "horizon_days", kDays);
    out.buffer_before_min = whole(in, "buffer_before_min", kBuffer_min);
    out.buffer_after_min = whole(in, "buffer_after_min", kBuffer_min);
    out.instant = in.choice("mode", {"request", "instant"}) == 1;
    out.active = in.boolean("active");
    return out;
}

void read_identity(json::Fields& in, Space& out) {
    out.id = in.id<base::SpaceId>("space_id");
    out.body = in.id<base::BodyId>("body_id");
    out.site = in.id<base::SiteId>("site_id");
    out.establishment = in.id<base::EstablishmentId>("establishment_id");
    out.slug = in.text("slug", kName);
    out.name = in.text("name", kName);
    const auto kinds = rules::kind_words();
    out.kind = kinds[in.choice("kind", {kinds.begin(), kinds.end()})];
    out.published = in.boolean("published");
    out.demonstration = in.boolean("demonstration");
    out.version = in.integer("version", {.min = 0, .max = 1'000'000'000'000});
}

void read_place(json::Fields& in, const nlohmann::json& value, Space& out) {
    out.zone = in.text("zone", kWord);
    out.school_zone = in.optional_text("school_zone", kWord).value_or(std::string());
    out.territory = in.optional_text("territory", kWord).value_or(std::string());
    out.lat = degrees(in, value, "lat", 90);
    out.lon = degrees(in, value, "lon", 180);
    out.commune_insee = in.optional_text("commune_insee", kMaybe).value_or(std::string());
    out.commune_name = in.optional_text("commune_name", kMaybe).value_or(std::string());
    out.establishment_name = in.optional_text("establishment_name", kMaybe).value_or(std::string());
}

void read_parts_and_offers(json::Fields& in, const nlohmann::json& value, Space& out) {
    each(in, value, "", "parts", [&](json::Fields& item, const nlohmann::json&) {
        Part part;
        part.id = item.id<base::PartId>("part_id");
        part.name = item.optional_text("name", kMaybe).value_or(std::string());
        out.parts.push_back(std::move(part));
    });
    each(in, value, "", "offers", [&](json::Fields& item, const nlohmann::json& offer) {
        out.offers.push_back(offer_from(item, offer));
    });
    for (const auto& offer : out.offers) {
        for (const auto& part : offer.parts) {
            const bool known = std::ranges::find(out.parts, part, &Part::id) != out.parts.end();
            if (!known) in.refuse("offers", "unknown", "part " + part.str());
        }
    }
}

}  // namespace

nlohmann::json to_json(const rules::Opening& opening) {
    nlohmann::json out = {{"frames", nlohmann::json::array()},
                          {"exceptions", nlohmann::json::array()},
                          {"open_on_public_holidays", opening.open_on_public_holidays}};
    for (const auto& frame : opening.frames)
        out["frames"].push_back(frame_json(frame));
    for (const auto& exception : opening.exceptions) {
        out["exceptions"].push_back(exception_json(exception));
    }
    return out;
}

base::Result<rules::Opening> opening_from_json(const nlohmann::json& value, std::string pointer) {
    rules::Opening out;
    json::Fields in(value, pointer);
    if (auto bad = in.errors()) return std::unexpected(*bad);
    each(in, value, pointer, "frames", [&](json::Fields& item, const nlohmann::json& frame) {
        out.frames.push_back(frame_from(item, frame));
    });
    std::size_t index = 0;
    each(in, value, pointer, "exceptions", [&](json::Fields& item, const nlohmann::json& one) {
        out.exceptions.push_back(
            exception_from(item, one, pointer + "/exceptions/" + std::to_string(index++)));
    });
    out.open_on_public_holidays = in.boolean_or("open_on_public_holidays", false);
    std::ranges::sort(out.exceptions, {}, &rules::DayException::date);
    const auto twice = std::ranges::adjacent_find(out.exceptions, {}, &rules::DayException::date);
    if (twice != out.exceptions.end()) in.refuse("exceptions", "duplicate", twice->date.iso());
    if (auto bad = in.errors()) return std::unexpected(*bad);
    return out;
}

nlohmann::json to_json(const Space& space) {
    nlohmann::json parts = nlohmann::json::array();
    for (const auto& part : space.parts) {
        parts.push_back({{"part_id", part.id.str()}, {"name", part.name}});
    }
    nlohmann::json offers = nlohmann::json::array();
    for (const auto& offer : space.offers)
        offers.push_back(offer_json(offer));
    return {{"space_id", space.id.str()},
            {"body_id", space.body.str()},
            {"site_id", space.site.str()},
            {"establishment_id", space.establishment.str()},
            {"slug", space.slug},
            {"name", space.name},
            {"kind", space.kind},
            {"capacity_seated", space.capacity_seated},
            {"capacity_standing", space.capacity_standing},
            {"area_m2", space.area_m2},
            {"floor_step_free", space.step_free},
            {"equipment", space.equipment},
            {"purposes", space.purposes},
            {"published", space.published},
            {"demonstration", space.demonstration},
            {"zone", space.zone},
            {"school_zone", space.school_zone.empty() ? nlohmann::json(nullptr)
                                                      : nlohmann::json(space.school_zone)},
            {"territory", space.territory},
            {"lat", space.lat},
            {"lon", space.lon},
            {"commune_insee", space.commune_insee},
            {"commune_name", space.commune_name},
            {"establishment_name", space.establishment_name},
            {"hold_policy", space.pending_holds ? "hold" : "no_hold"},
            {"approval", space.two_levels ? "college_then_body" : "college"},
            {"auto_accept", space.auto_accept},
            {"parts", std::move(parts)},
            {"offers", std::move(offers)},
            {"opening", to_json(space.opening)},
            {"version", space.version}};
}

base::Result<Space> space_from_json(const nlohmann::json& value) {
    Space out;
    json::Fields in(value);
    if (auto bad = in.errors()) return std::unexpected(*bad);
    read_identity(in, out);
    read_place(in, value, out);
    out.capacity_seated = whole(in, "capacity_seated", kPersons);
    out.capacity_standing = whole(in, "capacity_standing", kPersons);
    out.area_m2 = whole(in, "area_m2", kPersons);
    out.step_free = in.boolean("floor_step_free");
    out.equipment = texts_of(in, value, "equipment");
    out.purposes = texts_of(in, value, "purposes");
    out.pending_holds = in.choice("hold_policy", {"hold", "no_hold"}) == 0;
    // Spaces told before these were known.
    out.two_levels =
        in.optional_choice("approval", {"college", "college_then_body"}).value_or(0) == 1;
    out.auto_accept = in.boolean_or("auto_accept", false);
    read_parts_and_offers(in, value, out);
    auto opening = opening_from_json(in.object("opening"), "/opening");
    if (opening) {
        out.opening = std::move(*opening);
    } else {
        in.absorb(opening.error());
    }
    if (auto bad = in.errors()) return std::unexpected(*bad);
    return out;
}

}  // namespace preau::wire
