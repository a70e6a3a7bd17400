#include "tests/unit/services/notification/post.hpp"

#include <unistd.h>

#include "preau_migrations_notification.hpp"
#include "shared/events/outbox.hpp"

namespace preau::notification::test {

using nlohmann::json;

json booking_json() {
    const auto slot = [](const char* date, const char* offset) -> json {
        const std::string day(date);
        return {{"date", day},
                {"start_time", "18:00"},
                {"end_time", "20:00"},
                {"start", day + "T18:00:00" + offset},
                {"end", day + "T20:00:00" + offset},
                {"zone", "Europe/Paris"}};
    };
    return {
        {"id", booking_id},
        {"reference", "PR-7F3K-2"},
        {"state", "confirmed"},
        {"version", 3},
        {"origin", "request"},
        {"organisation_id", organisation},
        {"requester_id", lea},
        {"body_id", body},
        {"space_name", "Gymnase"},
        {"offer_name", "Gymnase entier"},
        {"establishment_name", "Collège La Garenne"},
        {"purpose", "Éveil sportif"},
        {"headcount", 24},
        {"zone", "Europe/Paris"},
        {"price", {{"total", {{"amount", 4'200}, {"currency", "EUR"}}}}},
        {"requirement",
         {{"agreement", "not_required"},
          {"payment", "before"},
          {"pay_by", "2026-11-30T07:50:00+01:00"}}},
        {"payment", nullptr},
        {"answer_by", "2026-11-27T18:00:00+01:00"},
        {"decision",
         {{"by_role", "manager"}, {"reason_code", "no_staff"}, {"reason_text", "Agent absent"}}},
        {"occurrences",
         {{{"id", "01JD00000000000000000000F1"},
           {"slot", slot("2026-12-01", "+01:00")},
           {"state", "planned"},
           {"reason", nullptr}},
          {{"id", "01JD00000000000000000000F2"},
           {"slot", slot("2026-12-08", "+01:00")},
           {"state", "left_out"},
           {"reason", "taken"}},
          {{"id", "01JD00000000000000000000F3"},
           {"slot", slot("2027-04-06", "+02:00")},
           {"state", "planned"},
           {"reason", nullptr}}}}};
}

namespace {

events::Event event_of(std::string type, std::uint64_t seq, json data) {
    events::Event out;
    out.seq = seq;
    out.event_id = base::seeded_ulid(1'795'336'000'000, type + std::to_string(seq));
    out.type = std::move(type);
    out.aggregate_id = booking_id;
    out.version = 3;
    out.occurred_at = {1'795'336'200};
    out.data = std::move(data);
    return out;
}

}  // namespace

events::Event booking_fact(const std::string& what, const std::string& state, std::uint64_t seq) {
    return event_of(
        "booking_" + what + ".v1", seq,
        {{"booking_id", booking_id},
         {"reference", "PR-7F3K-2"},
         {"body_id", body},
         {"establishment_id", school},
         {"organisation_id", organisation},
         {"requester_id", lea},
         {"origin", "request"},
         {"state", state},
         {"space_name", "Gymnase"},
         {"establishment_name", "Collège La Garenne"},
         {"price", {{"total", {{"amount", 4'200}, {"currency", "EUR"}}}}},
         {"requirement",
          {{"agreement", "not_required"}, {"payment", "before"}, {"pay_by", 1'796'021'400}}},
         {"version", 3}});
}

events::Event payment_fact(const std::string& type, std::uint64_t seq) {
    return event_of(type, seq,
                    {{"payment_id", "01JD00000000000000000000G1"},
                     {"booking_id", booking_id},
                     {"body_id", body},
                     {"establishment_id", school},
                     {"organisation_id", organisation},
                     {"booking_reference", "PR-7F3K-2"},
                     {"public_ref", "PA-9K2M-4"},
                     {"amount", 4'200},
                     {"refund_amount", 2'100},
                     {"route", "provider"},
                     {"method", "card"},
                     {"paid_at", 1'795'336'100},
                     {"version", 5}});
}

events::Event post_fact(const std::string& post, const std::string& person,
                        const json& establishments, std::int64_t version, bool active) {
    auto event = event_of("staff_changed.v1", 1,
                          {{"post_id", post},
                           {"person_id", person},
                           {"body_id", body},
                           {"role", "manager"},
                           {"establishment_ids", establishments},
                           {"active", active},
                           {"version", version}});
    event.aggregate_id = post;
    event.version = version;
    return event;
}

base::Result<json> FakeSources::booking(const std::string& id) {
    ++asked["booking"];
    if (booking_down) return base::fail("upstream_unavailable");
    return id == booking_id ? answer : json(nullptr);
}

base::Result<std::optional<email::Person>> FakeSources::person(const std::string& id) {
    ++asked["person"];
    if (accounts_down) return base::fail("upstream_unavailable");
    const auto found = people.find(id);
    if (found == people.end()) return std::optional<email::Person>();
    return std::optional(found->second);
}

base::Result<std::string> FakeSources::organisation_name(const std::string&) {
    ++asked["organisation"];
    return std::string("AS La Garenne");
}

base::Result<std::string> FakeSources::contact(const std::string&) {
    ++asked["contact"];
    return std::string("salles@isere.example, 04 00 00 00 00");
}

std::expected<std::string, NotDelivered> FakeChannel::deliver(const email::Mail& mail, std::int64_t,
                                                              const std::string&) {
    if (during) during();
    if (failure) return std::unexpected(*failure);
    delivered.push_back(mail);
    return std::string();
}

email::Letters letters() {
    auto loaded = email::Letters::load(PREAU_SOURCE_DIR, {.public_url = "https://preau.example",
                                                          .from = {"Préau", "preau@example.org"}});
    if (!loaded) throw std::runtime_error(loaded.error().detail);
    return std::move(*loaded);
}

std::unique_ptr<db::Database> PostOffice::opened() {
    auto database = open();
    using Steps = std::span<const db::Migration>;
    for (const Steps steps : {events::migrations(), Steps(migrations_notification)}) {
        if (auto done = database->migrate(steps); !done) {
            throw std::runtime_error(done.error().detail);
        }
    }
    return database;
}

PostOffice::PostOffice()
    : database_(opened()),
      messages_(*database_, business_, machine_),
      folder_(std::filesystem::temp_directory_path() /
              ("preau-mail-" + std::to_string(::getpid()) + "-" + base::new_ulid())) {
    sources_.people = {{lea, {lea, "Léa Morel", "lea@example.org", words::Language::fr}},
                       {marc, {marc, "Marc Petit", "marc@example.org", words::Language::fr}},
                       {nadia, {nadia, "Nadia Roux", "nadia@example.org", words::Language::en}}};
    apply(post_fact("01JD00000000000000000000H1", marc, json::array({school})));
    apply(post_fact("01JD00000000000000000000H2", nadia, json::array()));
}

PostOffice::~PostOffice() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void PostOffice::apply(const events::Event& event) {
    const auto done = database_->transact([&](db::Session& session) -> base::Result<bool> {
        if (event.type == "staff_changed.v1") return apply_accounts(session, event);
        return apply_facts(session, event, {business_.now(), machine_.now()});
    });
    if (!done || !*done) throw std::runtime_error("a fact that cannot be read");
}

std::int64_t PostOffice::count(const std::string& where) {
    return number(*database_, "SELECT COUNT(*) FROM message WHERE " + where).value_or(-1);
}

std::string PostOffice::state_of(const std::string& recipient) {
    std::string out;
    const auto done = database_->read([&](db::Session& session) -> base::Result<bool> {
        session.sql() << "SELECT state FROM message WHERE recipient = :r ORDER BY n DESC LIMIT 1",
            soci::into(out), soci::use(recipient);
        return true;
    });
    return done ? out : "unreadable";
}

std::vector<std::string> PostOffice::queued() {
    std::vector<std::string> out;
    const auto done = database_->read([&](db::Session& session) -> base::Result<bool> {
        out.clear();
        std::string kind;
        std::string recipient;
        soci::statement rows =
            (session.sql().prepare << "SELECT kind, recipient FROM message ORDER BY n",
             soci::into(kind), soci::into(recipient));
        if (!rows.execute(true)) return true;
        do {
            out.push_back(kind + " " + recipient);
        } while (rows.fetch());
        return true;
    });
    if (!done) out = {"unreadable"};
    return out;
}

}  // namespace preau::notification::test
