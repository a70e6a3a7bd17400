#include "tests/property/search/oracle.hpp"

#include <algorithm>
#include <unordered_map>

namespace preau::search::oracle {
namespace {

namespace naive = rules::naive;
using rules::Recurrence;
using rules::RecurrenceKind;

constexpr int kDayMin = 1'440;
constexpr int kStepMin = 15;

bool has(const std::vector<std::string>& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

int weekday(std::int32_t day) {
    return (day + 3) % 7;
}

/// The naive clock is asked the same again and again: what it said is kept.
struct Clock {
    std::unordered_map<std::int64_t, std::int64_t> reached;
    std::unordered_map<std::int64_t, bool> shown;
    std::unordered_map<std::int32_t, naive::Civil> civil;
};

Clock& clock() {
    static Clock kept;
    return kept;
}

std::int64_t reached(std::int32_t day, std::int64_t minute) {
    const auto [at, fresh] = clock().reached.try_emplace(day * 10'000LL + minute);
    if (fresh) at->second = naive::reached(day, minute);
    return at->second;
}

bool shown(std::int32_t day, std::int64_t minute) {
    const auto [at, fresh] = clock().shown.try_emplace(day * 10'000LL + minute);
    if (fresh) at->second = naive::shown(day, minute);
    return at->second;
}

naive::Civil civil(std::int32_t day) {
    const auto [at, fresh] = clock().civil.try_emplace(day);
    if (fresh) at->second = naive::civil(day);
    return at->second;
}

bool nth_weekday_of_month(std::int32_t day, int week) {
    const auto here = civil(day);
    if (week == rules::last_week_of_month) return civil(day + 7).month != here.month;
    return (here.day - 1) / 7 + 1 == week;
}

bool named(const Recurrence& rule, std::int32_t day) {
    if (rule.kind == RecurrenceKind::dates) {
        for (const auto date : rule.dates)
            if (date.days == day) return true;
        return false;
    }
    if (day < rule.from.days || day > rule.until.days) return false;
    if (rule.kind == RecurrenceKind::single) return day == rule.from.days;
    bool wanted = false;
    for (const auto one : rule.weekdays)
        wanted = wanted || static_cast<int>(one) == weekday(day);
    if (rule.kind == RecurrenceKind::weekly) {
        const std::int32_t monday = rule.from.days - weekday(rule.from.days);
        return wanted && (day - monday) / 7 % rule.interval_weeks == 0;
    }
    const auto first = civil(rule.from.days);
    const auto here = civil(day);
    if ((12 * (here.year - first.year) + here.month - first.month) % rule.interval_months != 0)
        return false;
    if (rule.week_of_month == 0) return here.day == first.day;
    return wanted && nth_weekday_of_month(day, rule.week_of_month);
}

bool left_out(const Recurrence& rule, const rules::Calendar& calendar, std::int32_t day) {
    for (const auto date : rule.except)
        if (date.days == day) return true;
    if (rule.skip_school_holidays) {
        for (const auto& period : calendar.school->periods)
            if (period.first_free.days <= day && day <= period.last_free.days) return true;
    }
    if (rule.skip_public_holidays) {
        for (const auto& holiday : calendar.holidays->days)
            if (holiday.date.days == day) return true;
    }
    return false;
}

/// Every rule that meets the question, in the order of preference.
std::vector<Recurrence> ways(const Question& question) {
    std::vector<Recurrence> days;
    if (question.any_weekday) {
        for (const auto one : question.when.weekdays) {
            days.push_back(question.when);
            days.back().weekdays = {one};
        }
    } else {
        days.push_back(question.when);
    }
    if (question.length_min == 0) return days;
    std::vector<Recurrence> out;
    for (const auto& rule : days) {
        for (int start = 0; start < kDayMin; start += kStepMin) {
            if (start < rule.start_minute || start + question.length_min > rule.end_minute)
                continue;
            out.push_back(rule);
            out.back().start_minute = start;
            out.back().end_minute = start + question.length_min;
        }
    }
    return out;
}

bool shaped(const Recurrence& rule, const rules::Offer& offer) {
    const int length = rule.end_minute - rule.start_minute;
    return rule.start_minute % offer.grid_min == 0 && length % offer.grid_min == 0 &&
           offer.duration_min_min <= length && length <= offer.duration_max_min;
}

int persons(const wire::Space& space, const rules::Offer& offer, Posture posture) {
    if (posture == Posture::any) return offer.capacity;
    const int of_whole =
        posture == Posture::seated ? space.capacity_seated : space.capacity_standing;
    const int whole = std::max(space.capacity_seated, space.capacity_standing);
    return offer.capacity >= whole ? of_whole : of_whole * offer.capacity / whole;
}

}  // namespace

std::size_t Match::free_count() const {
    return static_cast<std::size_t>(std::count(free.begin(), free.end(), true));
}

Oracle::Oracle(const Town& town) : town_(town), first_utc_min_(naive::reached(town.first_day, 0)) {
    minutes_ =
        static_cast<std::size_t>(naive::reached(town.first_day + town.days, 0) - first_utc_min_);
    const std::int64_t now_min = town.now.seconds / 60;
    today_ = static_cast<std::int32_t>((now_min + naive::paris_offset_min(now_min)) / kDayMin);
    for (const auto& space : town.spaces) {
        open_[space.id.str()] =
            naive::open_minutes(space.opening, town.calendar, town.first_day, town.days).open;
        for (const auto& part : space.parts) {
            auto& minutes = parts_[part.id.str()];
            for (auto* plane : {&minutes.events, &minutes.buffered, &minutes.closed})
                plane->resize(minutes_);
        }
    }
    std::map<std::string, bool> holds;  // by part
    for (const auto& space : town.spaces)
        for (const auto& part : space.parts)
            holds[part.id.str()] = space.pending_holds;
    const auto mark = [&](std::vector<bool>& plane, std::int64_t from_min, std::int64_t until_min) {
        for (std::int64_t at = from_min; at < until_min; ++at) {
            const std::size_t n = minute(at);
            if (n < minutes_) plane[n] = true;
        }
    };
    for (const auto& occupancy : town.occupancies) {
        for (const auto& one : occupancy.occupations) {
            auto& part = parts_.at(one.part.str());
            const std::int64_t from = one.interval.start.seconds / 60;
            const std::int64_t until = one.interval.end.seconds / 60;
            if (one.kind == rules::OccupationKind::closure) {
                mark(part.closed, from, until);
                continue;
            }
            if (one.kind == rules::OccupationKind::pending && !holds.at(one.part.str())) continue;
            mark(part.events, from, until);
            mark(part.buffered, from - one.buffer_before_s / 60, until + one.buffer_after_s / 60);
        }
    }
}

std::size_t Oracle::minute(std::int64_t utc_min) const {
    return static_cast<std::size_t>(utc_min - first_utc_min_);
}

bool Oracle::is_free(const wire::Space& space, const rules::Offer& offer,
                     const rules::Slot& slot) const {
    if (slot.interval.start < town_.now) return false;
    if (slot.local_date.days < today_ + offer.notice_days) return false;
    if (slot.local_date.days > today_ + offer.horizon_days) return false;
    const std::size_t start = minute(slot.interval.start.seconds / 60);
    const std::size_t end = minute(slot.interval.end.seconds / 60);
    const auto& open = open_.at(space.id.str());
    for (std::size_t at = start; at < end; ++at)
        if (!open[at]) return false;
    for (const auto& id : offer.parts) {
        const auto& part = parts_.at(id.str());
        for (std::size_t at = start; at < end; ++at)
            if (part.closed[at] || part.buffered[at]) return false;
        const auto before = static_cast<std::size_t>(offer.buffer_before_min);
        const auto after = static_cast<std::size_t>(offer.buffer_after_min);
        for (std::size_t at = start - before; at < end + after; ++at)
            if (part.events[at]) return false;
    }
    return true;
}

/// Nothing where the rule cannot be asked for: no date, or a wall time that the clocks skip.
std::optional<std::vector<rules::Slot>> Oracle::dates_of(const Recurrence& rule) const {
    std::vector<rules::Slot> out;
    for (std::int32_t day = town_.first_day; day < town_.first_day + town_.days; ++day) {
        if (!named(rule, day) || left_out(rule, town_.calendar, day)) continue;
        if (!shown(day, rule.start_minute) || !shown(day, rule.end_minute)) return std::nullopt;
        out.push_back(
            {{day},
             rule.start_minute,
             rule.end_minute,
             {{reached(day, rule.start_minute) * 60}, {reached(day, rule.end_minute) * 60}}});
    }
    for (std::size_t n = 1; n < out.size(); ++n)
        if (out[n].interval.start < out[n - 1].interval.end) return std::nullopt;
    if (out.empty()) return std::nullopt;
    return out;
}

bool Oracle::fits(const wire::Space& space, const Question& question, std::optional<Filter> but,
                  double& distance) const {
    if (!space.published) return false;
    if (!question.kind.empty() && space.kind != question.kind && but != Filter::kind) return false;
    if (question.step_free && !space.step_free && but != Filter::step_free) return false;
    for (const auto& item : question.equipment)
        if (!has(space.equipment, item) && but != Filter::equipment) return false;
    if (!question.purpose.empty() && !has(space.purposes, question.purpose) &&
        but != Filter::purpose) {
        return false;
    }
    if (!question.near) return true;
    distance = distance_km(question.near->lat, question.near->lon, space.lat, space.lon);
    const double radius =
        but == Filter::radius ? std::min(2 * question.radius_km, 100.0) : question.radius_km;
    return distance <= radius;
}

std::map<std::string, Match> Oracle::answer(const Question& question,
                                            std::optional<Filter> but) const {
    std::map<std::string, Match> out;
    std::vector<std::pair<Recurrence, std::vector<rules::Slot>>> all;
    for (const auto& way : ways(question))
        if (auto dates = dates_of(way)) all.emplace_back(way, *dates);
    for (const auto& space : town_.spaces) {
        double distance = 0;
        if (!fits(space, question, but, distance)) continue;
        for (const auto& [rule, dates] : all) {
            for (const auto& offer : space.offers) {
                if (!offer.active || !shaped(rule, offer)) continue;
                if (but != Filter::capacity &&
                    persons(space, offer, question.posture) < question.capacity) {
                    continue;
                }
                if (but != Filter::instant && question.instant &&
                    *question.instant != offer.instant) {
                    continue;
                }
                Match match{rule, offer.id.str(), offer.capacity, {}, distance};
                for (const auto& slot : dates)
                    match.free.push_back(is_free(space, offer, slot));
                const auto known = out.find(space.id.str());
                if (known == out.end()) {
                    out.emplace(space.id.str(), match);
                    continue;
                }
                Match& best = known->second;
                // All dates before some; then more dates; then fewer missing; an earlier way stays.
                const bool better = match.full() != best.full() ? match.full()
                                    : match.free_count() != best.free_count()
                                        ? match.free_count() > best.free_count()
                                    : match.free.size() != best.free.size()
                                        ? match.free.size() < best.free.size()
                                    : match.when.weekdays == best.when.weekdays &&
                                            match.when.start_minute == best.when.start_minute
                                        ? match.capacity < best.capacity
                                        : false;
                if (better) best = match;
            }
        }
    }
    return out;
}

}  // namespace preau::search::oracle
