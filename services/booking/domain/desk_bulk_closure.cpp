// One closure at many sites: what is to be done is written down first, then done site by site, each
// in a transaction of its own, and can be taken back as a whole while its window is open. The
// operation's row is what all of them contend for: an undo, the clock, and a site that is closed.

#include <algorithm>

#include "services/booking/domain/closing.hpp"
#include "services/booking/domain/desk.hpp"

namespace preau::booking {

namespace {

constexpr std::size_t kTouchedShownMax = 500;

ClosureRequest at_site(const BulkClosureRequest& request, const base::SiteId& site) {
    ClosureRequest out;
    out.site = site;
    out.kind = request.kind;
    out.reason = request.reason;
    out.from = request.from;
    out.until = request.until;
    out.start_minute = request.start_minute;
    out.end_minute = request.end_minute;
    out.force = request.force;
    return out;
}

BulkClosureRequest request_of(const BulkClosure& bulk) {
    return {{},         bulk.kind,         bulk.reason,     bulk.from,
            bulk.until, bulk.start_minute, bulk.end_minute, bulk.force};
}

BulkSite* next_in(BulkClosure& bulk, BulkSiteState state) {
    const auto at = std::ranges::find(bulk.sites, state, &BulkSite::state);
    return at == bulk.sites.end() ? nullptr : &*at;
}

/// Whether nobody may see it who cannot close one of its sites himself.
bool may_close(const Actor& actor, const BulkClosure& bulk) {
    return std::ranges::any_of(bulk.sites, [&](const BulkSite& site) {
        return actor.holds(PostRole::manager, bulk.body, site.establishment);
    });
}

Refusal touches_bookings(std::vector<TouchedBooking> touched) {
    Refusal out(base::Error{"closure_touches_bookings", {}, {}});
    out.touched_total = touched.size();
    if (touched.size() > kTouchedShownMax) {
        touched.erase(touched.begin() + kTouchedShownMax, touched.end());
    }
    out.touched = std::move(touched);
    return out;
}

}  // namespace

Outcome<BulkClosure> Desk::begin_bulk_closure(Tx& tx, const Actor& actor,
                                              const BulkClosureRequest& request) const {
    BulkClosure bulk;
    bulk.id = BulkClosureId::make();
    bulk.kind = request.kind;
    bulk.reason = request.reason;
    bulk.from = request.from;
    bulk.until = request.until;
    bulk.start_minute = request.start_minute;
    bulk.end_minute = request.end_minute;
    bulk.force = request.force;
    bulk.created_by = actor.id;
    bulk.created_at = now();
    std::vector<TouchedBooking> touched;
    time::Zone zone = time::Zone::paris();
    for (const auto& site : request.sites) {
        const auto wanted = at_site(request, site);
        const auto place = closing_place(tx, wanted);
        if (!place) return std::unexpected(place.error());
        const Space& first = *place->spaces.front();
        if (!actor.works_at(first.body, first.establishment)) {
            return refuse_field("not_found", "/site_ids", site.str());
        }
        if (!actor.holds(PostRole::manager, first.body, first.establishment)) {
            return refuse("forbidden", "role");
        }
        if (bulk.body.empty()) bulk.body = first.body;
        if (bulk.body != first.body) return refuse_field("invalid", "/site_ids", "several bodies");
        const auto closure = compose_closure(*place, wanted, actor.id, now());
        if (!closure) return std::unexpected(closure.error());
        bulk.sites.push_back({site,
                              first.establishment,
                              std::string(actor.role_at(first.body, first.establishment)),
                              BulkSiteState::pending,
                              {}});
        if (request.force) continue;
        zone = first.zone;
        for (auto& one : tx.touched(still_to_come(closure->intervals, now()))) {
            one.site = site;
            touched.push_back(std::move(one));
        }
    }
    if (!touched.empty()) {
        auto refusal = touches_bookings(std::move(touched));
        refusal.zone = zone;
        return std::unexpected(std::move(refusal));
    }
    std::ranges::sort(bulk.sites, {}, &BulkSite::site);
    tx.insert_bulk_closure(bulk);
    return bulk;
}

Outcome<BulkSiteState> Desk::close_site(Tx& tx, const BulkClosure& bulk, BulkSite& site) const {
    const auto wanted = at_site(request_of(bulk), site.site);
    const auto place = closing_place(tx, wanted);
    if (!place) return BulkSiteState::dropped;  // its rooms are gone meanwhile
    auto closure = compose_closure(*place, wanted, bulk.created_by, now());
    if (!closure) return BulkSiteState::dropped;  // over before its turn came
    closure->bulk = bulk.id;
    if (!settings_.unsafe.no_bump) tx.bump(place->parts, nullptr, closure->body);
    const auto touched = tx.touched(still_to_come(closure->intervals, now()));
    if (!touched.empty() && !bulk.force) return BulkSiteState::blocked;
    for (const auto& one : touched) {
        const Closer closer{site.by_role, bulk.created_by};
        if (const auto done = push_aside(tx, closer, *closure, one, bulk.id); !done) {
            return std::unexpected(done.error());
        }
    }
    tx.insert_closure(*closure);
    tx.publish_closure(*closure, now());
    site.closure = closure->id;
    site.pushed_count = static_cast<int>(tx.pushed_by(bulk.id, site.site).size());
    return BulkSiteState::closed;
}

Outcome<bool> Desk::close_next_site(Tx& tx, const BulkClosureId& id) const {
    if (!tx.move_bulk_closure(id, BulkState::closing, BulkState::closing)) return false;
    auto bulk = tx.find_bulk_closure(id);
    if (!bulk) return false;
    if (auto* site = next_in(*bulk, BulkSiteState::pending)) {
        const auto state = close_site(tx, *bulk, *site);
        if (!state) return std::unexpected(state.error());
        site->state = *state;
        tx.update_bulk_site(id, *site);
        return true;
    }
    tx.set_undo_until(id, machine_now() + settings_.closure_undo_window_s);
    return !tx.move_bulk_closure(id, BulkState::closing, BulkState::open);
}

Outcome<bool> Desk::bulk_closure_stands(Tx& tx, const BulkClosureId& id) const {
    const auto bulk = tx.find_bulk_closure(id);
    if (!bulk || !bulk->undo_until || *bulk->undo_until > machine_now()) return false;
    return tx.move_bulk_closure(id, BulkState::open, BulkState::standing);
}

Outcome<BulkClosure> Desk::undo_bulk_closure(Tx& tx, const Actor& actor,
                                             const BulkClosureId& id) const {
    auto bulk = look_at_bulk_closure(tx, actor, id);
    if (!bulk) return bulk;
    for (const auto& site : bulk->sites) {
        if (!actor.holds(PostRole::manager, bulk->body, site.establishment)) {
            return refuse("forbidden", "role");
        }
    }
    const bool over = bulk->undo_until && *bulk->undo_until <= machine_now();
    const bool can = bulk->state == BulkState::closing || bulk->state == BulkState::open;
    if (over || !can || !tx.move_bulk_closure(id, bulk->state, BulkState::undone)) {
        return refuse("invalid_transition", "nothing to take back");
    }
    bulk = *tx.find_bulk_closure(id);  // as it is under the lock
    for (auto& site : bulk->sites) {
        if (site.state != BulkSiteState::pending) continue;
        site.state = BulkSiteState::dropped;
        tx.update_bulk_site(id, site);
    }
    return bulk;
}

Outcome<void> Desk::reopen_site(Tx& tx, const BulkClosure& bulk, BulkSite& site) const {
    auto closure = tx.find_closure(site.closure);
    if (closure && closure->active) {
        if (!tx.lift_closure(*closure)) return refuse("stale_version");
        tx.publish_closure(*closure, now());
    }
    for (const auto& id : tx.pushed_by(bulk.id, site.site)) {
        auto booking = tx.find(id);
        if (!booking || !booking->deferred) continue;
        if (const auto done = settle_booking(tx, *booking); !done) return done;
        ++site.restored_count;
    }
    site.state = BulkSiteState::reopened;
    tx.update_bulk_site(bulk.id, site);
    return {};
}

Outcome<bool> Desk::reopen_next_site(Tx& tx, const BulkClosureId& id) const {
    if (!tx.move_bulk_closure(id, BulkState::undone, BulkState::undone)) return false;
    auto bulk = tx.find_bulk_closure(id);
    auto* site = bulk ? next_in(*bulk, BulkSiteState::closed) : nullptr;
    if (site == nullptr) return false;
    if (const auto done = reopen_site(tx, *bulk, *site); !done) {
        return std::unexpected(done.error());
    }
    return true;
}

Outcome<BulkClosure> Desk::look_at_bulk_closure(Tx& tx, const Actor& actor,
                                                const BulkClosureId& id) const {
    auto bulk = tx.find_bulk_closure(id);
    if (!bulk || !may_close(actor, *bulk)) return refuse("not_found", "bulk_closure");
    return *std::move(bulk);
}

Outcome<void> carry_on(Store& store, const Desk& desk, const BulkClosureId& id) {
    for (const auto step : {&Desk::close_next_site, &Desk::reopen_next_site}) {
        for (bool more = true; more;) {
            const auto done = store.transact([&](Tx& tx) { return (desk.*step)(tx, id); });
            if (!done) return std::unexpected(done.error());
            more = *done;
        }
    }
    return {};
}

}  // namespace preau::booking
