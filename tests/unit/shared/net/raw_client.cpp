#include "raw_client.hpp"

#include <charconv>
#include <stdexcept>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace preau::net {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 10s;

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::string Answer::code() const {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    return json.is_object() ? json.value("code", "") : "";
}

bool Answer::closes() const {
    const auto found = fields.find("connection");
    return found != fields.end() && found->second == "close";
}

RawClient::RawClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(std::exchange(socket_, -1));  // sends will fail, answers have status 0
    }
}

RawClient::~RawClient() {
    if (socket_ >= 0) ::close(socket_);
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), buffer_(std::move(other.buffer_)) {}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawClient::fill(std::chrono::milliseconds patience) {
    if (socket_ < 0) return false;
    pollfd wait{socket_, POLLIN, 0};
    if (poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return false;
    char bytes[16 * 1024];
    const auto received = recv(socket_, bytes, sizeof bytes, 0);
    if (received <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(received));
    return true;
}

Answer RawClient::answer(bool to_head) {
    Answer answer;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill(kPatience)) return answer;
    }
    const std::string head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    const int status = static_cast<int>(number(std::string_view(head).substr(9, 3)));
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        const auto stop = head.find("\r\n", at);
        const auto colon = head.find(": ", at);
        answer.fields[lower(head.substr(at, colon - at))] =
            head.substr(colon + 2, stop - colon - 2);
        at = stop + 2;
    }
    const std::size_t length = to_head ? 0 : number(answer.fields["content-length"]);
    while (buffer_.size() < length) {
        if (!fill(kPatience)) return answer;
    }
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    answer.status = status;
    return answer;
}

bool RawClient::ended(std::chrono::milliseconds patience) {
    if (!buffer_.empty()) return false;
    if (socket_ < 0) return true;
    pollfd wait{socket_, POLLIN, 0};
    if (poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return false;
    char byte = 0;
    return recv(socket_, &byte, 1, MSG_PEEK) <= 0;
}

void RawClient::end_writing() {
    shutdown(socket_, SHUT_WR);
}

void RawClient::reset() {
    const linger at_once{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
}

std::string get(std::string_view target, std::string_view fields) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) +
           "\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view fields) {
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

TestServer::TestServer(TestServerOptions options) {
    add_routes();
    if (options.routes) options.routes(*router);
    pool = std::make_unique<exec::WorkerPool>(exec::WorkerPoolOptions{
        .threads = options.threads, .queue_length_max = options.queue_length_max});
    options.server.access_log = false;
    server = std::make_unique<Server>(options.server, *router, *pool, metrics);
    if (const auto started = server->start(); !started) throw std::runtime_error(started.error());
}

TestServer::~TestServer() {
    server.reset();
    pool.reset();
}

Answer TestServer::once(std::string_view bytes) const {
    RawClient client = connect();
    client.send(bytes);
    return client.answer();
}

void TestServer::wait_for_gate(int count) const {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (at_gate < count && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(1ms);
}

void TestServer::add_routes() {
    const auto answer = [this, token = closure_token](const Request& request) {
        ++handled;
        return Response::json({{"word", request.params.get("word", "quick")},
                               {"request_id", request.request_id},
                               {"trace_id", request.trace.trace_id},
                               {"q", request.query.get("q")}});
    };
    const auto echo = [this](const Request& request) {
        ++handled;
        Response response;
        response.content_type = "text/plain";
        response.body = request.body;
        return response;
    };
    const auto wait_at_gate = [this](const Request&) {
        ++at_gate;
        gate.wait();
        return Response::json({{"gate", "open"}});
    };
    RouteOptions quick;
    quick.run_on = RunOn::io_thread;
    RouteOptions small;
    small.body_bytes_max = 10;
    RouteOptions urgent;
    urgent.never_shed = true;
    RouteOptions poll;
    poll.signal = signal;
    poll.after = [](const Request& request) { return number(request.query.get("after")); };
    poll.wait_ms = [](const Request& request) {
        return static_cast<std::uint32_t>(number(request.query.get("wait_ms")));
    };
    router->add(Method::get, "/quick", "quick", answer, quick);
    router->add(Method::get, "/slow/{word}", "slow", answer);
    router->add(Method::post, "/echo", "echo", echo);
    router->add(Method::post, "/small", "small", echo, small);
    router->add(Method::get, "/throws", "throws",
                [](const Request&) -> Response { throw std::runtime_error("a handler failed"); });
    router->add(
        Method::get, "/throws-odd", "throws_odd", [](const Request&) -> Response { throw 7; },
        quick);
    router->add(Method::get, "/gate", "gate", wait_at_gate);
    router->add(Method::get, "/urgent", "urgent", answer, urgent);
    router->add(
        Method::get, "/poll", "poll",
        [this](const Request&) { return Response::json({{"value", signal->value()}}); }, poll);
}

}  // namespace preau::net
