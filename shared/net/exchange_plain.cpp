// Plain HTTP/1.1 over blocking sockets, answers read by Beast's parser. Between services only:
// their addresses come from the configuration.

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/net/exchange.hpp"

namespace preau::net {
namespace {

namespace http = boost::beast::http;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kKeptConnectionsMax = 4;  // of a thread
constexpr std::size_t kReadBytes = 8 * 1024;
constexpr milliseconds kLookUpEvery{1'000};  // whether the caller still wants the answer

ClientError fault(Delivery delivery, std::string detail, bool timed_out = false) {
    return {delivery, timed_out, std::move(detail)};
}

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_ = -1;
};

/// Connections that wait for their next call, the one used last at the end.
struct Kept {
    std::string authority;
    Descriptor socket;
};
thread_local std::vector<Kept> kept;

/// A kept connection that is still open and silent; what it says now would belong to no call.
Descriptor take_kept(std::string_view authority) {
    for (auto at = kept.end(); at != kept.begin();) {
        --at;
        if (at->authority != authority) continue;
        Descriptor socket = std::move(at->socket);
        at = kept.erase(at);
        pollfd look{socket.number(), POLLIN, 0};
        if (::poll(&look, 1, 0) == 0) return socket;
    }
    return {};
}

void keep(std::string authority, Descriptor socket) {
    if (kept.size() >= kKeptConnectionsMax) kept.erase(kept.begin());
    kept.push_back({std::move(authority), std::move(socket)});
}

struct Url {
    std::string authority;  // "host:port" as written: the Host header
    std::string host;       // without brackets
    std::string port;
    std::string target;  // path and query, at least "/"
};

std::optional<Url> parse_url(std::string_view text) {
    text.remove_prefix(std::string_view("http://").size());
    Url url;
    const auto end = std::min(text.find_first_of("/?#"), text.size());
    url.authority = text.substr(0, end);
    text.remove_prefix(end);
    url.target = text.substr(0, text.find('#'));
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
    const auto colon = url.authority.rfind(':');
    const bool has_port =
        colon != std::string::npos && url.authority.find(']', colon) == std::string::npos;
    url.host = url.authority.substr(0, has_port ? colon : url.authority.size());
    url.port = has_port ? url.authority.substr(colon + 1) : "80";
    if (url.host.starts_with('[') && url.host.ends_with(']')) {
        url.host = url.host.substr(1, url.host.size() - 2);
    }
    const auto printable = [](char c) { return c > ' ' && c < '\x7f'; };
    const bool fine =
        !url.host.empty() && !url.port.empty() && url.authority.find('@') == std::string::npos &&
        std::ranges::all_of(url.authority, printable) && std::ranges::all_of(url.target, printable);
    return fine ? std::optional(std::move(url)) : std::nullopt;
}

enum class Waited { ready, late, unwanted };

class Call {
public:
    Call(const Exchange& exchange, Url url)
        : exchange_(exchange), url_(std::move(url)), deadline_(Clock::now() + exchange.timeout) {}

    Answered run() {
        if (exchange_.may_repeat) {
            if (Descriptor used = take_kept(url_.authority); used.is_open()) {
                Answered answer = over(std::move(used));
                // The peer closed it just when we wrote: as if it had not been there.
                if (!ended_silently_) return answer;
            }
        }
        auto fresh = connect();
        if (!fresh) return std::unexpected(fresh.error());
        return over(std::move(*fresh));
    }

private:
    using Parser = http::response_parser<http::string_body>;

    Waited wait(int socket, short events, Clock::time_point until) const {
        while (true) {
            const auto* const cancelled = exchange_.request.cancelled;
            if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
                return Waited::unwanted;
            }
            const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
            if (left <= milliseconds{0}) return Waited::late;
            const auto pause = cancelled == nullptr ? left : std::min(left, kLookUpEvery);
            pollfd look{socket, events, 0};
            const int ready = ::poll(&look, 1, static_cast<int>(pause.count()));
            if (ready > 0) return Waited::ready;
            if (ready < 0 && errno != EINTR) return Waited::ready;  // the next call tells why
        }
    }

    static ClientError not_waited(Delivery delivery, Waited why) {
        return why == Waited::late ? fault(delivery, "timed out", true)
                                   : fault(delivery, "no longer wanted");
    }

    /// The first of the host's addresses that answers. A name is looked up by the system, in its
    /// own time.
    std::expected<Descriptor, ClientError> connect() const {
        const auto until = std::min(deadline_, Clock::now() + exchange_.connect_timeout);
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        hints.ai_flags = AI_NUMERICSERV;
        addrinfo* found = nullptr;
        if (const int code = ::getaddrinfo(url_.host.c_str(), url_.port.c_str(), &hints, &found);
            code != 0) {
            return std::unexpected(fault(Delivery::not_sent, ::gai_strerror(code)));
        }
        const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
        ClientError last = fault(Delivery::not_sent, "no address");
        for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
            auto socket = connect_to(*at, until);
            if (socket) return socket;
            last = socket.error();
        }
        return std::unexpected(last);
    }

