#pragma once
// The dates of a booking or of a proposal: two tables of one form.

#include <string>
#include <string_view>
#include <vector>

#include "services/booking/domain/types.hpp"
#include "shared/db/database.hpp"

namespace preau::booking {

struct DatesTable {
    std::string_view name;
    std::string_view owner;  // the column that names whose dates they are
};
inline constexpr DatesTable booking_dates{"booking_occurrence", "booking_id"};

void insert_dates(db::Session& session, const DatesTable& table, std::string_view owner,
                  const std::vector<Occurrence>& dates);
/// In order of start.
std::vector<Occurrence> dates_of(db::Session& session, const DatesTable& table,
                                 const std::string& owner);
/// Writes state and reason where they changed.
void update_dates(db::Session& session, const DatesTable& table, const std::string& owner,
                  const std::vector<Occurrence>& dates);
void delete_dates(db::Session& session, const DatesTable& table, const std::string& owner);

}  // namespace preau::booking
