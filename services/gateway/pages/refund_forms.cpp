#include "services/gateway/pages/refund_forms.hpp"

#include <algorithm>
#include <array>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/search_form.hpp"
#include "services/gateway/pages/typed_money.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::array<const char*, 4> kReasons{"partly_used", "cancelled_by_body", "goodwill",
                                              "mistake"};
constexpr std::array<std::string_view, 3> kDone{"rembourse", "approuve", "refuse"};

/// Answers of the service that the payment's page tells in a sentence of its own.
Reply back(std::string_view payment, std::string_view done, const base::Error* error) {
    const std::string page = "/paiements/" + percent_encode(payment);
    if (error == nullptr) return Reply::see(page + "?fait=" + std::string(done));
    return Reply::see(page + "?probleme=" + percent_encode(error->code));
}

base::Result<Reply> give_back(Visit& visit) {
    const std::string id(visit.request.params.get("id"));
    const auto cents = cents_typed(visit.form.get("amount"));
    if (!cents || *cents <= 0) return back(id, "somme-illisible", nullptr);
    const json body{{"amount", {{"amount", *cents}, {"currency", "EUR"}}},
                    {"reason", std::string(visit.form.get("reason"))}};
    const auto answer =
        visit.backend->post("payment", "/v1/payments/" + percent_encode(id) + "/refunds", body,
                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) return back(id, "rembourse", nullptr);
    const auto error = answer->error();
    if (answer->status != 409 && answer->status != 422) return std::unexpected(error);
    return back(id, {}, &error);
}

base::Result<Reply> decide(Visit& visit, std::string_view operation, std::string_view done) {
    const auto id = percent_encode(visit.request.params.get("id"));
    const auto answer =
        visit.backend->post("payment", "/v1/refunds/" + id + "/" + std::string(operation),
                            json::object(), visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    const auto payment = visit.form.get("paiement");
    if (answer->ok()) return back(payment, done, nullptr);
    const auto error = answer->error();
    const bool told = answer->status == 409 || error.code == "second_officer_required";
    if (!told) return std::unexpected(error);
    return back(payment, {}, &error);
}

}  // namespace

json refund_form(const Visit& visit, const json& payment, bool keeps_books) {
    const auto left = cents_of(payment, "refundable");
    if (!keeps_books || left <= 0 || text_of(payment, "dispute_state") == "open") return false;
    auto options = json::array();
    for (const auto* reason : kReasons) {
        options.push_back(
            option_view(reason, visit.text(std::string("refund_reason.") + reason), false));
    }
    return {
        {"action", "/finance/paiements/" + percent_encode(text_of(payment, "id")) + "/rembourser"},
        {"left_text",
         visit.words.fill("payment.refund_left", {{"amount", visit.format.money(left)}})},
        {"options", options}};
}

json refund_decision(const json& payment, const json& refund, bool keeps_books) {
    if (!keeps_books || text_of(refund, "status") != "requested") return false;
    const auto path = "/finance/remboursements/" + percent_encode(text_of(refund, "id"));
    return {{"approve", path + "/approuver"},
            {"reject", path + "/refuser"},
            {"payment_id", text_of(payment, "id")}};
}

std::string refund_done(const Visit& visit) {
    const auto done = visit.query("fait");
    if (std::ranges::find(kDone, done) == kDone.end()) return {};
    return visit.text("payment.done_" + std::string(done));
}

void add_refund_pages(Site& site, net::Router& router) {
    const std::string section = "requests";
    site.add(router, net::Method::post, "/finance/paiements/{id}/rembourser", "give_back",
             give_back, Access::signed_in, section);
    site.add(
        router, net::Method::post, "/finance/remboursements/{id}/approuver", "approve_refund",
        [](Visit& visit) { return decide(visit, "approve", "approuve"); }, Access::signed_in,
        section);
    site.add(
        router, net::Method::post, "/finance/remboursements/{id}/refuser", "reject_refund",
        [](Visit& visit) { return decide(visit, "reject", "refuse"); }, Access::signed_in, section);
}

}  // namespace preau::gateway
