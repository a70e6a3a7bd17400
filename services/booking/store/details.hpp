#pragma once
// What never changes of a booking and is never searched by: one JSON document in its row.

#include <string>

#include "services/booking/domain/types.hpp"

namespace preau::booking {

std::string details_of(const Booking& booking);
void read_details(const std::string& text, Booking& into);

/// What a decision changed, as it was before: one JSON document beside its deferred effect.
std::string before_text(const Before& before);
/// Nothing was changed where the text is empty.
Before before_from(const std::string& text);
/// What a line of history changed, as one JSON document; empty where it changed nothing.
std::string changes_of(const HistoryLine& line);
void read_changes(const std::string& text, HistoryLine& into);

}  // namespace preau::booking
