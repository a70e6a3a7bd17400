#pragma once
// The terms in force, with the hash of their text.

#include "services/booking/domain/terms.hpp"

namespace preau::booking {

Terms current_terms();

}  // namespace preau::booking
