#include "services/booking/domain/types.hpp"

#include <algorithm>
#include <array>

namespace preau::booking {

namespace {

constexpr std::array<std::string_view, 5> kPostRoles{"manager", "finance", "caretaker", "counter",
                                                     "admin"};

std::vector<const Occurrence*> kept_of(const std::vector<Occurrence>& occurrences) {
    std::vector<const Occurrence*> out;
    for (const auto& occurrence : occurrences) {
        if (keeps_time(occurrence.state)) out.push_back(&occurrence);
    }
    return out;
}

bool covers(const Post& post, const base::BodyId& body,
            const base::EstablishmentId& establishment) {
    if (post.body != body) return false;
    return post.establishments.empty() ||
           std::ranges::find(post.establishments, establishment) != post.establishments.end();
}

}  // namespace

bool Actor::is_member(const base::OrganisationId& organisation) const {
    return std::ranges::find(member_of, organisation) != member_of.end();
}

bool Actor::may_book_for(const base::OrganisationId& organisation) const {
    return std::ranges::find(books_for, organisation) != books_for.end();
}

bool Actor::holds(PostRole role, const base::BodyId& body,
                  const base::EstablishmentId& establishment) const {
    return std::ranges::any_of(posts, [&](const Post& post) {
        return (post.role == role || post.role == PostRole::admin) &&
               covers(post, body, establishment);
    });
}

bool Actor::works_at(const base::BodyId& body, const base::EstablishmentId& establishment) const {
    return std::ranges::any_of(posts,
                               [&](const Post& post) { return covers(post, body, establishment); });
}

std::string_view Actor::role_at(const base::BodyId& body,
                                const base::EstablishmentId& establishment) const {
    constexpr std::array kStrongestFirst{PostRole::manager, PostRole::admin, PostRole::counter,
                                         PostRole::finance, PostRole::caretaker};
    for (const auto role : kStrongestFirst) {
        for (const auto& post : posts) {
            if (post.role == role && covers(post, body, establishment)) {
                return kPostRoles[static_cast<std::size_t>(role)];
            }
        }
    }
    return "none";
}

const rules::Offer* Space::offer(const base::OfferId& id_wanted) const {
    const auto it = std::ranges::find(offers, id_wanted, &rules::Offer::id);
    return it == offers.end() ? nullptr : &*it;
}

std::vector<const Occurrence*> Booking::kept() const {
    return kept_of(occurrences);
}

std::vector<const Occurrence*> Proposal::kept() const {
    return kept_of(occurrences);
}

base::Instant Proposal::first_start() const {
    const auto those = kept();
    return those.empty() ? base::Instant{} : those.front()->slot.interval.start;
}

std::optional<Buffers> Booking::buffers() const {
    const auto those = kept();
    if (those.empty()) return std::nullopt;
    return Buffers{those.back()->buffer_before_s, those.back()->buffer_after_s};
}

void Booking::summarise() {
    const auto those = kept();
    dates_count = static_cast<int>(those.size());
    suspended_from.reset();
    for (const auto* one : those) {
        if (one->state != OccurrenceState::suspended) continue;
        suspended_from = one->slot.interval.start;
        break;
    }
    if (those.empty()) return;  // keeps the last known bounds of a booking that ended
    first_start = those.front()->slot.interval.start;
    last_start = those.back()->slot.interval.start;
    last_end = those.back()->slot.interval.end;
}

}  // namespace preau::booking
