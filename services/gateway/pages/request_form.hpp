#pragma once
// The form that asks for a room, as it was typed.

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// What was chosen in place of a date that the room cannot give.
struct InsteadChoice {
    std::string of;        // that date
    std::string offer_id;  // of the same room at other hours, or of another
    std::string date;
    std::string start_time;
    std::string end_time;  // before the start: of the next day
};

struct InsteadFacts;

struct RequestForm {
    std::string space;  // slug or id
    std::string offer_id;
    nlohmann::json when = nlohmann::json::object();
    std::string organisation_id;
    std::string counter_name = {};  // its name, where an agent asks on its behalf
    std::string purpose;
    std::string headcount;
    std::string contact_phone;
    std::string message;
    std::string on_conflict;
    std::string terms_version;
    std::string quote_id;    // of the price that was shown
    std::string price_seen;  // in words, to say what it was when it changes
    bool terms_accepted = false;
    std::vector<std::pair<std::string, std::string>> extras;  // code and count, as chosen
    std::vector<InsteadChoice> instead = {};
    std::string instead_seen = {};                   // the choices whose prices were shown
    std::vector<std::string> elsewhere_quotes = {};  // of these prices, in their order
};

/// "When" of the address that leads to the form.
nlohmann::json when_of(const net::Pairs& query);
/// Back to where the dates are chosen.
std::string edit_href(const RequestForm& form, const nlohmann::json& space);

/// The page. `quote` is booking's answer (null when refused: `refused` says why); `error` is what
/// sending refused.
nlohmann::json request_form_view(const Visit& visit, const RequestForm& form,
                                 const nlohmann::json& space, const nlohmann::json& quote,
                                 const base::Error* refused, const base::Error* error,
                                 const InsteadFacts& facts);

}  // namespace preau::gateway
