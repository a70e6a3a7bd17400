#include "services/notification/http/mailbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/services/notification/post.hpp"

namespace preau::notification {
namespace {

using namespace test;

class MailboxTest : public PostOffice {
protected:
    MailboxTest() { open_mailbox(true); }

    void open_mailbox(bool demonstration) {
        router_ = net::Router();
        add_routes(router_, {messages_, folder_, demonstration,
                             [this](const net::Request&) -> base::Result<security::Identity> {
                                 return caller_;
                             }});
    }

    net::Response get(const std::string& path, const std::string& query = {}) {
        net::Request request;
        request.path = path;
        if (const auto equals = query.find('='); equals != std::string::npos) {
            request.query.add(query.substr(0, equals), query.substr(equals + 1));
        }
        const auto match = router_.find(request.method, request.path);
        request.params = match.params;
        return match.route->handler(request);
    }
    nlohmann::json json(const std::string& path, const std::string& query = {}) {
        return nlohmann::json::parse(get(path, query).body);
    }
    void send_two() {
        email::FolderChannel folder(folder_);
        apply(booking_fact("submitted", "submitted", 1));
        apply(booking_fact("confirmed", "confirmed", 2));
        dispatcher(folder).step();
    }
    static security::Identity service(const std::string& name) {
        security::Identity out;
        out.kind = security::ActorKind::service;
        out.actor = "service:" + name;
        return out;
    }

    net::Router router_;
    security::Identity caller_ = service("gateway");
};

TEST_F(MailboxTest, list__is_newest_first_and_pages) {
    send_two();
    const auto all = json("/v1/mailbox");
    ASSERT_EQ(all["items"].size(), 3U);
    EXPECT_EQ(all["items"][0]["kind"], "confirmed");
    EXPECT_EQ(all["items"][0]["to"], "Léa Morel <lea@example.org>");
    EXPECT_EQ(all["items"][0]["date"], "2026-11-22T09:30:00+01:00");
    EXPECT_TRUE(all["next"].is_null());
    const auto first = json("/v1/mailbox", "limit=2");
    ASSERT_EQ(first["items"].size(), 2U);
    const auto rest = json("/v1/mailbox", "after=" + first["next"].get<std::string>());
    ASSERT_EQ(rest["items"].size(), 1U);
    EXPECT_EQ(rest["items"][0], all["items"][2]);
}

TEST_F(MailboxTest, message__is_decoded_with_its_attachment) {
    send_two();
    const auto id = json("/v1/mailbox")["items"][0]["id"].get<std::string>();
    const auto mail = json("/v1/mailbox/" + id);
    EXPECT_EQ(mail["subject"], "PR-7F3K-2\u00a0: réservation confirmée, Gymnase");
    EXPECT_EQ(mail["language"], "fr");
    ASSERT_EQ(mail["attachments"].size(), 1U);
    const auto file = get(mail["attachments"][0]["href"].get<std::string>());
    EXPECT_EQ(file.status, 200);
    EXPECT_TRUE(file.content_type.starts_with("text/calendar"));
    EXPECT_TRUE(file.body.starts_with("BEGIN:VCALENDAR\r\n"));
    EXPECT_EQ(file.body.size(), mail["attachments"][0]["size"].get<std::size_t>());
    EXPECT_EQ(get("/v1/mailbox/" + id + "/attachments/other.ics").status, 404);
}

TEST_F(MailboxTest, anybody_but_the_gateway__finds_nothing) {
    send_two();
    const auto id = json("/v1/mailbox")["items"][0]["id"].get<std::string>();
    security::Identity person;
    person.kind = security::ActorKind::person;
    person.actor = lea;
    for (const auto& caller : {service("booking"), person, security::Identity{}}) {
        caller_ = caller;
        EXPECT_EQ(get("/v1/mailbox").status, 404);
        EXPECT_EQ(get("/v1/mailbox/" + id).status, 404);
    }
    caller_ = service("gateway");
    EXPECT_EQ(get("/v1/mailbox").status, 200);
}

TEST_F(MailboxTest, installation_that_is_no_demonstration__has_no_mailbox) {
    send_two();
    const auto id = json("/v1/mailbox")["items"][0]["id"].get<std::string>();
    open_mailbox(false);
    EXPECT_EQ(get("/v1/mailbox").status, 404);
    EXPECT_EQ(get("/v1/mailbox/" + id).status, 404);
}

TEST_F(MailboxTest, bad_parameters__are_named) {
    EXPECT_EQ(get("/v1/mailbox", "limit=0").status, 422);
    EXPECT_EQ(get("/v1/mailbox", "limit=101").status, 422);
    EXPECT_EQ(get("/v1/mailbox", "limit=x").status, 422);
    EXPECT_EQ(get("/v1/mailbox", "after=%%").status, 422);
    EXPECT_EQ(get("/v1/mailbox/nothing").status, 404);
    EXPECT_EQ(get("/v1/mailbox/01JD0000000000000000000009").status, 404);
}

TEST_F(MailboxTest, file_that_was_cleared_away__is_left_out) {
    send_two();
    const auto rows = messages_.filed(0, 10);
    std::filesystem::remove(folder_ / rows->front().file);
    EXPECT_EQ(json("/v1/mailbox")["items"].size(), 2U);
    EXPECT_EQ(get("/v1/mailbox/" + rows->front().id).status, 404);
}

}  // namespace
}  // namespace preau::notification
