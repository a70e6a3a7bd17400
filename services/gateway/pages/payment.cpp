// The hirer's side of a payment: what is due, the way to the provider and back, the receipt.
#include "services/gateway/pages/payment.hpp"

#include <algorithm>
#include <array>

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/posts.hpp"
#include "services/gateway/pages/price_text.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/refund_forms.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr std::array<const char*, 4> kMethods{"mandat", "transfer", "cheque", "cash"};

/// A payment that booking knows has `payment_id`; payment itself says `id`.
std::string id_of(const json& payment) {
    const auto id = text_of(payment, "id");
    return id.empty() ? text_of(payment, "payment_id") : id;
}

json amount_of(const json& booking, const json& payment) {
    if (payment.contains("amount")) return payment["amount"];
    return member_of(member_of(booking, "price"), "total");
}

bool is_past(const Visit& visit, const json& object, std::string_view name) {
    const auto at = parse_moment(text_of(object, name));
    return at && *at <= visit.now;
}

/// "Payer 42,00 €", and how the payer learns that no real money moves.
json pay_button(const Visit& visit, const json& payment, const json& amount) {
    return {{"action", "/paiements/" + id_of(payment) + "/payer"},
            {"text",
             visit.words.fill("payment.pay",
                              {{"amount", visit.format.money(cents_of({{"of", amount}}, "of"))}})},
            {"simulated", flag_of(member_of(payment, "provider"), "simulated")}};
}

struct Said {
    std::string title;
    std::string text;
    std::string tone;
};

Said said(const Visit& visit, const char* key, const char* tone,
          const std::vector<Fill>& values = {}) {
    const std::string base = std::string("payment.") + key;
    return {visit.words.fill(base + ".title", values), visit.words.fill(base + ".text", values),
            tone};
}

/// What is said of a payment that cannot be made any more, or need not.
Said settled(const Visit& visit, const json& payment, const std::string& amount) {
    const auto status = text_of(payment, "status");
    const auto refunded = visit.format.money(
        cents_of(payment, payment.contains("refunded") ? "refunded" : "refunded_amount"));
    const std::vector<Fill> values{{"amount", amount}, {"refunded", refunded}};
    const auto refunds = text_of(payment, "refund_state");
    if (refunds == "full") return said(visit, "refunded_full", "info", values);
    if (refunds == "partial") return said(visit, "refunded_partly", "info", values);
    if (status == "paid") {
        const bool pending =
            std::ranges::any_of(list_of(payment, "refunds"), [](const json& refund) {
                const auto state = text_of(refund, "status");
                return state != "succeeded" && state != "failed" && state != "requested" &&
                       state != "rejected";
            });
        return pending ? said(visit, "refunding", "info", values)
                       : said(visit, "paid", "free", values);
    }
    if (status == "paid_late") return said(visit, "paid_late", "warn", values);
    if (status == "processing") return said(visit, "processing", "info", values);
    if (status == "canceled") return said(visit, "canceled", "none", values);
    return said(visit, "expired", "warn", values);
}

/// What is due: now, later by invoice, or not any more.
Said due(const Visit& visit, const json& payment, const json& pay_by_of,
         const std::string& amount) {
    if (text_of(payment, "requirement") == "later") {
        return said(visit, "later", "info", {{"amount", amount}});
    }
    const auto deadline = deadline_text(visit, pay_by_of, "pay_by");
    if (is_past(visit, pay_by_of, "pay_by")) {
        return said(visit, "too_late", "warn", {{"amount", amount}, {"deadline", deadline}});
    }
    if (deadline.empty()) return said(visit, "due_soon", "info", {{"amount", amount}});
    return said(visit, "due", "info", {{"amount", amount}, {"deadline", deadline}});
}

json box(const Said& what) {
    return {{"title_text", what.title}, {"text", what.text},  {"tone", what.tone},
            {"button", false},          {"page_href", false}, {"again_href", false},
            {"simulated", false}};
}

}  // namespace

bool pays_for(const Visit& visit, const std::string& organisation_id) {
    if (!visit.me) return false;
    const auto memberships = list_of(*visit.me, "memberships");
    return std::ranges::any_of(memberships, [&](const json& membership) {
        const auto role = text_of(membership, "role");
        return text_of(member_of(membership, "organisation"), "id") == organisation_id &&
               (role == "president" || role == "booker" || role == "payer");
    });
}

