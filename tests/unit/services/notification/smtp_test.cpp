// The mail server's side, played by a small one on loopback.

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "services/notification/channel/email/smtp_channel.hpp"
#include "tests/unit/services/notification/post.hpp"

namespace preau::notification {
namespace {

using namespace test;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Speaks enough of RFC 5321 for one client at a time. `answers` replaces what it says to a verb
/// ("RCPT", or "." for the end of the data); an empty answer is silence.
class Server {
public:
    Server() {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof(at);
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), length) != 0 ||
            ::listen(listener_, 8) != 0) {
            throw std::runtime_error("no port on loopback");
        }
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &length);
        port_ = ntohs(at.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Server() {
        stopping_ = true;
        thread_.join();
        ::close(listener_);
    }

    net::SmtpOptions options(std::chrono::milliseconds total = 5'000ms) const {
        return {"smtp://127.0.0.1:" + std::to_string(port_), 2'000ms, total};
    }
    void answer(const std::string& verb, const std::string& text) {
        const std::lock_guard lock(mutex_);
        answers_[verb] = text;
    }
    std::vector<std::string> commands() {
        const std::lock_guard lock(mutex_);
        return commands_;
    }
    std::vector<std::string> messages() {
        const std::lock_guard lock(mutex_);
        return messages_;
    }

private:
    bool readable(int fd) const {
        while (!stopping_) {
            pollfd ready{fd, POLLIN, 0};
            if (::poll(&ready, 1, 20) > 0) return true;
        }
        return false;
    }
    void serve() {
        while (readable(listener_)) {
            const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0) continue;
            talk(client);
            ::close(client);
        }
    }
    void talk(int client) {
        buffer_.clear();
        say(client, "220 here\r\n");
        while (auto line = read_line(client)) {
            const auto verb = line->substr(0, 4);
            {
                const std::lock_guard lock(mutex_);
                commands_.push_back(*line);
            }
            if (verb == "DATA") {
                if (!say(client, told("DATA", "354 go on\r\n"))) continue;
                if (told("DATA", "354 go on\r\n").starts_with("354")) data(client);
            } else if (verb == "QUIT") {
                say(client, "221 bye\r\n");
                return;
            } else {
                say(client,
                    told(verb, verb == "EHLO" ? "250-here\r\n250 8BITMIME\r\n" : "250 ok\r\n"));
            }
        }
    }
    void data(int client) {
        std::string message;
        while (auto line = read_line(client)) {
            if (*line == ".") break;
            message += (line->starts_with('.') ? line->substr(1) : *line) + "\r\n";
        }
        {
            const std::lock_guard lock(mutex_);
            messages_.push_back(message);
        }
        say(client, told(".", "250 taken\r\n"));
    }
    std::string told(const std::string& verb, const std::string& otherwise) {
        const std::lock_guard lock(mutex_);
        const auto found = answers_.find(verb);
        return found == answers_.end() ? otherwise : found->second;
    }
    static bool say(int client, const std::string& text) {
        return ::send(client, text.data(), text.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(text.size());
    }
    std::optional<std::string> read_line(int client) {
        for (;;) {
            if (const auto end = buffer_.find("\r\n"); end != std::string::npos) {
                auto line = buffer_.substr(0, end);
                buffer_.erase(0, end + 2);
                return line;
            }
            std::array<char, 4'096> piece{};
            if (!readable(client)) return std::nullopt;
            const auto bytes = ::recv(client, piece.data(), piece.size(), 0);
            if (bytes <= 0) return std::nullopt;
            buffer_.append(piece.data(), static_cast<std::size_t>(bytes));
        }
    }

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::string buffer_;
    std::mutex mutex_;
    std::map<std::string, std::string> answers_;
    std::vector<std::string> commands_;
    std::vector<std::string> messages_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

constexpr const char* kMessage = "Subject: x\r\n\r\nline\r\n.dots\r\n..\r\nend\r\n";

TEST(Smtp, message__arrives_as_it_was_with_its_envelope) {
    Server server;
    ASSERT_TRUE(net::send_mail(server.options(), "a@example.org", "b@example.org", kMessage));
    EXPECT_THAT(server.commands(), Contains(HasSubstr("MAIL FROM:<a@example.org>")));
    EXPECT_THAT(server.commands(), Contains("RCPT TO:<b@example.org>"));
    ASSERT_THAT(server.messages(), SizeIs(1));
    EXPECT_EQ(server.messages()[0], kMessage);
}

TEST(Smtp, several_messages__go_through_one_connection_or_many_alike) {
    Server server;
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(net::send_mail(server.options(), "a@example.org", "b@example.org", kMessage));
    }
    EXPECT_THAT(server.messages(), SizeIs(5));
}

TEST(Smtp, address_that_the_server_refuses__is_told_apart_from_trouble) {
    Server server;
    for (const auto& [answer, for_good] :
         std::map<std::string, bool>{{"550 5.1.1 no such mailbox\r\n", true},
                                     {"553 5.1.3 bad name\r\n", true},
                                     {"451 4.7.1 greylisted\r\n", false},
                                     {"552 5.2.2 full\r\n", false}}) {
        server.answer("RCPT", answer);
        const auto done =
            net::send_mail(server.options(), "a@example.org", "b@example.org", kMessage);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().address_refused, for_good) << answer;
        EXPECT_EQ(done.error().status, std::stoi(answer));
    }
    EXPECT_THAT(server.messages(), IsEmpty());
}

