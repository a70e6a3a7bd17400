#pragma once
// A notification service without processes: its database, two clocks that stand still, facts to
// apply, and neighbours that answer from memory.

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "services/notification/channel/email/folder_channel.hpp"
#include "services/notification/jobs/dispatcher.hpp"
#include "services/notification/store/projections.hpp"
#include "services/notification/store/sql_messages.hpp"
#include "shared/events/event.hpp"
#include "tests/unit/shared/db/scratch.hpp"

namespace preau::notification::test {

inline const std::string lea = "01JD00000000000000000000A1";    // asked for the booking
inline const std::string marc = "01JD00000000000000000000A2";   // manager, named for the school
inline const std::string nadia = "01JD00000000000000000000A3";  // manager of the whole body
inline const std::string body = "01JD00000000000000000000B1";
inline const std::string school = "01JD00000000000000000000C1";
inline const std::string other_school = "01JD00000000000000000000C2";
inline const std::string booking_id = "01JD00000000000000000000D1";
inline const std::string organisation = "01JD00000000000000000000E1";

/// Booking's answer for one booking with three dates of which one was left out.
nlohmann::json booking_json();
/// A fact of booking's feed with all that the schema asks for.
events::Event booking_fact(const std::string& what, const std::string& state, std::uint64_t seq);
events::Event payment_fact(const std::string& type, std::uint64_t seq);
events::Event post_fact(const std::string& post, const std::string& person,
                        const nlohmann::json& establishments, std::int64_t version = 1,
                        bool active = true);

class FakeSources final : public Sources {
public:
    base::Result<nlohmann::json> booking(const std::string& id) override;
    base::Result<std::optional<email::Person>> person(const std::string& id) override;
    base::Result<std::string> organisation_name(const std::string& id) override;
    base::Result<std::string> contact(const std::string& body_id) override;

    bool accounts_down = false;
    bool booking_down = false;
    nlohmann::json answer = booking_json();
    std::map<std::string, email::Person> people;
    std::map<std::string, int> asked;  // by what
};

/// Remembers what it was given; fails as told.
class FakeChannel final : public Channel {
public:
    std::expected<std::string, NotDelivered> deliver(const email::Mail& mail, std::int64_t n,
                                                     const std::string& day) override;
    std::vector<email::Mail> delivered;
    std::optional<NotDelivered> failure;
    std::function<void()> during;
};

email::Letters letters();

class PostOffice : public db::test::Scratch {
protected:
    PostOffice();
    ~PostOffice() override;

    void apply(const events::Event& event);
    std::int64_t count(const std::string& where = "1 = 1");
    std::string state_of(const std::string& recipient);
    /// What waits, as "kind recipient" in order of arrival.
    std::vector<std::string> queued();
    Dispatcher dispatcher(Channel& channel) {
        return {messages_, sources_, letters_, channel, metrics_, 60};
    }

    base::FixedClock business_{{1'795'336'200}};  // 2026-11-22 09:30 in Paris
    base::FixedClock machine_{{1'700'000'000}};
    std::unique_ptr<db::Database> database_;
    SqlMessages messages_;
    FakeSources sources_;
    email::Letters letters_ = letters();
    std::filesystem::path folder_;

private:
    std::unique_ptr<db::Database> opened();
};

}  // namespace preau::notification::test
