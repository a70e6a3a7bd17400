#pragma once
// Reads the query string of a search; faults are named by "/query/<name>" and collected.

#include <string>

#include "services/search/http/handlers.hpp"
#include "services/search/index/question.hpp"
#include "shared/base/result.hpp"
#include "shared/net/message.hpp"

namespace preau::search {

inline constexpr std::size_t page_rooms_default = 20;
inline constexpr std::size_t page_rooms_max = 100;
inline constexpr std::size_t alternatives_per_date_default = 3;
inline constexpr std::size_t alternatives_per_date_max = 9;
inline constexpr double radius_km_max = 100;

struct SearchQuery {
    Question question;
    Page page;
    std::string fingerprint;  // of the question without its page: cursors carry it
};

/// Reads everything; an unknown place is `unknown_place`, and its suggestions are the caller's to
/// add.
base::Result<SearchQuery> read_search(const net::Pairs& query, const Context& context);

struct AlternativesQuery {
    Question question;  // its dates, capacity, radius and category
    std::size_t per_date = alternatives_per_date_default;
};

/// What alternatives are asked for: "limit" is their number for each date.
base::Result<AlternativesQuery> read_alternatives(const net::Pairs& query);

struct AskedRoom {
    const SpaceEntry* space = nullptr;
    const rules::Offer* offer = nullptr;
};

/// The published space {id} and the offer asked for, or the one of all parts.
base::Result<AskedRoom> read_room(const Index::View& view, const net::Request& request);

/// The cursor of the page behind: `first` rooms lie before it, `last` is the id of the last of
/// them.
std::string cursor(const std::string& fingerprint, std::size_t first, const std::string& last);

}  // namespace preau::search
