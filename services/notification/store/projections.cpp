#include "services/notification/store/projections.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "services/notification/domain/message.hpp"
#include "services/notification/domain/retry.hpp"
#include "shared/base/demo_ids.hpp"
#include "shared/base/id.hpp"
#include "shared/db/dialect.hpp"

namespace preau::notification {

namespace {

using nlohmann::json;
using Number = long long;

constexpr std::array<std::string_view, 7> kPostColumns{
    "post_id", "person_id", "body_id", "role", "establishments", "active", "version"};
constexpr std::array<std::string_view, 1> kPostKey{"post_id"};
constexpr std::array<std::string_view, 13> kMessageColumns{
    "message_id", "event_id", "recipient",   "kind",    "booking_id", "facts", "created_at",
    "state",      "reason",   "next_try_at", "sent_at", "attempts",   "file"};
constexpr std::array<std::string_view, 2> kMessageKey{"event_id", "recipient"};

/// The letters of a ULID that stand for its time.
constexpr std::size_t kUlidTimeLetters = 10;

std::string text(const json& data, const char* name) {
    const auto it = data.find(name);
    return it != data.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

/// Those of a role who are named for the establishment; where nobody is, those of the whole body.
std::set<std::string> staff_of(db::Session& session, const std::string& role,
                               const std::string& body, const std::string& establishment) {
    std::set<std::string> named;
    std::set<std::string> of_body;
    std::string person;
    std::string places;
    soci::statement posts =
        (session.sql().prepare << "SELECT person_id, establishments FROM post_projection "
                                  "WHERE body_id = :b AND role = :r AND active = 1",
         soci::use(body), soci::use(role), soci::into(person), soci::into(places));
    if (posts.execute(true)) {
        do {
            const auto list = json::parse(places, nullptr, false);
            if (!list.is_array()) continue;
            if (list.empty()) of_body.insert(person);
            if (std::ranges::find(list, json(establishment)) != list.end()) named.insert(person);
        } while (posts.fetch());
    }
    return named.empty() ? of_body : named;
}

/// Made by a demonstration's loader, not by somebody's request.
bool is_demonstration_data(std::string_view booking_id) {
    static const std::string mark =
        base::seeded_ulid(base::demo::unix_ms, "").substr(0, kUlidTimeLetters);
    return booking_id.starts_with(mark);
}

void queue(db::Session& session, const events::Event& event, Kind kind,
           const std::string& recipient, const std::string& booking_id, Now now) {
    const std::string id = base::new_ulid();
    const std::string name(to_string(kind));
    const std::string facts = event.data.dump();
    const std::string state = "queued";
    const std::string none;
    const Number created = now.business.seconds;
    const Number due = now.machine.seconds;
    const Number zero = 0;
    session.sql() << db::insert_unless_exists(session.engine(), "message", kMessageColumns,
                                              kMessageKey),
        soci::use(id), soci::use(event.event_id), soci::use(recipient), soci::use(name),
        soci::use(booking_id), soci::use(facts), soci::use(created), soci::use(state),
        soci::use(none), soci::use(due), soci::use(zero), soci::use(zero), soci::use(none);
}

/// The person who asked, as the fact says; payment's facts do not.
std::string requester_of(const events::Event& event) {
    if (!event.data.contains("requester_id")) return std::string(whoever_asked);
    const std::string id = text(event.data, "requester_id");
    return base::is_ulid(id) ? id : std::string{};
}

}  // namespace

bool apply_accounts(db::Session& session, const events::Event& event) {
    if (event.type != "staff_changed.v1") return true;
    const auto& data = event.data;
    const std::string post = text(data, "post_id");
    const std::string person = text(data, "person_id");
    const std::string body = text(data, "body_id");
    const std::string role = text(data, "role");
    const auto places = data.find("establishment_ids");
    if (post.empty() || person.empty() || body.empty() || places == data.end() ||
        !places->is_array()) {
        return false;
    }
    const std::string establishments = places->dump();
    const Number active = data.value("active", false) ? 1 : 0;
    const Number version = event.version;
    session.sql() << db::upsert_if_newer(session.engine(), "post_projection", kPostColumns,
                                         kPostKey, "version"),
        soci::use(post), soci::use(person), soci::use(body), soci::use(role),
        soci::use(establishments), soci::use(active), soci::use(version);
    return true;
}

void forget_accounts(db::Session& session) {
    session.sql() << "DELETE FROM post_projection";
}

bool staff_known(db::Session& session) {
    std::string id;
    session.sql() << "SELECT feed_id FROM feed_cursor WHERE feed = 'accounts'", soci::into(id);
    return session.sql().got_data();
}

bool apply_facts(db::Session& session, const events::Event& event, Now now) {
    const auto& data = event.data;
    const auto requirement = data.find("requirement");
    const auto todo = tellings(event.type, text(data, "state"),
                               requirement != data.end() && requirement->is_object()
                                   ? text(*requirement, "payment")
                                   : std::string{});
    if (todo.empty() || event.seq == 0) return true;
    if (event.occurred_at + fact_age_max_s < now.business) return true;
    const std::string booking = text(data, "booking_id");
    if (!base::is_ulid(booking) || event.event_id.empty()) return false;
    if (text(data, "origin") == "import") return true;
    if (event.type == "booking_submitted.v1" && is_demonstration_data(booking)) return true;
    for (const auto& [kind, audience] : todo) {
        if (audience == Audience::requester) {
            if (const auto person = requester_of(event); !person.empty()) {
                queue(session, event, kind, person, booking, now);
            }
            continue;
        }
        const std::string role = audience == Audience::managers ? "manager" : "admin";
        for (const auto& person :
             staff_of(session, role, text(data, "body_id"), text(data, "establishment_id"))) {
            queue(session, event, kind, person, booking, now);
        }
    }
    return true;
}

}  // namespace preau::notification
