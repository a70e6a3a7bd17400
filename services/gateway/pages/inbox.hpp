#pragma once
// Views of the manager's inbox.

#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "services/gateway/pages/site.hpp"

namespace preau::gateway {

/// What one inbox page shows; absent parts are null.
struct Inbox {
    enum class Tab { open, endorsed, waiting, done } tab = Tab::open;
    bool authority =
        false;  // an administrator: what colleges are in favour of is for him to decide
    nlohmann::json bookings;                           // {items, next}
    nlohmann::json selected;                           // a booking
    nlohmann::json checks;                             // of the selected booking
    nlohmann::json history;                            // of the selected booking
    nlohmann::json space;                              // of the selected booking
    nlohmann::json rooms;                              // of its site, with their offers
    std::map<std::string, std::string> organisations;  // names by id
    std::map<std::string, std::string> people;         // names by id
    std::string scope;                                 // "Collège La Garenne, Voiron"
    std::optional<base::Error> error;                  // of the form that was sent
    base::Instant machine_now;                         // for the seconds left to undo

    std::string_view tab_query() const {
        switch (tab) {
            case Tab::endorsed:
                return "?etat=a-valider";
            case Tab::waiting:
                return "?etat=en-attente";
            case Tab::done:
                return "?etat=traitees";
            case Tab::open:
                break;
        }
        return "";
    }
};

/// The forms of one request: accept, accept in part, ask, propose, refuse; false once it is not the
/// manager's turn. After a fault the form that was sent is open and keeps what was typed.
nlohmann::json decide_view(const Visit& visit, const Inbox& inbox);

nlohmann::json inbox_view(const Visit& visit, const Inbox& inbox);

}  // namespace preau::gateway
