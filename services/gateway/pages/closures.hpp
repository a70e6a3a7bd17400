#pragma once
// Views of a college's closures: those in force, and the form that lays another. A closure that
// touches bookings is first shown with all of them, and laid only when that was confirmed.

#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/posts.hpp"

namespace preau::gateway {

/// Values as they were typed; booking judges them.
struct ClosureForm {
    std::string where;  // "site:<id>" or "space:<id>"
    std::string kind = "closure";
    std::string reason;
    std::string from;
    std::string until;
    std::string start_time;  // both empty: whole days
    std::string end_time;
    bool force = false;
    std::optional<base::Error> error;  // why it was refused
    nlohmann::json problem;            // the refusal as it came, with the bookings touched
};

struct ClosuresPage {
    nlohmann::json spaces;    // inventory's list, of the establishment
    nlohmann::json closures;  // in force, an array
    ClosureForm form;
    std::map<std::string, std::string> organisations;  // names by id
};

ClosureForm closure_form_of(const Visit& visit);
/// What every closure has besides its place: kinds, reason, from, until, start, end, touched.
nlohmann::json closure_fields_view(const Visit& visit, const ClosureForm& form);
/// The body of an operation that closes, without its place.
nlohmann::json closure_fields(const ClosureForm& form);
/// "du 8 au 10 décembre 2026, 18 h–20 h"
std::string closure_days_text(const Visit& visit, const nlohmann::json& closure);
/// A booking in the way, with its dates.
nlohmann::json touched_booking_view(const Visit& visit, const nlohmann::json& booking,
                                    const std::map<std::string, std::string>& organisations);
/// Whether the form was refused only for what it touches.
bool touches_bookings(const ClosureForm& form);
/// The body of POST /v1/closures.
nlohmann::json closure_body(const ClosureForm& form);

nlohmann::json closures_view(const Visit& visit, const PostScope& scope, const ClosuresPage& page);

}  // namespace preau::gateway
