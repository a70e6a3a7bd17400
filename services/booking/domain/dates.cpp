#include "services/booking/domain/dates.hpp"

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

}  // namespace preau::booking