    std::expected<Descriptor, ClientError> connect_to(const addrinfo& address,
                                                      Clock::time_point until) const {
        Descriptor socket(
            ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        int error = 0;
        if (!socket.is_open() ||
            (::connect(socket.number(), address.ai_addr, address.ai_addrlen) != 0 &&
             errno != EINPROGRESS)) {
            return std::unexpected(fault(Delivery::not_sent, std::strerror(errno)));
        }
        if (const Waited waited = wait(socket.number(), POLLOUT, until); waited != Waited::ready) {
            return std::unexpected(not_waited(Delivery::not_sent, waited));
        }
        socklen_t size = sizeof error;
        ::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) return std::unexpected(fault(Delivery::not_sent, std::strerror(error)));
        const int yes = 1;
        ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        return socket;
    }

    Answered over(Descriptor socket) {
        ended_silently_ = false;
        const std::string message = written();
        std::size_t sent = 0;
        while (sent < message.size()) {
            // A peer that refuses a long body may answer before it has read it all.
            const Waited waited = wait(socket.number(), POLLOUT | POLLIN, deadline_);
            const auto delivery = sent == 0 ? Delivery::not_sent : Delivery::unknown;
            if (waited != Waited::ready) return std::unexpected(not_waited(delivery, waited));
            const auto n = ::send(socket.number(), message.data() + sent, message.size() - sent,
                                  MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n > 0) sent += static_cast<std::size_t>(n);
            if (n >= 0 || errno == EINTR) continue;
            if (errno != EAGAIN) break;  // what it still said can be read
            if (readable(socket.number())) break;
        }
        return read_answer(std::move(socket), sent == message.size());
    }

    static bool readable(int socket) {
        pollfd look{socket, POLLIN, 0};
        return ::poll(&look, 1, 0) > 0;
    }

    std::string written() const {
        const ClientRequest& request = exchange_.request;
        std::string out(to_string(request.method));
        out.append(" ").append(url_.target).append(" HTTP/1.1\r\nHost: ").append(url_.authority);
        out.append("\r\nAccept: */*\r\n");
        for (const auto& line : exchange_.header_lines)
            out.append(line).append("\r\n");
        if (exchange_.sends_body) {
            out.append("Content-Length: ").append(std::to_string(request.body.size()));
            out.append("\r\n");
        }
        return out.append("\r\n").append(request.body);
    }

    std::unique_ptr<Parser> new_parser() const {
        auto parser = std::make_unique<Parser>();
        parser->eager(true);
        parser->skip(exchange_.request.method == Method::head);
        parser->header_limit(static_cast<std::uint32_t>(answer_head_bytes_max));
        parser->body_limit(exchange_.response_bytes_max);
        return parser;
    }

    Answered read_answer(Descriptor socket, bool all_sent) {
        auto parser = new_parser();
        std::string unread;
        bool started = false;
        while (!parser->is_done()) {
            const Waited waited = wait(socket.number(), POLLIN, deadline_);
            if (waited != Waited::ready) {
                return std::unexpected(not_waited(Delivery::unknown, waited));
            }
            char bytes[kReadBytes];
            const auto n = ::recv(socket.number(), bytes, sizeof bytes, MSG_DONTWAIT);
            if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            boost::beast::error_code error;
            if (n <= 0) {
                ended_silently_ = !started;
                if (started) parser->put_eof(error);
                if (started && !error && parser->is_done()) break;
                return std::unexpected(fault(
                    Delivery::unknown, n == 0 ? "closed before the answer" : std::strerror(errno)));
            }
            started = true;
            unread.append(bytes, static_cast<std::size_t>(n));
            feed(parser, unread, error);
            if (error == http::error::body_limit || error == http::error::header_limit) {
                return std::unexpected(fault(Delivery::unknown, too_large_detail));
            }
            if (error) return std::unexpected(fault(Delivery::unknown, error.message()));
        }
        if (all_sent && unread.empty() && parser->get().keep_alive()) {
            keep(url_.authority, std::move(socket));
        }
        return taken(*parser);
    }

    /// Gives the parser what it takes of `unread`, over answers of 1xx that come before.
    void feed(std::unique_ptr<Parser>& parser, std::string& unread,
              boost::beast::error_code& error) const {
        while (!unread.empty()) {
            const std::size_t n =
                parser->put(boost::asio::buffer(unread.data(), unread.size()), error);
            unread.erase(0, n);
            if (error == http::error::need_more) {
                error = {};
                return;
            }
            if (error) return;
            if (parser->is_done()) {
                if (parser->get().result_int() / 100 != 1) return;
                parser = new_parser();
            } else if (n == 0) {
                return;
            }
        }
    }

    static ClientResponse taken(Parser& parser) {
        ClientResponse out;
        auto& message = parser.get();
        out.status = static_cast<int>(message.result_int());
        for (const auto& field : message) {
            out.headers.add(lower_case(field.name_string()), std::string(field.value()));
        }
        out.body = std::move(message.body());
        return out;
    }

    const Exchange& exchange_;
    Url url_;
    Clock::time_point deadline_;
    bool ended_silently_ = false;  // the connection ended before a byte of the answer
};

}  // namespace

Answered exchange_plainly(const Exchange& exchange) {
    auto url = parse_url(exchange.request.url);
    if (!url) return std::unexpected(fault(Delivery::not_sent, "not an address of a service"));
    return Call(exchange, std::move(*url)).run();
}

}  // namespace preau::net
