// The client's own road for plain HTTP, against a peer that says exactly what it is told.

#include <chrono>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/net/client.hpp"

namespace preau::net {
namespace {

using namespace std::chrono_literals;

/// For each connection a list of things to say, one after each request head; then it closes.
class ScriptedPeer {
public:
    using Script = std::vector<std::vector<std::string>>;

    explicit ScriptedPeer(Script script) : script_(std::move(script)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(listener_, 8), 0);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~ScriptedPeer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    ClientRequest get(Method method = Method::get) const {
        ClientRequest request;
        request.method = method;
        request.url = "http://127.0.0.1:" + std::to_string(port_) + "/x";
        return request;
    }
    std::vector<std::string> heard() {
        const std::lock_guard lock(mutex_);
        return heard_;
    }

private:
    void run() {
        for (const auto& sayings : script_) {
            const int socket = ::accept(listener_, nullptr, nullptr);
            if (socket < 0) return;
            for (const auto& saying : sayings) {
                if (!hear(socket)) break;
                for (const char byte : saying)  // in the smallest pieces
                    if (::send(socket, &byte, 1, MSG_NOSIGNAL) != 1) break;
            }
            ::close(socket);
        }
    }

    bool hear(int socket) {
        std::string head;
        while (head.find("\r\n\r\n") == std::string::npos) {
            char bytes[4'096];
            const auto n = ::recv(socket, bytes, sizeof bytes, 0);
            if (n <= 0) return false;
            head.append(bytes, static_cast<std::size_t>(n));
        }
        const std::lock_guard lock(mutex_);
        heard_.push_back(head.substr(0, head.find('\r')));
        return true;
    }

    Script script_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::vector<std::string> heard_;
    std::thread thread_;
};

const std::string kFine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST(PlainExchange, answer_in_chunks_behind_a_continue__is_put_together) {
    ScriptedPeer peer(
        {{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nTransfer-Encoding: "
          "chunked\r\nX-Two: a\r\nX-Two: b\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
          kFine}});
    const auto answer = Client().send(peer.get());
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->body, "abcde");
    EXPECT_EQ(answer->headers.all("x-two"), (std::vector<std::string_view>{"a", "b"}));
    const auto again = Client().send(peer.get());
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(again->body, "ok") << "over the same connection";
}

TEST(PlainExchange, answer_without_a_length__ends_with_its_connection) {
    ScriptedPeer peer({{"HTTP/1.1 200 OK\r\n\r\nto the end"}});
    EXPECT_EQ(Client().send(peer.get())->body, "to the end");
}

TEST(PlainExchange, answers_that_have_no_body__leave_the_connection_usable) {
    ScriptedPeer peer({{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 204 No\r\n\r\n",
                        "HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n", kFine}});
    EXPECT_EQ(Client().send(peer.get(Method::head))->status, 200);
    EXPECT_EQ(Client().send(peer.get())->status, 204);
    EXPECT_EQ(Client().send(peer.get())->status, 304);
    EXPECT_EQ(Client().send(peer.get())->body, "ok");
}

TEST(PlainExchange, kept_connection_that_closed__is_replaced) {
    ScriptedPeer peer({{kFine}, {kFine}, {kFine}});
    for (int n = 0; n < 3; ++n) {
        const auto answer = Client().send(peer.get());
        ASSERT_TRUE(answer) << answer.error().detail;
        std::this_thread::sleep_for(n == 0 ? 0ms : 50ms);  // before and after its end is seen
    }
    EXPECT_EQ(peer.heard().size(), 3U);
}

TEST(PlainExchange, kept_connection_that_ends_under_a_request__is_tried_once_more) {
    // The second request is heard, and the peer closes without a word.
    ScriptedPeer peer({{kFine, ""}, {kFine}, {""}});
    ASSERT_TRUE(Client().send(peer.get()));
    const auto repeated = Client().send(peer.get());
    ASSERT_TRUE(repeated) << repeated.error().detail;
    EXPECT_EQ(peer.heard().size(), 3U);
    const auto posted = Client().send(peer.get(Method::post));
    ASSERT_FALSE(posted);
    EXPECT_EQ(posted.error().delivery, Delivery::unknown);
    EXPECT_EQ(peer.heard().size(), 4U) << "what may have had an effect is never sent twice";
}

TEST(PlainExchange, answer__that_breaks_off_or_is_none__is_unknown) {
    const std::vector<std::string> broken = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Len",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n"};
    for (const auto& saying : broken) {
        ScriptedPeer peer({{saying}});
        const auto answer = Client({.total_timeout = 5s}).send(peer.get());
        ASSERT_FALSE(answer) << saying.substr(0, 60);
        EXPECT_EQ(answer.error().delivery, Delivery::unknown);
        EXPECT_FALSE(answer.error().timed_out);
    }
}

TEST(PlainExchange, address__is_read_strictly) {
    for (const char* url :
         {"http://", "http://:80/", "http://user@127.0.0.1/", "http://a b/", "http://127.0.0.1:/",
          "http://127.0.0.1:http/", "http://127.0.0.1/a b", "http://[::1", "HTTP//x"}) {
        ClientRequest request;
        request.url = url;
        const auto answer = Client().send(request);
        ASSERT_FALSE(answer) << url;
        EXPECT_EQ(answer.error().delivery, Delivery::not_sent) << url;
    }
}

bool curl_is_loaded() {
    std::ifstream in("/proc/self/maps");
    const std::string maps{std::istreambuf_iterator<char>(in), {}};
    return maps.find("libcurl.so") != std::string::npos;
}

TEST(PlainExchange, libcurl__is_loaded_by_the_first_call_over_tls) {
    if (!curl_is_loaded()) {  // another test of this program may have been before
        ScriptedPeer peer({{kFine}});
        ASSERT_TRUE(Client().send(peer.get()));
        EXPECT_FALSE(curl_is_loaded());
    }
    ClientRequest request;
    request.url = "https://127.0.0.1:1/";
    const auto answer = Client().send(request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().delivery, Delivery::not_sent);
    EXPECT_TRUE(curl_is_loaded());
}

// A provider's client goes through libcurl on loopback too.
TEST(CurlExchange, plain_http__where_the_client_asks_for_it__is_carried_by_libcurl) {
    ScriptedPeer peer({{kFine, kFine}, {}});
    const Client client({.carrier = Carrier::libcurl});
    const auto answer = client.send(peer.get());
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->status, 200);
    EXPECT_TRUE(curl_is_loaded());
    ASSERT_TRUE(client.send(peer.get()));
    // The peer closes after its last word: whether it heard the next request is not known.
    const auto broken = client.send(peer.get(Method::post));
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().delivery, Delivery::unknown);
}

}  // namespace
}  // namespace preau::net
