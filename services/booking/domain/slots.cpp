#include "services/booking/domain/slots.hpp"

namespace preau::booking {

// FNV-1a.
std::string request_hash(const base::OrganisationId& organisation, const base::OfferId& offer,
                         const std::vector<rules::Slot>& slots) {
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

}  // namespace preau::booking