TEST(Smtp, server_that_falls_silent__ends_in_time) {
    Server server;
    server.answer(".", "");
    const auto start = std::chrono::steady_clock::now();
    const auto done =
        net::send_mail(server.options(500ms), "a@example.org", "b@example.org", kMessage);
    EXPECT_FALSE(done);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
}

TEST(Smtp, nobody_listens__fails_and_may_be_tried_again) {
    net::SmtpOptions options;
    {
        Server gone;
        options = gone.options();
    }
    const auto done = net::send_mail(options, "a@example.org", "b@example.org", kMessage);
    ASSERT_FALSE(done);
    EXPECT_FALSE(done.error().address_refused);
}

TEST(Smtp, address_that_would_be_a_command__never_reaches_the_server) {
    Server server;
    for (const std::string evil : {"b@example.org>\r\nRCPT TO:<c@example.org", "b@example.org\n",
                                   "b c@example.org", "<b@example.org>", "", "no-at"}) {
        EXPECT_FALSE(net::send_mail(server.options(), "a@example.org", evil, kMessage)) << evil;
        EXPECT_FALSE(net::send_mail(server.options(), evil, "a@example.org", kMessage)) << evil;
    }
    EXPECT_THAT(server.commands(), IsEmpty());
}

TEST(Smtp, url__other_schemes_and_breaks_are_refused) {
    EXPECT_TRUE(net::is_smtp_url("smtp://127.0.0.1:2525"));
    EXPECT_TRUE(net::is_smtp_url("smtps://user:secret@mail.example.org"));
    for (const auto* bad : {"http://x", "file:///etc/passwd", "smtp://", "smtp://x\r\n", ""}) {
        EXPECT_FALSE(net::is_smtp_url(bad)) << bad;
    }
}

class SmtpSending : public PostOffice {};

TEST_F(SmtpSending, answer_that_is_lost_after_the_message__brings_it_again_with_the_same_id) {
    Server server;
    server.answer(".", "");
    email::SmtpChannel channel(server.options(400ms));
    apply(booking_fact("refused", "refused", 1));
    dispatcher(channel).step();
    EXPECT_EQ(state_of(lea), "queued");
    server.answer(".", "250 taken\r\n");
    machine_.set(machine_.now() + 5);
    dispatcher(channel).step();
    EXPECT_EQ(state_of(lea), "sent");
    const auto messages = server.messages();
    ASSERT_THAT(messages, SizeIs(2));
    EXPECT_EQ(messages[0], messages[1]);  // to the byte: Message-ID, Date and text
    EXPECT_THAT(messages[0], HasSubstr("Message-ID: <"));
}

TEST_F(SmtpSending, server_that_knows_no_such_person__is_asked_once) {
    Server server;
    server.answer("RCPT", "550 no such mailbox\r\n");
    email::SmtpChannel channel(server.options());
    apply(booking_fact("refused", "refused", 1));
    dispatcher(channel).step();
    machine_.set(machine_.now() + 86'400);
    dispatcher(channel).step();
    EXPECT_EQ(count("state = 'failed' AND reason = 'address_refused' AND attempts = 1"), 1);
}

}  // namespace
}  // namespace preau::notification
