// preau-notification: who is told what. Wires its parts together.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "preau_migrations_notification.hpp"
#include "services/notification/channel/email/folder_channel.hpp"
#include "services/notification/channel/email/letter.hpp"
#include "services/notification/channel/email/smtp_channel.hpp"
#include "services/notification/http/mailbox.hpp"
#include "services/notification/jobs/dispatcher.hpp"
#include "services/notification/jobs/followers.hpp"
#include "services/notification/store/sql_messages.hpp"
#include "shared/host/host.hpp"
#include "shared/time/zone.hpp"
#include "shared/words/home.hpp"

namespace {

using namespace preau;
using namespace preau::notification;
using namespace std::chrono_literals;

constexpr std::int64_t kDay_s = 86'400;
constexpr std::int64_t kAsking_s = 45;  // the longest that booking and accounts can take to answer
constexpr auto kTidy = 10min;

[[noreturn]] void refuse(const std::string& why) {
    std::fprintf(stderr, "preau-notification: %s\n", why.c_str());
    std::exit(2);
}

std::string public_url(const host::Config& config) {
    auto url = host::Config::environment("PREAU_PUBLIC_URL", config.text("instance.public_url"));
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

email::House house_of(const host::Host& host, bool to_server) {
    email::House out;
    out.public_url = public_url(host.config());
    out.demonstration = host.config().demonstration();
    const auto named = host::Config::environment(
        "PREAU_MAIL_FROM",
        host.config().text("notification.mail_from", to_server ? "" : "Préau <preau@localhost>"));
    const auto from = email::address_from(named);
    if (!from) refuse("PREAU_MAIL_FROM must be an address, or a name and <an address>");
    out.from = *from;
    return out;
}

/// The server of SMTP_URL, else files.
std::unique_ptr<Channel> channel_of(const host::Host& host, const std::string& smtp_url,
                                    const std::filesystem::path& folder, std::int64_t& claim_s) {
    claim_s = kAsking_s;
    if (smtp_url.empty()) return std::make_unique<email::FolderChannel>(folder);
    if (!net::is_smtp_url(smtp_url)) refuse("SMTP_URL must be smtp://… or smtps://…");
    net::SmtpOptions options;
    options.url = smtp_url;
    options.total_timeout = std::chrono::milliseconds(
        host.config().integer("notification.smtp_ms_max", options.total_timeout.count()));
    claim_s += 2 * options.total_timeout.count() / 1'000 + 1;
    return std::make_unique<email::SmtpChannel>(std::move(options));
}

struct Parts {
    explicit Parts(host::Host& host, const std::string& smtp_url)
        : folder(std::filesystem::path(host.data_dir()) / "mail"),
          messages(host.database(), host.clock(), host.machine_clock()),
          sources(host.peers()),
          letters(load(host, !smtp_url.empty())),
          channel(channel_of(host, smtp_url, folder, claim_s)),
          dispatcher(messages, sources, letters, *channel, host.metrics(), claim_s) {}

    static email::Letters load(host::Host& host, bool to_server) {
        auto loaded = email::Letters::load(words::find_home(), house_of(host, to_server));
        if (!loaded) refuse(loaded.error().detail);
        return std::move(*loaded);
    }

    std::int64_t claim_s = 0;
    std::filesystem::path folder;
    SqlMessages messages;
    PeerSources sources;
    email::Letters letters;
    std::unique_ptr<Channel> channel;
    Dispatcher dispatcher;
};

/// Rows and files are not kept for ever: a file holds names and addresses.
std::chrono::milliseconds tidy(Parts& parts, const base::Clock& clock, std::int64_t rows_days,
                               std::int64_t files_days) {
    const auto now = clock.now();
    const auto oldest = time::Zone::paris().local(now + -files_days * kDay_s).date.iso();
    email::remove_days_before(parts.folder, oldest);
    const auto removed = parts.messages.prune(now + -rows_days * kDay_s);
    return removed && *removed > 0 ? std::chrono::milliseconds(100) : kTidy;
}

void wire_up(host::Host& host) {
    const auto smtp_url = host::Config::environment("SMTP_URL");
    const auto parts = std::make_shared<Parts>(host, smtp_url);
    add_routes(host.router(),
               {parts->messages, parts->folder, host.config().demonstration(),
                [&host](const net::Request& request) { return host.identify(request); }});
    host.follow("accounts", accounts_sink(host.database()));
    // An installation without payment has no such feed.
    for (const auto* feed : {"booking", "payment"}) {
        if (host.peers().url(feed).empty()) continue;
        host.follow(feed, facts_sink(host.database(), feed, host.clock(), host.machine_clock()));
    }
    host.metrics().gauge("preau_messages_waiting", "Messages that have not left yet.", [parts] {
        return static_cast<double>(parts->messages.waiting().value_or(-1));
    });
    host.repeat("send", [parts] { return parts->dispatcher.step(); });
    const auto rows_days = host.config().integer("notification.rows_days_max", 400);
    const auto files_days = host.config().integer("notification.files_days_max", 90);
    host.repeat("tidy", [parts, &host, rows_days, files_days] {
        return tidy(*parts, host.clock(), rows_days, files_days);
    });
}

}  // namespace

int main(int argc, char** argv) {
    host::Service service;
    service.name = "notification";
    service.migrations = {migrations_notification};
    service.wire = wire_up;
    return host::run(argc, argv, service);
}