json pay_view(const Visit& visit, const json& booking, const json& payment, bool may_pay) {
    const auto required = text_of(member_of(booking, "requirement"), "payment");
    const auto state = text_of(booking, "state");
    const bool stands = state == "accepted" || state == "confirmed";
    if (payment.empty()) {
        // Payment reads of an acceptance a moment after it; the time to undo it comes before.
        if (!stands || required.empty() || required == "none") return false;
        auto view = box(said(visit, required == "later" ? "later_soon" : "preparing", "info"));
        if (required != "later") view["again_href"] = "/suivi/" + text_of(booking, "id");
        return view;
    }
    const auto amount = amount_of(booking, payment);
    const auto amount_text = visit.format.money(cents_of({{"of", amount}}, "of"));
    auto known = payment;
    if (!known.contains("requirement")) known["requirement"] = required;
    const bool payable = stands && is_payable(known);
    const auto& deadline = payment.contains("pay_by") ? payment : member_of(booking, "requirement");
    auto view = box(payable ? due(visit, known, deadline, amount_text)
                            : settled(visit, known, amount_text));
    if (payable && may_pay && required == "before" && !is_past(visit, deadline, "pay_by")) {
        view["button"] = pay_button(visit, payment, amount);
    }
    if (text_of(payment, "status") == "processing") {
        view["again_href"] = "/paiements/" + id_of(payment) + "/retour";
    }
    view["simulated"] = flag_of(member_of(payment, "provider"), "simulated");
    view["page_href"] = "/paiements/" + id_of(payment);
    return view;
}

