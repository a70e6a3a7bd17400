#include "tests/simulators/stripe/shapes.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace preau::stripe_simulator {

namespace {

using Json = nlohmann::json;

/// Members that are always there and may be null, by kind of object
/// (tests/contract/stripe/schema.json).
constexpr std::array kMayBeNull{std::to_array<std::pair<std::string_view, std::string_view>>({
    {"account", "email"},
    {"balance_transaction", "description exchange_rate source"},
    {"charge",
     "application application_fee application_fee_amount balance_transaction "
     "calculated_statement_descriptor customer description failure_balance_transaction "
     "failure_code failure_message fraud_details on_behalf_of outcome payment_intent "
     "payment_method payment_method_details receipt_email receipt_number receipt_url review "
     "shipping source source_transfer statement_descriptor statement_descriptor_suffix "
     "transfer_data transfer_group"},
    {"checkout.session",
     "adaptive_pricing after_expiration allow_promotion_codes allowed_payment_method_types "
     "amount_subtotal amount_total billing_address_collection cancel_url client_reference_id "
     "client_secret collected_information consent consent_collection currency "
     "currency_conversion customer customer_account customer_creation customer_details "
     "customer_email discounts integration_identifier invoice invoice_creation locale "
     "managed_payments metadata origin_context payment_intent payment_link "
     "payment_method_collection payment_method_configuration_details payment_method_options "
     "permissions recovered_from saved_payment_method_options setup_intent "
     "shipping_address_collection shipping_cost status submit_type subscription success_url "
     "total_details ui_mode url wallet_options"},
    {"dispute", "intended_submission_method payment_intent"},
    {"payment_intent",
     "allowed_payment_method_types application application_fee_amount "
     "automatic_payment_methods canceled_at cancellation_reason client_secret customer "
     "customer_account description excluded_payment_method_types last_payment_error "
     "latest_charge managed_payments next_action on_behalf_of payment_method "
     "payment_method_configuration_details payment_method_options payment_record processing "
     "receipt_email review setup_future_usage shipping source statement_descriptor "
     "statement_descriptor_suffix transfer_group"},
    {"payout",
     "application_fee application_fee_amount balance_transaction description destination "
     "failure_balance_transaction failure_code failure_message metadata original_payout "
     "payout_method reversed_by statement_descriptor trace_id"},
    {"refund",
     "balance_transaction charge customer customer_account metadata payment_intent "
     "payment_method reason receipt_number source_transfer_reversal status transfer_reversal"},
})};

/// Members that are always there and never null.
const std::map<std::string, Json, std::less<>>& constants() {
    const Json text = {{"after_submit", nullptr},
                       {"shipping_address", nullptr},
                       {"submit", nullptr},
                       {"terms_of_service_acceptance", nullptr}};
    const Json tax = {
        {"enabled", false}, {"liability", nullptr}, {"provider", nullptr}, {"status", nullptr}};
    const Json billing = {{"address", nullptr},
                          {"email", nullptr},
                          {"name", nullptr},
                          {"phone", nullptr},
                          {"tax_id", nullptr}};
    static const std::map<std::string, Json, std::less<>> kConstants{
        {"balance_transaction", {{"balance_type", "payments"}}},
        {"charge", {{"billing_details", billing}}},
        {"checkout.session",
         {{"automatic_tax", tax},
          {"custom_fields", Json::array()},
          {"custom_text", text},
          {"payment_method_types", Json::array({"card"})},
          {"shipping_options", Json::array()}}},
        {"payment_intent",
         {{"amount_capturable", 0},
          {"capture_method", "automatic_async"},
          {"confirmation_method", "automatic"},
          {"payment_method_types", Json::array({"card"})}}},
        {"payout", {{"source_type", "card"}}}};
    return kConstants;
}

Json evidence() {
    Json out = Json::object();
    for (const auto* name : {"access_activity_log",
                             "billing_address",
                             "cancellation_policy",
                             "cancellation_policy_disclosure",
                             "cancellation_rebuttal",
                             "customer_communication",
                             "customer_email_address",
                             "customer_name",
                             "customer_purchase_ip",
                             "customer_signature",
                             "duplicate_charge_documentation",
                             "duplicate_charge_explanation",
                             "duplicate_charge_id",
                             "enhanced_evidence",
                             "product_description",
                             "receipt",
                             "refund_policy",
                             "refund_policy_disclosure",
                             "refund_refusal_explanation",
                             "service_date",
                             "service_documentation",
                             "shipping_address",
                             "shipping_carrier",
                             "shipping_date",
                             "shipping_documentation",
                             "shipping_tracking_number",
                             "uncategorized_file",
                             "uncategorized_text"}) {
        out[name] = nullptr;
    }
    out["enhanced_evidence"] = Json::object();
    return out;
}

void complete(Json& object) {
    const auto kind = object.find("object");
    if (kind == object.end() || !kind->is_string()) return;
    const auto name = kind->get<std::string>();
    for (const auto& [of, members] : kMayBeNull) {
        if (of != name) continue;
        std::string_view rest = members;
        while (!rest.empty()) {
            const auto word = rest.substr(0, rest.find(' '));
            rest.remove_prefix(std::min(rest.size(), word.size() + 1));
            object.emplace(std::string(word), nullptr);
        }
    }
    if (const auto known = constants().find(name); known != constants().end()) {
        for (const auto& [member, value] : known->second.items())
            object.emplace(member, value);
    }
    if (name == "dispute") object["evidence"] = evidence();
}

}  // namespace

Json public_form(Json value) {
    if (value.is_array()) {
        for (auto& one : value)
            one = public_form(std::move(one));
        return value;
    }
    if (!value.is_object()) return value;
    for (auto member = value.begin(); member != value.end();) {
        member = member.key().starts_with('_') ? value.erase(member) : std::next(member);
    }
    for (auto& [name, member] : value.items())
        member = public_form(std::move(member));
    complete(value);
    return value;
}

}  // namespace preau::stripe_simulator
