#include "services/payment/settings.hpp"

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "services/payment/provider/offline/provider.hpp"
#include "services/payment/provider/stripe/provider.hpp"

namespace preau::payment {

namespace {

[[noreturn]] void refuse_to_start(const char* why) {
    std::fprintf(stderr, "preau-payment: %s\n", why);
    std::exit(2);
}

bool on_loopback(std::string_view url) {
    return url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:");
}

stripe::Options stripe_options(const host::Host& host) {
    stripe::Options out;
    out.secret_key = host::Config::environment("STRIPE_SECRET_KEY");
    out.api_base = host::Config::environment("STRIPE_API_BASE", stripe::default_base);
    out.api_version = host::Config::environment("STRIPE_API_VERSION", stripe::default_version);
    out.public_url = host::Config::environment("PREAU_PUBLIC_URL", "http://127.0.0.1:8080");
    out.simulated = on_loopback(out.api_base);
    const bool live =
        out.secret_key.starts_with("sk_live") || out.secret_key.starts_with("rk_live");
    if (live && host.config().demonstration()) {
        refuse_to_start("a live Stripe key is refused in a demonstration");
    }
    if (live && out.simulated) refuse_to_start("a live Stripe key is refused with a simulator");
    if (!out.simulated && !out.api_base.starts_with("https://")) {
        refuse_to_start("STRIPE_API_BASE must be https or on loopback");
    }
    if (!out.simulated && !out.secret_key.empty() &&
        !host::Config::environment("PREAU_CLOCK_FILE").empty()) {
        refuse_to_start("time cannot be moved with a real Stripe key");
    }
    return out;
}

}  // namespace

std::unique_ptr<Provider> make_provider(host::Host& host) {
    auto options = stripe_options(host);
    if (options.secret_key.empty()) return std::make_unique<offline::OfflineProvider>();
    return std::make_unique<stripe::StripeProvider>(std::move(options), host.metrics());
}

std::vector<std::string> webhook_secrets() {
    std::vector<std::string> out;
    std::istringstream list(host::Config::environment("STRIPE_WEBHOOK_SECRETS"));
    for (std::string one; std::getline(list, one, ',');) {
        if (!one.empty()) out.push_back(one);
    }
    return out;
}

http::AccountNumbers account_numbers(const host::Host& host) {
    http::AccountNumbers out;
    for (int i = 0; i < ledger::account_count; ++i) {
        const auto account = static_cast<ledger::Account>(i);
        const std::string key = "payment.accounts." + std::string(ledger::to_string(account));
        out[account] = host.config().text(key, ledger::default_number(account));
    }
    return out;
}

CashierSettings cashier_settings(const host::Host& host) {
    CashierSettings out;
    out.demonstration = host.config().demonstration();
    out.refund_alarm_s = host.config().integer("payment.refund_alarm_s", out.refund_alarm_s);
    out.sync_account_s = host.config().integer("payment.sync_account_s", out.sync_account_s);
    out.look_again_s = host.config().integer("payment.look_again_s", out.look_again_s);
    return out;
}

}  // namespace preau::payment