namespace {

json receipt_facts(const Visit& visit, const json& payment, const std::string& organisation) {
    auto facts = json::array();
    const auto add = [&](const char* key, const std::string& text) {
        if (!text.empty()) facts.push_back({{"label", visit.text(key)}, {"text", text}});
    };
    add("payment.reference", text_of(payment, "public_ref"));
    add("payment.booking", text_of(payment, "booking_reference"));
    add("payment.payer", organisation);
    add("payment.creditor", text_of(payment, "establishment_name"));
    add("payment.object", text_of(payment, "space_name"));
    add("payment.paid_at", moment_of(visit, payment, "paid_at"));
    const auto method = text_of(payment, "method");
    if (method.empty()) return facts;
    auto means = visit.words.text_or("method." + method, method);
    // A receipt of the demonstration must not pass for one of real money.
    if (method == "card" && flag_of(member_of(payment, "provider"), "simulated")) {
        means = visit.words.fill("payment.simulated_method", {{"method", means}});
    }
    add("payment.method", means);
    return facts;
}

json refunds_view(const Visit& visit, const json& payment, bool keeps_books) {
    auto items = json::array();
    for (const auto& refund : list_of(payment, "refunds")) {
        const auto reason = text_of(refund, "reason");
        const auto status = text_of(refund, "status");
        const bool done = status == "succeeded";
        items.push_back({{"amount", visit.format.money(cents_of(refund, "amount"))},
                         {"reason_text", visit.words.text_or("refund_reason." + reason,
                                                             visit.text("refund_reason.other"))},
                         {"state_text", visit.words.text_or("refund_status." + status, status)},
                         {"tone", done                   ? "free"
                                  : status == "failed"   ? "warn"
                                  : status == "rejected" ? "none"
                                                         : "pending"},
                         {"decide", refund_decision(payment, refund, keeps_books)}});
    }
    if (items.empty()) return false;
    return {{"items", items}};
}

json receipt_view(const Visit& visit, const json& payment, const std::string& organisation) {
    const auto status = text_of(payment, "status");
    const bool money_came = status == "paid" || status == "paid_late";
    auto price = payment;
    price["total"] = payment.value("amount", json::object());
    const auto sums = price_view(visit, price, {});
    return {{"title_text", visit.text(money_came ? "payment.receipt" : "payment.detail")},
            {"facts", receipt_facts(visit, payment, organisation)},
            {"lines", sums.is_object() ? sums["lines"] : json::array()},
            {"total", visit.format.money(cents_of(payment, "amount"))},
            {"print_text", money_came ? json(visit.text("payment.print")) : json(false)}};
}

/// Money that came without the provider, recorded by the finance officer.
json offline_view(const Visit& visit, const json& payment, const PaymentPage& page,
                  const base::Error* error) {
    if (!page.keeps_books || !is_payable(payment)) return false;
    const auto faults = error != nullptr ? error->fields : std::vector<base::FieldError>{};
    auto options = json::array();
    const auto chosen = visit.form.get("method");
    for (const auto* method : kMethods) {
        options.push_back(
            option_view(method, visit.text(std::string("method.") + method), chosen == method));
    }
    const auto day = visit.form.get("received_on");
    return {{"action", "/finance/paiements/" + id_of(payment) + "/encaisser"},
            {"method", {{"error", field_error(visit, faults, "method")}, {"options", options}}},
            {"reference",
             {{"value", std::string(visit.form.get("reference"))},
              {"error", field_error(visit, faults, "reference")}}},
            {"received_on",
             {{"value", day.empty() ? visit.today().iso() : std::string(day)},
              {"error", field_error(visit, faults, "received_on")}}},
            {"date_max", visit.today().iso()}};
}

json flash_of(const Visit& visit, const json& payment, const PaymentPage& page) {
    if (const auto code = visit.query("probleme"); !code.empty()) {
        const auto key = "problem." + std::string(code);
        if (visit.words.has(key)) return flash_view("warm", visit.text(key));
    }
    if (visit.query("fait") == "somme-illisible")
        return flash_view("warm", visit.text("payment.refund_unreadable"));
    if (const auto done = refund_done(visit); !done.empty()) return flash_view("free", done);
    if (visit.query("fait") == "encaisse")
        return flash_view("free", visit.text("payment.recorded"));
    const auto status = text_of(payment, "status");
    if (!page.returned) {
        const bool left = !visit.query("abandon").empty() && is_payable(payment);
        return left ? flash_view("info", visit.text("payment.left")) : json(false);
    }
    if (status == "paid") return flash_view("free", visit.text("payment.returned_paid"));
    if (status == "paid_late") return flash_view("warn", visit.text("payment.returned_late"));
    if (status == "processing")
        return flash_view("info", visit.text("payment.returned_processing"));
    const auto attempts = list_of(payment, "attempts");
    const bool declined =
        status == "payment_failed" || (!attempts.empty() && flag_of(attempts.back(), "declined"));
    if (declined) return flash_view("warm", visit.text("payment.returned_declined"));
    return flash_view("info", visit.text("payment.returned_waiting"));
}

}  // namespace

json payment_view(const Visit& visit, const json& payment, const PaymentPage& page,
                  const base::Error* error) {
    // The payment says by itself what its booking would.
    const json booking = {
        {"id", text_of(payment, "booking_id")},
        {"state", is_payable(payment) || text_of(payment, "status") == "processing" ? "accepted"
                                                                                    : "confirmed"},
        {"requirement",
         {{"payment", text_of(payment, "requirement")}, {"pay_by", text_of(payment, "pay_by")}}}};
    auto pay = pay_view(visit, booking, payment, page.may_pay);
    if (pay.is_object()) {
        pay["page_href"] = false;
        // Back from the provider and not settled yet: one link asks again.
        const auto status = text_of(payment, "status");
        const bool open = page.returned && (is_payable(payment) || status == "processing");
        if (open) pay["again_href"] = "/paiements/" + id_of(payment) + "/retour";
    }
    const auto reference = text_of(payment, "public_ref");
    return {
        {"title", visit.words.fill("payment.title_full", {{"reference", reference}})},
        {"flash", flash_of(visit, payment, page)},
        {"errors", error != nullptr ? errors_view(visit, *error, "received_on") : json(false)},
        {"reference", reference},
        {"amount", visit.format.money(cents_of(payment, "amount"))},
        {"tone", payment_tone(payment)},
        {"state_text", payment_state_text(visit, payment)},
        {"booking_href", "/suivi/" + text_of(payment, "booking_id")},
        {"booking_text", visit.words.fill("payment.to_booking",
                                          {{"reference", text_of(payment, "booking_reference")}})},
        {"pay", pay},
        {"receipt", receipt_view(visit, payment, page.organisation)},
        {"refunds", refunds_view(visit, payment, page.keeps_books)},
        {"give_back", refund_form(visit, payment, page.keeps_books)},
        {"offline", offline_view(visit, payment, page, error)}};
}

