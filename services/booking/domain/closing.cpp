#include "services/booking/domain/closing.hpp"

#include <algorithm>

namespace preau::booking {

namespace {
constexpr std::int32_t kDaysMax = 550;
constexpr std::size_t kIntervalsMax = 6'000;
}  // namespace

Outcome<ClosingPlace> closing_place(Tx& tx, const ClosureRequest& request) {
    ClosingPlace out;
    if (request.site) {
        out.spaces = tx.spaces_of_site(*request.site);
        if (out.spaces.empty()) return refuse_field("not_found", "/site_id");
    } else if (request.space) {
        if (auto space = tx.space(*request.space)) out.spaces.push_back(std::move(space));
        if (out.spaces.empty()) return refuse_field("not_found", "/space_id");
    } else {
        for (const auto& part : request.parts) {
            auto space = tx.space_of_part(part);
            if (!space) return refuse_field("not_found", "/part_ids");
            out.spaces.push_back(std::move(space));
            out.parts.push_back(part);
        }
        if (out.spaces.empty()) return refuse_input("/part_ids", "required");
    }
    if (request.site || request.space) {
        for (const auto& space : out.spaces) {
            out.parts.insert(out.parts.end(), space->parts.begin(), space->parts.end());
        }
    }
    std::ranges::sort(out.parts);
    const auto [first, last] = std::ranges::unique(out.parts);
    out.parts.erase(first, last);
    const auto& site = out.spaces.front()->site;
    if (std::ranges::any_of(out.spaces, [&](const auto& s) { return s->site != site; })) {
        return refuse_field("invalid", "/part_ids", "parts of several sites");
    }
    return out;
}

Outcome<std::vector<time::Interval>> closing_hours(const ClosureRequest& request,
                                                   const time::Zone& zone) {
    if (request.until < request.from) return refuse_field("invalid_interval", "/until");
    if (request.until - request.from > kDaysMax) {
        return refuse_input("/until", "range", std::to_string(kDaysMax));
    }
    std::vector<time::Interval> out;
    if (!request.start_minute || !request.end_minute) {
        out.push_back(
            {zone.instant_or_jump(request.from, 0), zone.instant_or_jump(request.until + 1, 0)});
        return out;
    }
    if (*request.end_minute <= *request.start_minute) {
        return refuse_field("invalid_interval", "/end_time");
    }
    for (auto day = request.from; day <= request.until; day = day + 1) {
        const time::Interval hours{zone.instant_or_jump(day, *request.start_minute),
                                   zone.instant_or_jump(day, *request.end_minute)};
        if (!hours.empty()) out.push_back(hours);
    }
    if (out.empty()) return refuse_field("invalid_interval", "/start_time");
    return out;
}

Outcome<Closure> compose_closure(const ClosingPlace& place, const ClosureRequest& request,
                                 std::string created_by, base::Instant now) {
    const Space& first = *place.spaces.front();
    const auto hours = closing_hours(request, first.zone);
    if (!hours) return std::unexpected(hours.error());
    if (hours->back().end <= now) return refuse_field("past_start", "/until");
    if (hours->size() * place.parts.size() > kIntervalsMax) {
        return refuse_input("/until", "range", std::to_string(kIntervalsMax));
    }
    Closure closure;
    closure.id = base::ClosureId::make();
    closure.body = first.body;
    closure.establishment = first.establishment;
    closure.site = first.site;
    closure.kind = request.kind;
    closure.reason = request.reason;
    closure.from = request.from;
    closure.until = request.until;
    closure.start_minute = request.start_minute;
    closure.end_minute = request.end_minute;
    closure.created_by = std::move(created_by);
    closure.created_at = now;
    closure.zone = first.zone;
    for (const auto& part : place.parts) {
        for (const auto& interval : *hours)
            closure.intervals.push_back({part, interval});
    }
    return closure;
}

std::vector<PartInterval> still_to_come(const std::vector<PartInterval>& intervals,
                                        base::Instant now) {
    std::vector<PartInterval> out;
    for (auto one : intervals) {
        one.interval.start = std::max(one.interval.start, now);
        if (!one.interval.empty()) out.push_back(one);
    }
    return out;
}

}  // namespace preau::booking
