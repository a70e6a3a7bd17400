#pragma once
// Identifiers: ULIDs (26 Crockford base-32 letters, 48 bits of Unix milliseconds then 80 random
// bits), wrapped in a type of their own for each kind of thing, so that a booking id cannot be
// passed where a part id is meant.

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace preau::base {

/// A new ULID. Monotone within a process, even inside one millisecond.
std::string new_ulid();

/// The ULID made of `unix_ms` and a hash of `seed`: the same arguments give the same id, for
/// demonstration data and imports that must be repeatable.
std::string seeded_ulid(std::uint64_t unix_ms, std::string_view seed);

/// Whether `text` is 26 upper-case Crockford letters that fit in 128 bits.
bool is_ulid(std::string_view text);

template <class Tag>
class Id {
public:
    Id() = default;

    static Id make() { return Id(new_ulid()); }
    static Id seeded(std::uint64_t unix_ms, std::string_view seed) {
        return Id(seeded_ulid(unix_ms, seed));
    }
    static std::optional<Id> parse(std::string_view text) {
        if (!is_ulid(text)) return std::nullopt;
        return Id(std::string(text));
    }
    /// For text that was an Id before, out of our own database or a feed.
    static Id trusted(std::string text) { return Id(std::move(text)); }

    const std::string& str() const { return text_; }
    bool empty() const { return text_.empty(); }
    auto operator<=>(const Id&) const = default;

private:
    explicit Id(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

using BodyId = Id<struct BodyTag>;  // a public body, the tenant
using PersonId = Id<struct PersonTag>;
using OrganisationId = Id<struct OrganisationTag>;    // an association or other hirer
using EstablishmentId = Id<struct EstablishmentTag>;  // a collège: the creditor
using SiteId = Id<struct SiteTag>;
using SpaceId = Id<struct SpaceTag>;
using PartId = Id<struct PartTag>;    // what cannot be divided further
using OfferId = Id<struct OfferTag>;  // a set of parts that can be booked
using BookingId = Id<struct BookingTag>;
using OccurrenceId = Id<struct OccurrenceTag>;
using ClosureId = Id<struct ClosureTag>;
using QuoteId = Id<struct QuoteTag>;

}  // namespace preau::base

template <class Tag>
struct std::hash<preau::base::Id<Tag>> {
    std::size_t operator()(const preau::base::Id<Tag>& id) const noexcept {
        return std::hash<std::string>{}(id.str());
    }
};
