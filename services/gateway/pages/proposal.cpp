#include "services/gateway/pages/proposal.hpp"

#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/values.hpp"
#include "services/gateway/pages/when_text.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

std::string sum_text(const Visit& visit, const json& price) {
    const auto total = cents_of(price, "total");
    return total == 0 ? visit.text("format.free_of_charge") : visit.format.money(total);
}

/// "20,00 €", or "20,00 €, au lieu de 30,00 €" where it is another sum than that of the request.
json price_of(const Visit& visit, const json& booking, const json& proposal) {
    const auto price = member_of(proposal, "price");
    if (!price.contains("total")) return false;
    const auto before = member_of(booking, "price");
    if (!before.contains("total") || cents_of(before, "total") == cents_of(price, "total")) {
        return capitalised(sum_text(visit, price));
    }
    return visit.words.fill(
        "request.proposal_before",
        {{"amount", capitalised(sum_text(visit, price))}, {"before", sum_text(visit, before)}});
}

json form_of(const json& booking, const char* act) {
    return {{"action", "/suivi/" + text_of(booking, "id") + "/" + act},
            {"version", text_of(booking, "version")}};
}

}  // namespace

json asked_view(const Visit& visit, const json& booking, bool may_act,
                const std::optional<base::Error>& error) {
    const auto text = text_of(booking, "asked");
    if (text.empty()) return false;
    json form = false;
    if (may_act) {
        form = form_of(booking, "repondre");
        form["value"] = std::string(visit.form.get("text"));
        form["error"] = error ? field_error(visit, error->fields, "text") : json(false);
    }
    return {{"text", text}, {"form", form}};
}

json proposal_view(const Visit& visit, const json& booking, bool may_act) {
    const auto proposal = member_of(booking, "proposal");
    if (proposal.empty()) return false;
    const auto deadline = parse_moment(text_of(proposal, "deadline"));
    const bool over = deadline && *deadline <= visit.now;
    // The dates are those of the booking that it would be.
    auto dated = proposal;
    dated["state"] = "counter_proposed";
    dated["reference"] = text_of(booking, "reference");
    const auto count = std::ssize(list_of(proposal, "occurrences"));
    return {
        {"message", text_of(proposal, "message")},
        {"room_href", "/salles/" + text_of(proposal, "space_id")},
        {"place_text", text_of(proposal, "space_name") + visit.text("format.list") +
                           text_of(proposal, "offer_name")},
        {"when_text", capitalised(when_long(visit, member_of(proposal, "when")))},
        {"price_text", price_of(visit, booking, proposal)},
        {"dates", count > 1 ? json{{"dates", dates_view(visit, dated, count <= 3)}} : json(false)},
        {"accept", may_act && !over ? form_of(booking, "accepter-proposition") : json(false)},
        {"decline", may_act && !over ? form_of(booking, "decliner-proposition") : json(false)},
        {"over_text", over ? json(visit.text("request.proposal_over")) : json(false)}};
}

}  // namespace preau::gateway
