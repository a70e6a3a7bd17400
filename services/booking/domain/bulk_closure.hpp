#pragma once
// One closure at many sites: a storm, a strike, a heat wave. One operation with its own id, one
// transaction a site, and a quarter of an hour in which all of it can be taken back at once
// (docs/decisions/0019).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/booking/domain/types.hpp"

namespace preau::booking {

/// Its row is what the clock, an undo and a site that is still to be closed contend for.
enum class BulkState {
    closing,   // sites are still to be closed
    open,      // all are; it can be taken back until effective_at
    standing,  // it cannot any more: what it does to bookings is told one by one
    undone,    // taken back; sites may still be on their way to be open again
};
std::string_view to_string(BulkState state);
std::optional<BulkState> bulk_state_from(std::string_view text);

enum class BulkSiteState {
    pending,  // to be closed
    closed,
    blocked,  // without force a booking came in between: this site stays open
    dropped,  // nothing to close: taken back before its turn, or no room any more
    reopened,
};
std::string_view to_string(BulkSiteState state);
std::optional<BulkSiteState> bulk_site_state_from(std::string_view text);

struct BulkSite {
    base::SiteId site;
    base::EstablishmentId establishment;
    std::string by_role;  // in which role the site is closed
    BulkSiteState state = BulkSiteState::pending;
    base::ClosureId closure;  // once closed
    int pushed_count = 0;     // bookings that lost dates
    int restored_count = 0;   // of these, got them back
};

struct BulkClosure {
    BulkClosureId id;
    base::BodyId body;
    BulkState state = BulkState::closing;
    ClosureKind kind = ClosureKind::closure;
    std::string reason;
    time::Date from;
    time::Date until;  // inclusive
    std::optional<time::Minute> start_minute;
    std::optional<time::Minute> end_minute;
    bool force = false;
    std::string created_by;  // person id
    base::Instant created_at;
    std::optional<base::Instant> undo_until;  // machine time; once all sites are closed
    std::vector<BulkSite> sites;              // in the order of their ids
};

}  // namespace preau::booking
