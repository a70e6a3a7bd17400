#include "services/notification/jobs/dispatcher.hpp"

#include "services/notification/channel/email/letter_facts.hpp"
#include "services/notification/domain/retry.hpp"
#include "shared/net/smtp.hpp"
#include "shared/observe/log.hpp"
#include "shared/time/zone.hpp"

namespace preau::notification {

namespace {

using namespace std::chrono_literals;

constexpr int kBatch = 20;
constexpr auto kIdle = 500ms;
constexpr auto kBusy = 1ms;

std::unexpected<NotDelivered> later(const char* reason) {
    return std::unexpected(NotDelivered{false, reason});
}
std::unexpected<NotDelivered> never(const char* reason) {
    return std::unexpected(NotDelivered{true, reason});
}

}  // namespace

Dispatcher::Dispatcher(Messages& messages, Sources& sources, const email::Letters& letters,
                       Channel& channel, observe::Registry& metrics, std::int64_t claim_s)
    : messages_(messages),
      sources_(sources),
      letters_(letters),
      channel_(channel),
      metrics_(metrics),
      claim_s_(claim_s) {}

void Dispatcher::count(const char* outcome) {
    metrics_
        .counter("preau_messages_total", "Attempts to send a message, by outcome.",
                 {{"outcome", outcome}})
        .add();
}

std::chrono::milliseconds Dispatcher::step() {
    BatchSources sources(sources_);
    for (int i = 0; i < kBatch; ++i) {
        const auto message = messages_.claim(claim_s_);
        if (!message || !*message) return kIdle;
        attempt(**message, sources);
    }
    return kBusy;
}

std::expected<std::string, NotDelivered> Dispatcher::deliver(const Message& message,
                                                             Sources& sources) {
    email::Situation situation;
    situation.message = message;
    situation.facts = nlohmann::json::parse(message.facts, nullptr, false);
    if (!situation.facts.is_object()) return never("facts_unreadable");
    auto booking = sources.booking(message.booking_id);
    if (!booking) return later("booking_unavailable");
    if (booking->is_null()) return never("booking_unknown");
    situation.booking = std::move(*booking);
    // What its owner brought from an old calendar is nobody's news.
    if (email::text_at(situation.booking, {"origin"}) == "import") return never("imported");
    const auto reader_id = message.recipient == whoever_asked
                               ? email::text_at(situation.booking, {"requester_id"})
                               : message.recipient;
    const auto reader = sources.person(reader_id);
    if (!reader) return later("accounts_unavailable");
    if (!*reader) return never("person_unknown");
    situation.reader = **reader;
    if (situation.reader.address.empty()) return never("no_address");
    if (!net::is_envelope_address(situation.reader.address)) return never("bad_address");
    const auto organisation =
        sources.organisation_name(email::text_at(situation.booking, {"organisation_id"}));
    const auto contact = sources.contact(email::text_at(situation.booking, {"body_id"}));
    if (!organisation || !contact) return later("accounts_unavailable");
    situation.organisation_name = *organisation;
    situation.contact = *contact;
    const auto day = time::Zone::paris().local(message.created_at).date.iso();
    return channel_.deliver(letters_.write(situation), message.n, day);
}

void Dispatcher::attempt(const Message& message, Sources& sources) {
    const auto done = deliver(message, sources);
    if (done) {
        count("sent");
        const auto stored = messages_.sent(message, *done);
        if (!stored || !*stored) {
            // It left, but nobody knows: it will leave again with the same Message-ID.
            observe::log(observe::Level::error, "message.outcome_lost",
                         {{"message_id", message.id}});
        }
        return;
    }
    const auto& why = done.error();
    const auto pause = why.for_good ? std::nullopt : pause_after(message.attempts);
    count(pause ? "retry" : "failed");
    observe::log(pause ? observe::Level::info : observe::Level::warn,
                 pause ? "message.retry" : "message.failed",
                 {{"message_id", message.id},
                  {"kind", to_string(message.kind)},
                  {"reason", std::string_view(why.reason)},
                  {"attempts", static_cast<long long>(message.attempts)}});
    const auto stored = pause ? messages_.retry(message, why.reason, *pause)
                              : messages_.failed(message, why.reason);
    if (!stored) {
        observe::log(observe::Level::warn, "message.not_settled", {{"message_id", message.id}});
    }
}

}  // namespace preau::notification
