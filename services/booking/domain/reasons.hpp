#pragma once
// Why a request may be refused. Codes, for lists and statistics; people read their sentences
// (refusal.<code> of the messages). `closure` is kept for closures laid with force.

#include <array>
#include <string_view>

namespace preau::booking {

inline constexpr std::array<std::string_view, 8> refusal_codes{"not_allowed_activity",
                                                               "school_need",
                                                               "no_staff",
                                                               "too_many_people",
                                                               "previous_incident",
                                                               "documents_missing",
                                                               "slot_given_to_other",
                                                               "other"};

}  // namespace preau::booking
