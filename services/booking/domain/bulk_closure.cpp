#include "services/booking/domain/bulk_closure.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace preau::booking {

namespace {

template <class State, std::size_t size>
using Names = std::array<std::pair<State, std::string_view>, size>;

constexpr Names<BulkState, 4> kStates{{{BulkState::closing, "closing"},
                                       {BulkState::open, "open"},
                                       {BulkState::standing, "standing"},
                                       {BulkState::undone, "undone"}}};
constexpr Names<BulkSiteState, 5> kSiteStates{{{BulkSiteState::pending, "pending"},
                                               {BulkSiteState::closed, "closed"},
                                               {BulkSiteState::blocked, "blocked"},
                                               {BulkSiteState::dropped, "dropped"},
                                               {BulkSiteState::reopened, "reopened"}}};

template <class State, std::size_t size>
std::string_view name_of(const Names<State, size>& names, State state) {
    return std::ranges::find(names, state, &std::pair<State, std::string_view>::first)->second;
}

template <class State, std::size_t size>
std::optional<State> named(const Names<State, size>& names, std::string_view text) {
    const auto at = std::ranges::find(names, text, &std::pair<State, std::string_view>::second);
    if (at == names.end()) return std::nullopt;
    return at->first;
}

}  // namespace

std::string_view to_string(BulkState state) {
    return name_of(kStates, state);
}
std::optional<BulkState> bulk_state_from(std::string_view text) {
    return named(kStates, text);
}
std::string_view to_string(BulkSiteState state) {
    return name_of(kSiteStates, state);
}
std::optional<BulkSiteState> bulk_site_state_from(std::string_view text) {
    return named(kSiteStates, text);
}

}  // namespace preau::booking
