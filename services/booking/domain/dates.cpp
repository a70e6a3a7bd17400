#include "services/booking/domain/dates.hpp"

#include <algorithm>

namespace preau::booking {

// FNV-1a.
std::string request_hash(const base::OrganisationId& organisation, const base::OfferId& offer,
                         const std::vector<rules::Slot>& slots,
                         const std::vector<rules::ExtraChoice>& extras) {
    std::uint64_t hash = 14'695'981'039'346'656'037ULL;
    const auto mix = [&hash](std::string_view bytes) {
        for (const char byte : bytes) {
            hash = (hash ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211ULL;
        }
    };
    mix(organisation.str());
    mix(offer.str());
    for (const auto& slot : slots) {
        mix(std::to_string(slot.interval.start.seconds));
        mix("-");
        mix(std::to_string(slot.interval.end.seconds));
    }
    for (const auto& extra : extras) {
        mix(",");
        mix(extra.code);
        mix("*");
        mix(std::to_string(extra.count));
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4)
        out += kHex[(hash >> shift) & 15U];
    return out;
}

std::size_t cells_of(const std::vector<rules::Slot>& slots, std::size_t parts) {
    std::int64_t cells = 0;
    for (const auto& slot : slots) {
        cells += time::end_cell(slot.interval).number - time::first_cell(slot.interval).number;
    }
    return static_cast<std::size_t>(cells) * parts;
}

Outcome<rules::Expansion> expand(const Place& place, const rules::Recurrence& when,
                                 const DatesLimits& limits) {
    auto expansion =
        rules::expand(when, place.space->zone, place.calendar.calendar, limits.expansion);
    if (!expansion) {
        auto error = expansion.error();
        if (error.fields.empty()) error.fields.push_back({"/when", error.code, error.detail});
        return std::unexpected(Refusal(std::move(error)));
    }
    if (expansion->slots.empty()) return refuse_field("no_occurrence", "/when");
    if (cells_of(expansion->slots, place.offer->parts.size()) > limits.cells_max) {
        return refuse_field("series_too_long", "/when", std::to_string(limits.cells_max));
    }
    return *std::move(expansion);
}

rules::Recurrence on_one_date(time::Date date, time::Minute start, time::Minute end) {
    rules::Recurrence out;
    out.from = out.until = date;
    out.start_minute = start;
    out.end_minute = end;
    return out;
}

namespace {

/// Takes the slot of a date out; nothing where the rule does not give that date.
std::optional<rules::Slot> taken_out(std::vector<rules::Slot>& slots, time::Date date) {
    const auto at = std::ranges::find(slots, date, &rules::Slot::local_date);
    if (at == slots.end()) return std::nullopt;
    const auto out = *at;
    slots.erase(at);
    return out;
}

}  // namespace

Outcome<AskedDates> dates_asked(const Place& place, const rules::Recurrence& when,
                                const std::vector<Instead>& instead,
                                const std::vector<time::Date>& elsewhere, int headcount,
                                const DatesLimits& limits) {
    auto expansion = expand(place, when, limits);
    if (!expansion) return std::unexpected(expansion.error());
    AskedDates out{std::move(expansion->slots), std::move(expansion->skipped), {}};
    for (const auto& date : elsewhere) {
        const auto slot = taken_out(out.slots, date);
        if (!slot) return refuse_input("/elsewhere", "unknown", date.iso());
        out.put_aside.push_back({*slot, reason_elsewhere});
    }
    std::vector<rules::Slot> added;
    for (const auto& one : instead) {
        const auto slot = taken_out(out.slots, one.of);
        if (!slot) return refuse_input("/instead", "unknown", one.of.iso());
        const auto rule = on_one_date(one.date, one.start_minute, one.end_minute);
        if (auto shape = rules::check_shape(rule, *place.offer, headcount); !shape) {
            return std::unexpected(Refusal(shape.error()));
        }
        auto dated = expand(place, rule, limits);
        if (!dated) return std::unexpected(dated.error());
        out.put_aside.push_back({*slot, reason_instead});
        added.push_back(dated->slots.front());
    }
    if (out.put_aside.empty()) return out;
    out.slots.insert(out.slots.end(), added.begin(), added.end());
    if (out.slots.empty()) return refuse_field("no_occurrence", "/when");
    std::ranges::sort(out.slots, {}, [](const rules::Slot& one) { return one.interval.start; });
    const auto meets = [](const rules::Slot& one, const rules::Slot& next) {
        return one.interval.overlaps(next.interval);
    };
    if (std::ranges::adjacent_find(out.slots, meets) != out.slots.end()) {
        return refuse_field("self_overlap", "/instead");
    }
    if (cells_of(out.slots, place.offer->parts.size()) > limits.cells_max) {
        return refuse_field("series_too_long", "/when", std::to_string(limits.cells_max));
    }
    return out;
}

}  // namespace preau::booking
