#include "services/booking/http/render.hpp"

#include "services/booking/domain/reasons.hpp"
#include "shared/wire/tariff.hpp"
#include "shared/wire/when.hpp"

namespace preau::booking::http {

namespace {

using nlohmann::json;

json slot_json(const rules::Slot& slot, const time::Zone& zone) {
    return wire::to_json(slot, zone);
}

json text_or_null(const std::string& text) {
    return text.empty() ? json(nullptr) : json(text);
}

json interval_json(const time::Interval& interval, const time::Zone& zone) {
    return {{"start", zone.rfc3339(interval.start)}, {"end", zone.rfc3339(interval.end)}};
}

json decision_json(const std::optional<Decision>& decision, const time::Zone& zone) {
    if (!decision) return nullptr;
    return {{"by_role", decision->by_role},
            {"at", zone.rfc3339(decision->at)},
            {"reason_code", text_or_null(decision->reason_code)},
            {"reason_text", text_or_null(decision->reason_text)}};
}

json dated(const JudgedSlot& one, const time::Zone& zone) {
    json out{{"slot", slot_json(one.slot, zone)}, {"state", rules::to_string(one.state)}};
    out["reason"] = text_or_null(one.conflict.reason);
    if (!one.conflict.via.empty()) out["via"] = one.conflict.via;
    if (one.conflict.clash) out["clash"] = interval_json(*one.conflict.clash, zone);
    return out;
}

json dated_list(const std::vector<JudgedSlot>& dates, const time::Zone& zone) {
    json out = json::array();
    for (const auto& one : dates)
        out.push_back(dated(one, zone));
    return out;
}

json affiliation_json(const Affiliation& affiliation) {
    json out{{"status", affiliation.status},
             {"category", std::string(1, affiliation.category)},
             {"category_ground", text_or_null(affiliation.category_ground)}};
    out["contract_signed_on"] = affiliation.contract_signed_on
                                    ? json(affiliation.contract_signed_on->iso())
                                    : json(nullptr);
    out["insurance_valid_until"] = affiliation.insurance_valid_until
                                       ? json(affiliation.insurance_valid_until->iso())
                                       : json(nullptr);
    return out;
}

json payment_json(const std::optional<PaymentFacts>& facts) {
    if (!facts) return nullptr;
    return {{"payment_id", facts->id.str()},
            {"status", facts->status},
            {"refund_state", facts->refund_state},
            {"refunded_amount", wire::money(facts->refunded)},
            {"public_ref", facts->public_ref}};
}

/// Without its dates in lists, which do not load them.
json proposal_json(const std::optional<Proposal>& proposal, const time::Zone& zone) {
    if (!proposal) return nullptr;
    json out{{"id", proposal->id.str()},
             {"space_id", proposal->space.str()},
             {"offer_id", proposal->offer.str()},
             {"space_name", proposal->space_name},
             {"offer_name", proposal->offer_name},
             {"when", wire::to_json(proposal->when)},
             {"message", proposal->message},
             {"by_role", proposal->by_role},
             {"made_at", zone.rfc3339(proposal->made_at)},
             {"deadline", zone.rfc3339(proposal->deadline)},
             {"price", proposal->price ? wire::to_json(*proposal->price) : json(nullptr)},
             {"requirement", {{"payment", proposal->payment}}}};
    if (proposal->occurrences.empty()) return out;
    auto& occurrences = out["occurrences"] = json::array();
    for (const auto& one : proposal->occurrences)
        occurrences.push_back(occurrence_json(one, zone));
    return out;
}

json debt_json(const Debt& debt) {
    return {{"state", to_string(debt.state)},
            {"overdue", wire::money(debt.overdue)},
            {"days", debt.days}};
}

json cancellation_json(const CancellationTerms& terms) {
    json steps = json::array();
    for (const auto& step : terms.steps) {
        steps.push_back({{"ahead", step.ahead},
                         {"unit", step.in_hours ? "hour" : "day"},
                         {"percent", step.percent}});
    }
    return {{"steps", std::move(steps)}, {"given_back_days", terms.given_back_days}};
}

json extras_json(const std::vector<rules::Extra>& extras) {
    json out = json::array();
    for (const auto& extra : extras)
        out.push_back(wire::to_json(extra));
    return out;
}

json minute_or_null(const std::optional<time::Minute>& minute) {
    return minute ? json(time::format_minute(*minute)) : json(nullptr);
}

}  // namespace

json occurrence_json(const Occurrence& one, const time::Zone& zone) {
    return {{"id", one.id.str()},
            {"slot", slot_json(one.slot, zone)},
            {"state", to_string(one.state)},
            {"reason", text_or_null(one.reason)}};
}

json summary_json(const Booking& booking) {
    const auto& zone = booking.zone;
    json out{
        {"id", booking.id.str()},
        {"reference", booking.reference},
        {"state", to_string(booking.state)},
        {"version", booking.version},
        {"origin", booking.origin},
        {"channel", booking.channel},
        {"organisation_id", booking.organisation.str()},
        {"requester_id", booking.requester},
        {"body_id", booking.body.str()},
        {"establishment_id", booking.establishment.str()},
        {"site_id", booking.site.str()},
        {"space_id", booking.space.str()},
        {"offer_id", booking.offer.str()},
        {"space_name", booking.space_name},
        {"offer_name", booking.offer_name},
        {"establishment_name", booking.establishment_name},
        {"purpose", booking.purpose},
        {"headcount", booking.headcount},
        {"message", booking.message ? json(*booking.message) : json(nullptr)},
        {"contact_phone", booking.contact_phone ? json(*booking.contact_phone) : json(nullptr)},
        {"when", wire::to_json(booking.when)},
        {"zone", zone.name()},
        {"dates_count", booking.dates_count},
        {"first_start", zone.rfc3339(booking.first_start)},
        {"last_end", zone.rfc3339(booking.last_end)},
        {"category", std::string(1, booking.category)},
        {"free_ground", text_or_null(booking.free_ground)},
        {"price", booking.price ? wire::to_json(*booking.price) : json(nullptr)},
        {"requirement",
         {{"agreement", "not_required"},
          {"payment", booking.payment},
          {"pay_by", booking.pay_by ? json(zone.rfc3339(*booking.pay_by)) : json(nullptr)}}},
        {"payment", payment_json(booking.payment_facts)},
        {"approval", booking.two_levels ? "college_then_body" : "college"},
        {"submitted_at", zone.rfc3339(booking.submitted_at)},
        {"answer_by", zone.rfc3339(booking.answer_by)},
        {"decision", decision_json(booking.decision, zone)},
        {"asked", text_or_null(booking.asked)},
        {"answered", text_or_null(booking.answered)},
        {"proposal", proposal_json(booking.proposal, zone)},
        {"terms",
         {{"version", booking.terms.version},
          {"hash", booking.terms.hash},
          {"accepted_at", zone.rfc3339(booking.terms.accepted_at)},
          {"cancellation", cancellation_json(booking.terms.cancellation)}}},
    };
    // What a closure took comes back with the closure, not one by one.
    const bool undoable = booking.deferred && !booking.deferred->before.pushed;
    out["undo_until"] =
        undoable ? json(zone.rfc3339(booking.deferred->effective_at)) : json(nullptr);
    return out;
}

json joined_json(const Booking& booking) {
    return {{"id", booking.id.str()},
            {"reference", booking.reference},
            {"state", to_string(booking.state)},
            {"establishment_id", booking.establishment.str()},
            {"space_name", booking.space_name},
            {"offer_name", booking.offer_name},
            {"establishment_name", booking.establishment_name},
            {"when", wire::to_json(booking.when)},
            {"price", booking.price ? wire::to_json(*booking.price) : json(nullptr)}};
}

json to_json(const Booking& booking) {
    json out = summary_json(booking);
    out["buffers"] = nullptr;
    if (const auto buffers = booking.buffers()) {
        out["buffers"] = {{"before_min", buffers->before_s / 60},
                          {"after_min", buffers->after_s / 60}};
    }
    out["credit"] = wire::money(credit_of(booking));
    auto& occurrences = out["occurrences"] = json::array();
    for (const auto& one : booking.occurrences) {
        occurrences.push_back(occurrence_json(one, booking.zone));
    }
    return out;
}

json to_json(const Booking& booking, const BookingActs& acts) {
    json out = to_json(booking);
    const auto named = [](std::initializer_list<std::pair<bool, const char*>> all) {
        json names = json::array();
        for (const auto& [may, name] : all) {
            if (may) names.push_back(name);
        }
        return names;
    };
    for (std::size_t i = 0; i < acts.dates.size(); ++i) {
        const auto& one = acts.dates[i];
        auto& row = out["occurrences"][i];
        row["acts"] =
            named({{one.give_back, "give_back"}, {one.move, "move"}, {one.add_again, "add_again"}});
        row["credited"] = one.give_back && one.credited;
    }
    out["acts"] = named({{acts.edit, "edit"},
                         {acts.shorten_buffers, "shorten_buffers"},
                         {acts.end_from.has_value(), "end_series"}});
    out["end_series_from"] = acts.end_from ? json(acts.end_from->iso()) : json(nullptr);
    return out;
}

json to_json(const Quote& quote, const Terms& terms) {
    const auto& zone = quote.place.space->zone;
    const auto& price = quote.priced.price;
    json skipped = json::array();
    for (const auto& one : quote.skipped)
        skipped.push_back(wire::to_json(one));
    return {
        {"quote_id", text_or_null(quote.id.str())},
        {"valid_until", quote.id.empty() ? json(nullptr) : json(zone.rfc3339(quote.valid_until))},
        {"space_id", quote.place.space->id.str()},
        {"offer_id", quote.place.offer->id.str()},
        {"dates", dated_list(quote.dates, zone)},
        {"skipped", std::move(skipped)},
        {"free_count", quote.free_count},
        {"total_count", quote.dates.size()},
        {"terms",
         {{"version", terms.version},
          {"hash", terms.hash},
          {"title", terms.title},
          {"url", "/v1/terms?body_id=" + quote.place.space->body.str()}}},
        {"category", std::string(1, quote.affiliation.category)},
        {"affiliation_status", quote.affiliation.status},
        {"ground_needed", quote.ground_needed},
        {"debt", debt_json(quote.debt)},
        {"papers",
         {{"contract_needed", quote.contract_needed}, {"uninsured_count", quote.uninsured_count}}},
        {"price", price ? wire::to_json(*price) : json(nullptr)},
        {"price_problem", text_or_null(quote.priced.problem)},
        {"extras_offered", extras_json(quote.extras_offered)},
        {"requirement", price ? json{{"payment", quote.payment}} : json(nullptr)},
        {"decision", {{"who", "college"}, {"expected_by", zone.rfc3339(quote.expected_by)}}},
    };
}

json to_json(const Checks& checks, const Booking& booking) {
    const auto& zone = booking.zone;
    json conflicts = json::array();
    for (const auto& one : checks.dates) {
        if (one.state != rules::SlotState::free) conflicts.push_back(dated(one, zone));
    }
    json competing = json::array();
    for (const auto& one : checks.competing) {
        json dates = json::array();
        for (const auto& interval : one.overlaps)
            dates.push_back(interval_json(interval, zone));
        competing.push_back({{"booking_id", one.id.str()},
                             {"reference", one.reference},
                             {"organisation_id", one.organisation.str()},
                             {"submitted_at", zone.rfc3339(one.submitted_at)},
                             {"dates", std::move(dates)}});
    }
    json acts = json::array();
    for (const auto act : checks.acts)
        acts.push_back(to_string(act));
    json affiliation = affiliation_json(checks.affiliation);
    affiliation["insurance_covers_all"] = checks.insurance_covers_all;
    return {
        {"booking_id", booking.id.str()},
        {"version", booking.version},
        {"dates_total", checks.dates.size()},
        {"conflicts", std::move(conflicts)},
        {"competing", std::move(competing)},
        {"capacity",
         {{"headcount", booking.headcount},
          {"capacity", checks.capacity},
          {"ok", checks.capacity == 0 || booking.headcount <= checks.capacity}}},
        {"affiliation", std::move(affiliation)},
        {"ground_needed", checks.ground_needed},
        {"acts", std::move(acts)},
        {"auto_accept", {{"opted_in", checks.auto_accept}, {"obstacles", checks.auto_obstacles}}},
        {"refusal_codes", refusal_codes},
        {"contract_needed", checks.contract_needed},
        {"debt", debt_json(checks.debt)},
        {"past",
         {{"accepted", checks.past.accepted},
          {"refused", checks.past.refused},
          {"withdrawn", checks.past.withdrawn},
          {"cancelled", checks.past.cancelled},
          {"expired", checks.past.expired},
          {"no_show", checks.past.no_show}}}};
}

json to_json(const Closure& closure) {
    json intervals = json::array();
    json parts = json::array();
    for (const auto& one : closure.intervals) {
        if (parts.empty() || parts.back() != one.part.str()) parts.push_back(one.part.str());
        json row = interval_json(one.interval, closure.zone);
        row["part_id"] = one.part.str();
        intervals.push_back(std::move(row));
    }
    return {{"id", closure.id.str()},
            {"bulk_closure_id", text_or_null(closure.bulk.str())},
            {"body_id", closure.body.str()},
            {"establishment_id", closure.establishment.str()},
            {"site_id", closure.site.str()},
            {"kind", to_string(closure.kind)},
            {"reason", closure.reason},
            {"from", closure.from.iso()},
            {"until", closure.until.iso()},
            {"start_time", minute_or_null(closure.start_minute)},
            {"end_time", minute_or_null(closure.end_minute)},
            {"part_ids", std::move(parts)},
            {"intervals", std::move(intervals)},
            {"active", closure.active},
            {"version", closure.version},
            {"created_at", closure.zone.rfc3339(closure.created_at)}};
}

json to_json(const BulkClosure& bulk) {
    const auto zone = time::Zone::paris();  // of the administration, not of a site
    json sites = json::array();
    for (const auto& one : bulk.sites) {
        sites.push_back({{"site_id", one.site.str()},
                         {"establishment_id", one.establishment.str()},
                         {"state", to_string(one.state)},
                         {"closure_id", text_or_null(one.closure.str())},
                         {"bookings_touched", one.pushed_count},
                         {"bookings_restored", one.restored_count}});
    }
    const bool open = bulk.state == BulkState::open && bulk.undo_until;
    return {{"id", bulk.id.str()},
            {"body_id", bulk.body.str()},
            {"state", to_string(bulk.state)},
            {"kind", to_string(bulk.kind)},
            {"reason", bulk.reason},
            {"from", bulk.from.iso()},
            {"until", bulk.until.iso()},
            {"start_time", minute_or_null(bulk.start_minute)},
            {"end_time", minute_or_null(bulk.end_minute)},
            {"created_at", zone.rfc3339(bulk.created_at)},
            {"undo_until", open ? json(zone.rfc3339(*bulk.undo_until)) : json(nullptr)},
            {"sites", std::move(sites)}};
}

namespace {

json changes_json(const HistoryLine& line, const time::Zone& zone) {
    const auto slot = [&](const std::optional<rules::Slot>& one) {
        return one ? slot_json(*one, zone) : json(nullptr);
    };
    json dates = json::array();
    for (const auto& one : line.dates) {
        dates.push_back({{"occurrence_id", one.occurrence.str()},
                         {"before", slot(one.before)},
                         {"after", slot(one.after)}});
    }
    json fields = json::array();
    for (const auto& one : line.fields)
        fields.push_back({{"name", one.name}, {"before", one.before}, {"after", one.after}});
    return {{"dates", std::move(dates)}, {"fields", std::move(fields)}};
}

}  // namespace

json to_json(const HistoryLine& line, const time::Zone& zone) {
    return {{"at", zone.rfc3339(line.at)},
            {"by_role", line.by_role},
            {"act", line.act},
            {"from", line.from ? json(to_string(*line.from)) : json(nullptr)},
            {"to", to_string(line.to)},
            {"version", line.version},
            {"reason_code", text_or_null(line.reason_code)},
            {"reason_text", text_or_null(line.reason_text)},
            {"changes", changes_json(line, zone)}};
}

json to_json(const Conflict& conflict, const time::Zone& zone) {
    json out = slot_json(conflict.slot, zone);
    out["state"] = rules::to_string(conflict.state);
    out["reason"] = text_or_null(conflict.reason);
    if (conflict.clash) out["clash"] = interval_json(*conflict.clash, zone);
    if (!conflict.via.empty()) out["via"] = conflict.via;
    return out;
}

net::Response problem(const Refusal& refusal, json more) {
    if (!refusal.conflicts.empty()) {
        auto& conflicts = more["conflicts"] = json::array();
        for (const auto& one : refusal.conflicts)
            conflicts.push_back(to_json(one, refusal.zone));
    }
    if (refusal.decision) {
        more["decision"] = {{"by_role", refusal.decision->by_role},
                            {"at", refusal.zone.rfc3339(refusal.decision->at)}};
    }
    if (refusal.state) more["state"] = to_string(*refusal.state);
    if (!refusal.touched.empty()) {
        auto& bookings = more["bookings"] = json::array();
        for (const auto& one : refusal.touched) {
            json dates = json::array();
            for (const auto& interval : one.intervals) {
                dates.push_back(interval_json(interval, refusal.zone));
            }
            bookings.push_back({{"id", one.id.str()},
                                {"reference", one.reference},
                                {"state", to_string(one.state)},
                                {"organisation_id", one.organisation.str()},
                                {"dates", std::move(dates)}});
            if (!one.site.empty()) bookings.back()["site_id"] = one.site.str();
        }
        if (refusal.touched_total > 0) more["bookings_total"] = refusal.touched_total;
    }
    auto response = net::Response::problem(refusal.error, more);
    if (refusal.error.code == "in_flight" || refusal.error.code == "overloaded") {
        response.with("Retry-After", "1");
    }
    return response;
}

}  // namespace preau::booking::http
