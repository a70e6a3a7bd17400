#include "services/payment/provider/stripe/provider.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>

#include "services/payment/provider/stripe/form.hpp"
#include "services/payment/provider/stripe/objects.hpp"
#include "shared/base/clock.hpp"
#include "shared/json/parse.hpp"
#include "shared/observe/log.hpp"

namespace preau::payment::stripe {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLineItemsMax = 20;
constexpr std::size_t kNameMax = 120;
constexpr int kPagesMax = 500;
constexpr std::size_t kAnswerMax = 4 * 1024 * 1024;
constexpr std::string_view kExpandSession =
    "?expand%5B%5D=payment_intent.latest_charge.balance_transaction";
constexpr std::string_view kExpandTxn = "?expand%5B%5D=balance_transaction";
constexpr std::string_view kExpandRefund =
    "?expand%5B%5D=balance_transaction&expand%5B%5D=failure_balance_transaction";
constexpr std::string_view kExpandRefunds =
    "&expand%5B%5D=data.balance_transaction&expand%5B%5D=data.failure_balance_transaction";

net::ClientOptions client_options() {
    net::ClientOptions out;
    out.carrier = net::Carrier::libcurl;
    // The page answers within 10 s (F-23): two tries fit.
    out.connect_timeout = 3'000ms;
    out.total_timeout = 7'000ms;
    out.response_bytes_max = kAnswerMax;
    return out;
}

base::Result<nlohmann::json> parsed(const std::string& body) {
    return json::parse(body, {.depth_max = 40, .nodes_max = 200'000});
}

std::string shortened(std::string text) {
    if (text.size() <= kNameMax) return text;
    text.resize(kNameMax);
    // Not in the middle of a letter.
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80)
        text.pop_back();
    if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.pop_back();
    return text;
}

std::string item(std::size_t n, std::string_view rest) {
    return "line_items[" + std::to_string(n) + "]" + std::string(rest);
}

void put_item(Form& form, std::size_t n, const std::string& name, std::int64_t amount) {
    form.add(item(n, "[quantity]"), 1)
        .add(item(n, "[price_data][currency]"), "eur")
        .add(item(n, "[price_data][unit_amount]"), amount)
        .add(item(n, "[price_data][product_data][name]"), name);
}

/// One item for each line of the price where they add up, else one for all.
void put_items(Form& form, const Payment& payment) {
    const std::string name = shortened(payment.space_name.empty() ? payment.booking_reference
                                                                  : payment.space_name + " · " +
                                                                        payment.booking_reference);
    std::int64_t sum = 0;
    bool positive = !payment.lines.empty() && payment.lines.size() <= kLineItemsMax;
    for (const auto& line : payment.lines) {
        sum += line.amount;
        positive = positive && line.amount > 0;
    }
    if (!positive || sum != payment.amount) {
        put_item(form, 0, name, payment.amount);
        return;
    }
    for (std::size_t n = 0; n < payment.lines.size(); ++n)
        put_item(form, n, name, payment.lines[n].amount);
}

double steady_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// "Sat, 28 Nov 2026 14:00:00 GMT" in UTC seconds, 0 for anything else.
std::int64_t http_date_s(std::string_view text) {
    std::tm parts{};
    const std::string copy(text);
    if (strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr) return 0;
    return timegm(&parts);
}

std::int64_t retry_after(const net::ClientResponse& answer) {
    const auto text = answer.headers.get("retry-after");
    std::int64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return std::clamp<std::int64_t>(out, 0, 3'600);
}

}  // namespace

StripeProvider::StripeProvider(Options options, observe::Registry& metrics)
    : options_(std::move(options)),
      client_(client_options()),
      metrics_(metrics),
      throttle_(options_.limits, options_.now_s ? options_.now_s : steady_s) {
    if (!options_.machine_now_s) {
        options_.machine_now_s = [] { return base::MachineClock{}.now().seconds; };
    }
    metrics_.gauge("preau_payment_clock_skew_seconds",
                   "Seconds by which the payment provider's clock is ahead of ours",
                   [this] { return static_cast<double>(clock_skew_s_.load()); });
    if (!options_.send) {
        options_.send = [this](const net::ClientRequest& r) { return client_.send(r); };
    }
}

Capabilities StripeProvider::capabilities() const {
    return {.hosted_page = true,
            .expiry_control = true,
            .refund = true,
            .partial_refund = true,
            .movements = true,
            .signed_notifications = true,
            .methods = {}};
}

void StripeProvider::count(std::string_view outcome) {
    metrics_
        .counter("preau_payment_provider_calls_total", "Requests to the payment provider",
                 {{"outcome", std::string(outcome)}})
        .add();
}

net::ClientRequest StripeProvider::request(net::Method method, const std::string& target,
                                           const std::string& account) const {
    net::ClientRequest out;
    out.method = method;
    out.url = options_.api_base + target;
    out.content_type = "application/x-www-form-urlencoded";
    out.headers = {{"Authorization", "Bearer " + options_.secret_key},
                   {"Stripe-Version", options_.api_version},
                   {"Stripe-Account", account}};
    return out;
}

// ── Rendering ───────────────────────────────────────────────────────────────────────────────────

void StripeProvider::render_checkout(ProviderCall& call, const Payment& payment,
                                     const Attempt& attempt,
                                     const Establishment& establishment) const {
    const std::string back = options_.public_url + "/paiements/" + payment.id.str();
    const std::string n = std::to_string(attempt.n);
    Form form;
    form.add("mode", "payment")
        .add("ui_mode", "hosted_page")
        .add("locale", "fr")
        .add("client_reference_id", payment.id.str())
        .add("success_url", back + "/retour?session={CHECKOUT_SESSION_ID}")
        .add("cancel_url", back + "?abandon=1")
        .add("expires_at", attempt.expires_at.seconds);
    put_items(form, payment);
    // The metadata of the session is not copied to the payment: said twice.
    for (const std::string_view where : {"metadata", "payment_intent_data[metadata]"}) {
        const std::string at(where);
        form.add(at + "[payment_id]", payment.id.str())
            .add(at + "[booking_id]", payment.booking.str())
            .add(at + "[uai]", establishment.uai)
            .add(at + "[attempt]", n);
    }
    form.add(
        "payment_intent_data[description]",
        shortened(payment.booking_reference + " " + payment.public_ref + " " + establishment.name));
    call.path = "/v1/checkout/sessions";
    call.body = form.text();
}

void StripeProvider::render_expire(ProviderCall& call, const std::string& session) const {
    call.path = "/v1/checkout/sessions/" + session + "/expire";
    call.body.clear();
}

void StripeProvider::render_refund(ProviderCall& call, const Payment& payment, const Refund& refund,
                                   const std::string& intent) const {
    Form form;
    form.add("payment_intent", intent)
        .add("amount", refund.amount)
        .add("reason", "requested_by_customer")
        .add("metadata[refund_id]", refund.id.str())
        .add("metadata[payment_id]", payment.id.str())
        .add("expand[0]", "balance_transaction");
    call.path = "/v1/refunds";
    call.body = form.text();
}

// ── Sending ─────────────────────────────────────────────────────────────────────────────────────

std::expected<net::ClientResponse, double> StripeProvider::converse(
    const net::ClientRequest& message, const std::string& account) {
    const auto place = throttle_.enter(account);
    if (!place) {
        count("held_back");
        return std::unexpected(place.error());
    }
    auto answer = options_.send(message);
    if (!answer) {
        count("no_answer");
        return std::unexpected(0.0);
    }
    compare_clocks(*answer);
    if (answer->status == 429) {
        throttle_.pause(account,
                        static_cast<double>(std::max<std::int64_t>(1, retry_after(*answer))));
    }
    return *std::move(answer);
}

void StripeProvider::compare_clocks(const net::ClientResponse& answer) {
    const auto theirs = http_date_s(answer.headers.get("date"));
    if (theirs == 0) return;
    const auto skew = theirs - options_.machine_now_s();
    const bool was_off = std::abs(clock_skew_s_.exchange(skew)) > clock_skew_s_max;
    if (std::abs(skew) <= clock_skew_s_max || was_off) return;
    observe::log(observe::Level::error, "provider.clock_skew",
                 {{"provider_ahead_s", static_cast<long long>(skew)},
                  {"effect", "webhooks are refused for their time"}});
}

CallAnswer StripeProvider::send(const ProviderCall& call) {
    auto message = request(net::Method::post, call.path, call.account);
    message.headers.emplace_back("Idempotency-Key", call.idem_key);
    message.body = call.body;
    CallAnswer out;
    const auto answer = converse(message, call.account);
    if (!answer) {
        out.retry_after_s = static_cast<std::int64_t>(std::ceil(answer.error()));
        return out;
    }
    out.status = answer->status;
    out.retry_after_s = retry_after(*answer);
    const auto body = parsed(answer->body);
    if (answer->ok() && body && body->is_object()) {
        out.kind = CallAnswer::Kind::done;
        out.body = answer->body;
        count("ok");
        return out;
    }
    if (body && body->contains("error") && (*body)["error"].is_object()) {
        out.code = (*body)["error"].value("code", (*body)["error"].value("type", ""));
    }
    const bool replayed = answer->headers.get("idempotent-replayed") == "true";
    const auto should_retry = answer->headers.get("stripe-should-retry");
    const bool temporary = answer->status >= 500 || answer->status == 409 ||
                           answer->status == 429 || answer->status == 401 || answer->ok();
    if (answer->status >= 500 && replayed) {
        out.kind = CallAnswer::Kind::replayed;
    } else if (should_retry == "true" || (temporary && should_retry != "false")) {
        out.kind = CallAnswer::Kind::unknown;
    } else {
        out.kind = CallAnswer::Kind::refused;
        out.body = answer->body;
    }
    count(out.kind == CallAnswer::Kind::refused ? "refused" : "failed");
    return out;
}

std::optional<SeenSession> StripeProvider::session_of(const std::string& body) const {
    const auto object = parsed(body);
    return object ? session_from(*object) : std::nullopt;
}

std::optional<SeenRefund> StripeProvider::refund_of(const std::string& body) const {
    const auto object = parsed(body);
    return object ? refund_from(*object) : std::nullopt;
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────

Read<nlohmann::json> StripeProvider::get(const std::string& account, const std::string& target) {
    const auto answer = converse(request(net::Method::get, target, account), account);
    if (!answer) {
        return std::unexpected(ReadFailure{false, "the provider does not answer"});
    }
    if (!answer->ok()) {
        count("refused");
        return std::unexpected(
            ReadFailure{answer->status == 404, "status " + std::to_string(answer->status)});
    }
    auto body = parsed(answer->body);
    if (!body || !body->is_object()) {
        count("failed");
        return std::unexpected(ReadFailure{false, "the answer is no JSON object"});
    }
    count("ok");
    return *std::move(body);
}

Read<std::vector<nlohmann::json>> StripeProvider::list(
    const std::string& account, const std::string& target,
    const std::function<bool(const Json&)>& enough) {
    std::vector<Json> out;
    std::string after;
    for (int page = 0; page < kPagesMax; ++page) {
        auto body =
            get(account, target + (target.find('?') == std::string::npos ? "?" : "&") +
                             "limit=100" + (after.empty() ? "" : "&starting_after=" + after));
        if (!body) return std::unexpected(body.error());
        for (auto& object : (*body)["data"]) {
            after = object.value("id", "");
            const bool done = enough && enough(object);
            out.push_back(std::move(object));
            if (done) return out;
        }
        if (!body->value("has_more", false) || after.empty()) return out;
    }
    return std::unexpected(ReadFailure{false, "the list has no end"});
}

template <class T>
Read<T> StripeProvider::one(const std::string& account, const std::string& target,
                            std::optional<T> (*from)(const Json&)) {
    const auto body = get(account, target);
    if (!body) return std::unexpected(body.error());
    auto seen = from(*body);
    if (!seen) return std::unexpected(ReadFailure{true, "not the object asked for"});
    return *std::move(seen);
}

Read<SeenSession> StripeProvider::session(const std::string& account, const std::string& id) {
    return one(account, "/v1/checkout/sessions/" + encoded(id) + std::string(kExpandSession),
               session_from);
}

Read<std::optional<SeenSession>> StripeProvider::find_session(const std::string& account,
                                                              const PaymentId& payment, int attempt,
                                                              base::Instant since) {
    const auto is_ours = [&](const Json& object) {
        const auto seen = session_from(object);
        return seen && seen->payment_id == payment.str() && seen->attempt == attempt;
    };
    const auto all =
        list(account, "/v1/checkout/sessions?created%5Bgte%5D=" + std::to_string(since.seconds),
             is_ours);
    if (!all) return std::unexpected(all.error());
    if (all->empty() || !is_ours(all->back())) return std::optional<SeenSession>{};
    auto seen = session(account, all->back().value("id", ""));
    if (!seen) return std::unexpected(seen.error());
    return std::optional<SeenSession>(*std::move(seen));
}

Read<SeenCharge> StripeProvider::charge(const std::string& account, const std::string& id) {
    return one(account, "/v1/charges/" + encoded(id) + std::string(kExpandTxn), charge_from);
}

Read<SeenRefund> StripeProvider::refund(const std::string& account, const std::string& id) {
    return one(account, "/v1/refunds/" + encoded(id) + std::string(kExpandRefund), refund_from);
}

Read<std::vector<SeenRefund>> StripeProvider::refunds(const std::string& account,
                                                      const std::string& intent) {
    if (intent.empty()) return std::vector<SeenRefund>{};
    return refunds_where(account, "payment_intent=" + encoded(intent));
}

Read<std::vector<SeenRefund>> StripeProvider::refunds_since(const std::string& account,
                                                            base::Instant since) {
    return refunds_where(account, "created%5Bgte%5D=" + std::to_string(since.seconds));
}

Read<std::vector<SeenRefund>> StripeProvider::refunds_where(const std::string& account,
                                                            const std::string& filter) {
    const auto all = list(account, "/v1/refunds?" + filter + std::string(kExpandRefunds));
    if (!all) return std::unexpected(all.error());
    std::vector<SeenRefund> out;
    for (const auto& object : *all) {
        if (auto seen = refund_from(object)) out.push_back(*std::move(seen));
    }
    return out;
}

Read<SeenDispute> StripeProvider::dispute(const std::string& account, const std::string& id) {
    return one(account, "/v1/disputes/" + encoded(id), dispute_from);
}

Read<SeenAccount> StripeProvider::account(const std::string& account) {
    return one(account, "/v1/accounts/" + encoded(account), account_from);
}

Read<SeenPayout> StripeProvider::payout(const std::string& account, const std::string& id) {
    return one(account, "/v1/payouts/" + encoded(id), payout_from);
}

Read<std::vector<SeenPayout>> StripeProvider::payouts(const std::string& account,
                                                      base::Instant since) {
    const auto all = list(account, "/v1/payouts?created%5Bgte%5D=" + std::to_string(since.seconds));
    if (!all) return std::unexpected(all.error());
    std::vector<SeenPayout> out;
    for (const auto& object : *all) {
        if (auto seen = payout_from(object)) out.push_back(*std::move(seen));
    }
    return out;
}

Read<std::vector<SeenTxn>> StripeProvider::txns_of_payout(const std::string& account,
                                                          const std::string& payout) {
    const auto all = list(account, "/v1/balance_transactions?payout=" + encoded(payout));
    if (!all) return std::unexpected(all.error());
    std::vector<SeenTxn> out;
    for (const auto& object : *all) {
        if (auto seen = txn_from(object)) out.push_back(*std::move(seen));
    }
    return out;
}

Read<std::vector<SeenTxn>> StripeProvider::txns(const std::string& account, base::Instant since) {
    const auto all =
        list(account, "/v1/balance_transactions?created%5Bgte%5D=" + std::to_string(since.seconds));
    if (!all) return std::unexpected(all.error());
    std::vector<SeenTxn> out;
    for (const auto& object : *all) {
        if (auto seen = txn_from(object)) out.push_back(*std::move(seen));
    }
    std::ranges::reverse(out);
    return out;
}

}  // namespace preau::payment::stripe