namespace {

std::string organisation_of(const Visit& visit, const json& payment) {
    const auto id = text_of(payment, "organisation_id");
    const auto names = organisation_names(visit, {id});
    const auto at = names.find(id);
    return at == names.end() ? std::string{} : at->second;
}

bool keeps_books(const Visit& visit) {
    if (!visit.me) return false;
    const auto posts = list_of(*visit.me, "posts");
    return std::ranges::any_of(posts, [](const json& post) {
        const auto role = text_of(post, "role");
        return role == "finance" || role == "admin";
    });
}

std::string path_of(const Visit& visit) {
    return "/v1/payments/" + percent_encode(visit.request.params.get("id"));
}

Reply show(const Visit& visit, const json& payment, bool returned, const base::Error* error) {
    const PaymentPage page{.organisation = organisation_of(visit, payment),
                           .may_pay = pays_for(visit, text_of(payment, "organisation_id")),
                           .keeps_books = keeps_books(visit),
                           .returned = returned};
    return Reply::page("payment", payment_view(visit, payment, page, error),
                       error != nullptr ? 422 : 200);
}

base::Result<Reply> payment_page(Visit& visit) {
    const auto payment = visit.backend->get("payment", path_of(visit));
    if (!payment) return std::unexpected(payment.error());
    return show(visit, *payment, false, nullptr);
}

/// Back from the provider: what it says now counts, not what the address claims.
base::Result<Reply> returned_page(Visit& visit) {
    const auto synced =
        visit.backend->post("payment", path_of(visit) + "/sync", json::object(), {});
    if (synced && synced->ok()) return show(visit, synced->body, true, nullptr);
    const auto payment = visit.backend->get("payment", path_of(visit));
    if (!payment) return std::unexpected(payment.error());
    return show(visit, *payment, true, nullptr);
}

base::Result<Reply> pay(Visit& visit) {
    const auto id = percent_encode(visit.request.params.get("id"));
    const auto answer = visit.backend->post("payment", path_of(visit) + "/checkout", json::object(),
                                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) {
        const auto url = text_of(answer->body, "url");
        if (!url.empty()) return Reply::see(url);
        return base::fail("upstream_unavailable", "a checkout without an address");
    }
    const auto error = answer->error();
    if (answer->status != 409) return std::unexpected(error);
    return Reply::see("/paiements/" + id + "?probleme=" + percent_encode(error.code));
}

base::Result<Reply> record_receipt(Visit& visit) {
    const auto id = percent_encode(visit.request.params.get("id"));
    json body = {{"method", std::string(visit.form.get("method"))},
                 {"received_on", std::string(visit.form.get("received_on"))}};
    if (const auto reference = visit.form.get("reference"); !reference.empty()) {
        body["reference"] = std::string(reference);
    }
    const auto answer = visit.backend->post("payment", path_of(visit) + "/offline-receipt", body,
                                            visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) return Reply::see("/paiements/" + id + "?fait=encaisse");
    const auto error = answer->error();
    if (answer->status == 409) {
        return Reply::see("/paiements/" + id + "?probleme=" + percent_encode(error.code));
    }
    if (answer->status != 422) return std::unexpected(error);
    const auto payment = visit.backend->get("payment", path_of(visit));
    if (!payment) return std::unexpected(payment.error());
    return show(visit, *payment, false, &error);
}

}  // namespace

void add_payment_pages(Site& site, net::Router& router) {
    const std::string section = "requests";
    site.add(router, net::Method::get, "/paiements/{id}", "page_payment", payment_page,
             Access::signed_in, section);
    site.add(router, net::Method::get, "/paiements/{id}/retour", "page_payment_returned",
             returned_page, Access::signed_in, section);
    site.add(router, net::Method::post, "/paiements/{id}/payer", "pay", pay, Access::signed_in,
             section);
    site.add(router, net::Method::post, "/finance/paiements/{id}/encaisser", "record_receipt",
             record_receipt, Access::signed_in, section);
    add_refund_pages(site, router);
}

}  // namespace preau::gateway
