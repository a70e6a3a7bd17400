#include "services/booking/store/details.hpp"

#include <nlohmann/json.hpp>

#include "shared/wire/tariff.hpp"
#include "shared/wire/when.hpp"

namespace preau::booking {

namespace {

nlohmann::json cancellation_json(const CancellationTerms& terms) {
    nlohmann::json steps = nlohmann::json::array();
    for (const auto& step : terms.steps) {
        steps.push_back(
            {{"ahead", step.ahead}, {"in_hours", step.in_hours}, {"percent", step.percent}});
    }
    return {{"steps", std::move(steps)}, {"given_back_days", terms.given_back_days}};
}

/// What was kept, or the terms of when nothing was kept yet.
CancellationTerms cancellation_from(const nlohmann::json& terms) {
    CancellationTerms out;
    const auto kept = terms.find("cancellation");
    if (kept == terms.end()) return out;
    out.steps.clear();
    for (const auto& step : kept->at("steps")) {
        out.steps.push_back({step.at("ahead").get<std::int64_t>(), step.at("in_hours").get<bool>(),
                             step.at("percent").get<int>()});
    }
    out.given_back_days = kept->at("given_back_days").get<std::int32_t>();
    return out;
}

nlohmann::json slot_text(const std::optional<rules::Slot>& slot) {
    if (!slot) return nullptr;
    return {{"date", slot->local_date.days},
            {"start_minute", slot->start_minute},
            {"end_minute", slot->end_minute},
            {"start", slot->interval.start.seconds},
            {"end", slot->interval.end.seconds}};
}

std::optional<rules::Slot> slot_from(const nlohmann::json& in) {
    if (!in.is_object()) return std::nullopt;
    return rules::Slot{{in.value("date", 0)},
                       in.value("start_minute", 0),
                       in.value("end_minute", 0),
                       {{in.value("start", std::int64_t{0})}, {in.value("end", std::int64_t{0})}}};
}

}  // namespace

std::string details_of(const Booking& booking) {
    nlohmann::json out{
        {"purpose", booking.purpose},
        {"headcount", booking.headcount},
        {"when", wire::to_json(booking.when)},
        {"space_name", booking.space_name},
        {"offer_name", booking.offer_name},
        {"establishment_name", booking.establishment_name},
        {"zone", booking.zone.name()},
        {"terms",
         {{"version", booking.terms.version},
          {"hash", booking.terms.hash},
          {"accepted_at", booking.terms.accepted_at.seconds},
          {"cancellation", cancellation_json(booking.terms.cancellation)}}},
    };
    for (const auto& extra : booking.extras)
        out["extras"].push_back({{"code", extra.code}, {"count", extra.count}});
    auto& parts = out["parts"] = nlohmann::json::array();
    for (const auto& part : booking.parts)
        parts.push_back(part.str());
    if (booking.message) out["message"] = *booking.message;
    if (booking.contact_phone) out["contact_phone"] = *booking.contact_phone;
    if (booking.price) out["price"] = wire::to_json(*booking.price);
    if (!booking.quote.empty()) out["quote_id"] = booking.quote;
    return out.dump();
}

void read_details(const std::string& text, Booking& into) {
    const auto in = nlohmann::json::parse(text, nullptr, false);
    if (!in.is_object()) return;
    into.purpose = in.value("purpose", "");
    into.headcount = in.value("headcount", 0);
    if (auto when = wire::when_from_json(in.value("when", nlohmann::json::object()))) {
        into.when = *std::move(when);
    }
    into.space_name = in.value("space_name", "");
    into.offer_name = in.value("offer_name", "");
    into.establishment_name = in.value("establishment_name", "");
    if (const auto zone = time::Zone::find(in.value("zone", ""))) into.zone = *zone;
    for (const auto& part : in.value("parts", nlohmann::json::array())) {
        into.parts.push_back(base::PartId::trusted(part.get<std::string>()));
    }
    if (const auto it = in.find("message"); it != in.end()) into.message = it->get<std::string>();
    if (const auto it = in.find("contact_phone"); it != in.end()) {
        into.contact_phone = it->get<std::string>();
    }
    if (const auto it = in.find("price"); it != in.end()) {
        if (auto price = wire::price_from_json(*it)) into.price = *std::move(price);
    }
    into.quote = in.value("quote_id", "");
    const auto terms = in.value("terms", nlohmann::json::object());
    into.terms = {terms.value("version", ""),
                  terms.value("hash", ""),
                  {terms.value("accepted_at", std::int64_t{0})},
                  cancellation_from(terms)};
    for (const auto& extra : in.value("extras", nlohmann::json::array())) {
        into.extras.push_back({extra.at("code").get<std::string>(), extra.at("count").get<int>()});
    }
}

namespace {

nlohmann::json ids_json(const std::vector<base::OccurrenceId>& ids) {
    auto out = nlohmann::json::array();
    for (const auto& id : ids)
        out.push_back(id.str());
    return out;
}

std::vector<base::OccurrenceId> ids_from(const nlohmann::json& in, const char* name) {
    std::vector<base::OccurrenceId> out;
    for (const auto& id : in.value(name, nlohmann::json::array()))
        out.push_back(base::OccurrenceId::trusted(id.get<std::string>()));
    return out;
}

nlohmann::json pushed_json(const PushedAside& pushed) {
    nlohmann::json out{{"by", pushed.by.str()},
                       {"dates", ids_json(pushed.dates)},
                       {"proposed", ids_json(pushed.proposed)}};
    if (pushed.proposal_price) out["proposal_price"] = wire::to_json(*pushed.proposal_price);
    if (const auto& decision = pushed.decision) {
        out["decision"] = {{"by_role", decision->by_role},
                           {"by", decision->by},
                           {"at", decision->at.seconds},
                           {"reason_code", decision->reason_code},
                           {"reason_text", decision->reason_text}};
    }
    return out;
}

PushedAside pushed_from(const nlohmann::json& in) {
    PushedAside out{BulkClosureId::trusted(in.value("by", "")),
                    ids_from(in, "dates"),
                    ids_from(in, "proposed"),
                    {},
                    {}};
    if (const auto it = in.find("proposal_price"); it != in.end()) {
        if (auto price = wire::price_from_json(*it)) out.proposal_price = *std::move(price);
    }
    if (const auto it = in.find("decision"); it != in.end()) {
        out.decision = Decision{it->value("by_role", ""),
                                it->value("by", ""),
                                {it->value("at", std::int64_t{0})},
                                it->value("reason_code", ""),
                                it->value("reason_text", "")};
    }
    return out;
}

}  // namespace

std::string before_text(const Before& before) {
    if (before.pushed) return nlohmann::json{{"pushed", pushed_json(*before.pushed)}}.dump();
    if (before.left_out.empty() && !before.lowered) return {};
    nlohmann::json out{{"payment", before.payment},
                       {"left_out", ids_json(before.left_out)},
                       {"lowered", before.lowered}};
    if (before.price) out["price"] = wire::to_json(*before.price);
    return out.dump();
}

Before before_from(const std::string& text) {
    Before out;
    const auto in = nlohmann::json::parse(text, nullptr, false);
    if (!in.is_object()) return out;
    out.payment = in.value("payment", "");
    out.lowered = in.value("lowered", false);
    out.left_out = ids_from(in, "left_out");
    if (const auto it = in.find("price"); it != in.end()) {
        if (auto price = wire::price_from_json(*it)) out.price = *std::move(price);
    }
    if (const auto it = in.find("pushed"); it != in.end()) out.pushed = pushed_from(*it);
    return out;
}

std::string changes_of(const HistoryLine& line) {
    if (line.dates.empty() && line.fields.empty()) return {};
    auto dates = nlohmann::json::array();
    for (const auto& one : line.dates) {
        dates.push_back({{"id", one.occurrence.str()},
                         {"before", slot_text(one.before)},
                         {"after", slot_text(one.after)}});
    }
    auto fields = nlohmann::json::array();
    for (const auto& one : line.fields)
        fields.push_back({{"name", one.name}, {"before", one.before}, {"after", one.after}});
    return nlohmann::json{{"dates", std::move(dates)}, {"fields", std::move(fields)}}.dump();
}

void read_changes(const std::string& text, HistoryLine& into) {
    into.dates.clear();
    into.fields.clear();
    const auto in = nlohmann::json::parse(text, nullptr, false);
    if (!in.is_object()) return;
    for (const auto& one : in.value("dates", nlohmann::json::array())) {
        into.dates.push_back({base::OccurrenceId::trusted(one.value("id", "")),
                              slot_from(one.value("before", nlohmann::json())),
                              slot_from(one.value("after", nlohmann::json()))});
    }
    for (const auto& one : in.value("fields", nlohmann::json::array())) {
        into.fields.push_back(
            {one.value("name", ""), one.value("before", ""), one.value("after", "")});
    }
}

}  // namespace preau::booking
