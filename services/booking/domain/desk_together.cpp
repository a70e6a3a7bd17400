// One request over several rooms: a date that a room cannot give is asked for in another, which
// decides on it by itself. All of it is sent, or nothing (docs/decisions/0020).

#include <set>

#include "services/booking/domain/desk.hpp"

namespace preau::booking {

namespace {

Refusal under(Refusal refusal, const std::string& pointer) {
    for (auto& field : refusal.error.fields)
        field.pointer = pointer + field.pointer;
    if (refusal.error.fields.empty()) {
        refusal.error.fields.push_back({pointer, refusal.error.code, refusal.error.detail});
    }
    return refusal;
}

SubmitRequest beside(const SubmitRequest& first, const ElsewhereRequest& one) {
    SubmitRequest out = first;
    out.offer = one.offer;
    out.when = one.when;
    out.quote = one.quote;
    out.extras.clear();
    out.skip_conflicts = false;
    out.buffers = {};
    out.instead.clear();
    out.elsewhere.clear();
    return out;
}

}  // namespace

Outcome<std::vector<Booking>> Desk::submit_together(Tx& tx, const Actor& actor,
                                                    const SubmitRequest& request) const {
    // The parts of all rooms in one order, before any room is looked at by itself.
    std::vector<base::PartId> parts;
    const auto first_place = place_of(tx, request.offer);
    if (!first_place) return std::unexpected(first_place.error());
    parts = together(std::move(parts), first_place->offer->parts);
    for (std::size_t n = 0; n < request.elsewhere.size(); ++n) {
        const auto pointer = "/elsewhere/" + std::to_string(n);
        const auto& one = request.elsewhere[n];
        if (one.offer == request.offer) return refuse_input(pointer + "/offer_id", "range");
        const auto place = place_of(tx, one.offer);
        if (!place) return std::unexpected(under(place.error(), pointer));
        parts = together(std::move(parts), place->offer->parts);
    }
    if (!settings_.unsafe.no_bump && !request.elsewhere.empty()) {
        tx.bump(parts, nullptr, first_place->space->body);
    }

    std::vector<Booking> out;
    auto first = submit(tx, actor, request);
    if (!first) return std::unexpected(first.error());
    std::set<base::BodyId> counted{first->body};
    out.push_back(*std::move(first));
    for (std::size_t n = 0; n < request.elsewhere.size(); ++n) {
        auto other = beside(request, request.elsewhere[n]);
        const auto place = place_of(tx, other.offer);
        other.counted = place && counted.contains(place->space->body);
        auto made = submit(tx, actor, other);
        if (!made) {
            return std::unexpected(under(made.error(), "/elsewhere/" + std::to_string(n)));
        }
        counted.insert(made->body);
        out.push_back(*std::move(made));
    }
    if (out.size() > 1) {
        for (const auto& one : out)
            tx.join_request(out.front().id, one.id);
    }
    return out;
}

}  // namespace preau::booking
