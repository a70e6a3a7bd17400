#include "shared/net/connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "shared/net/response_head.hpp"
#include "shared/net/signal.hpp"
#include "shared/net/target.hpp"
#include "shared/observe/log.hpp"

namespace preau::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kInputBytesMin = 2 * 1024;  // an idle connection holds no more
constexpr std::size_t kReadBytesMin = 1024;
// A small body is copied behind its head, a large one is sent from where it is.
constexpr std::size_t kCopiedBodyBytesMax = 4 * 1024;
constexpr std::size_t kLingerBytesMax = 1024 * 1024;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

// An id that another program gave is kept when it can stand in a log line as it is.
bool is_sane_request_id(std::string_view id) {
    const auto sane = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    };
    return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, sane);
}

milliseconds deadline_of(std::string_view header, const ServerOptions& options) {
    long long ms = 0;
    const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), ms);
    if (error != std::errc{} || end != header.data() + header.size() || ms <= 0) {
        return options.deadline_default;
    }
    return milliseconds{std::min<long long>(ms, options.deadline_max.count())};
}

Response problem(std::string code, std::string detail = {}) {
    return Response::problem({std::move(code), std::move(detail), {}});
}

Response method_not_allowed(const std::vector<Method>& allowed) {
    std::string list;
    for (const Method method : allowed) {
        if (!list.empty()) list.append(", ");
        list.append(to_string(method));
    }
    Response response = problem("method_not_allowed");
    response.with("Allow", std::move(list));
    return response;
}

}  // namespace

void InputBuffer::consume(std::size_t bytes) {
    begin_ += bytes;
    if (begin_ == end_) begin_ = end_ = 0;
}

std::span<char> InputBuffer::prepare(std::size_t bytes) {
    if (data_.size() - end_ < bytes && begin_ > 0) {
        std::copy(data_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  data_.begin() + static_cast<std::ptrdiff_t>(end_), data_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    if (data_.size() - end_ < bytes) {
        data_.resize(std::max({kInputBytesMin, data_.size() * 2, end_ + bytes}));
    }
    return std::span(data_).subspan(end_);
}

Connection::Connection(IoLoop& loop, Socket socket, bool never_shed_only)
    : loop_(loop),
      socket_(std::move(socket)),
      timer_(loop.context),
      never_shed_only_(never_shed_only) {
    boost::system::error_code error;
    const auto endpoint = socket_.remote_endpoint(error);
    if (!error) peer_ = endpoint.address().to_string();
    socket_.set_option(asio::ip::tcp::no_delay(true), error);
    loop_.connections.insert(this);
}

Connection::~Connection() {
    loop_.connections.erase(this);
    boost::system::error_code ignored;
    socket_.close(ignored);
    loop_.shared.lower(loop_.shared.connections);
}

void Connection::enter(Phase phase, milliseconds time_max) {
    phase_ = phase;
    deadline_ = time_max == milliseconds::max() ? Moment::max() : steady_clock::now() + time_max;
}

// Deadlines are swept, not timed one by one: arming a phase costs one store.
void Connection::check_deadline(Moment now) {
    if (now < deadline_) return;
    deadline_ = Moment::max();
    timed_out_ = true;
    boost::system::error_code ignored;
    if (phase_ == Phase::head || phase_ == Phase::body) {
        socket_.cancel(ignored);  // the reader answers 408
    } else {
        socket_.close(ignored);
    }
}

void Connection::begin_drain(Moment now) {
    if (phase_ == Phase::idle) deadline_ = std::min(deadline_, now + options().drain_idle_time);
    if (phase_ == Phase::long_poll) wake(sleep_);
}

void Connection::abort() {
    broken_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (phase_ == Phase::long_poll) wake(sleep_);
}

void Connection::refuse(base::Error error) {
    refusal_ = std::move(error);
}

Awaitable<void> Connection::run(std::shared_ptr<Connection> self) {
    try {
        bool open = true;
        while (open)
            open = co_await self->serve_one();
        co_await self->linger();
    } catch (const std::exception& thrown) {
        observe::log(observe::Level::error, "http.connection_failed", {{"what", thrown.what()}});
    }
}

// Reads, handles and answers one request; whether another may follow.
Awaitable<bool> Connection::serve_one() {
    Got got = co_await read_head();
    if (got == Got::all) got = take_head() ? co_await read_body() : Got::refused;
    if (got == Got::end) {
        broken_ = true;
        co_return false;
    }
    enter(Phase::handling, milliseconds::max());
    if (got == Got::refused) {
        answer_refusal();
        co_return co_await answer();
    }
    loop_.shared.in_flight.fetch_add(1, std::memory_order_relaxed);
    co_await handle();
    const bool open = co_await answer();
    loop_.shared.in_flight.fetch_sub(1, std::memory_order_relaxed);
    co_return open;
}

// Rule 6: what could not be read to its end leaves the connection at an unknown place, so it ends.
void Connection::answer_refusal() {
    exchange_.keep_alive = false;
    answer_without_handler(Response::problem(*refusal_));
    if (exchange_.request.request_id.empty()) {
        exchange_.request.trace = observe::new_trace();
        exchange_.request.request_id = exchange_.request.trace.span_id;
    }
    if (!options().access_log) return;
    const observe::LogScope scope(exchange_.request.trace, exchange_.request.request_id);
    observe::log(
        observe::Level::info, "http.refused",
        {{"code", std::string_view(refusal_->code)}, {"why", std::string_view(refusal_->detail)}});
}

void Connection::answer_without_handler(Response response) {
    for (const auto& [name, value] : options().own_answer_headers)
        response.with(name, value);
    exchange_.response = std::move(response);
}

// Reads some bytes into the input buffer; false at the client's end or our deadline.
Awaitable<bool> Connection::receive() {
    const std::span<char> room = input_.prepare(kReadBytesMin);
    const auto [error, bytes] =
        co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), as_values);
    if (error) co_return false;
    input_.commit(bytes);
    co_return true;
}

Awaitable<Connection::Got> Connection::read_head() {
    const bool draining = loop_.shared.draining.load(std::memory_order_relaxed);
    enter(Phase::idle, draining ? options().drain_idle_time : options().idle_time_max);
    exchange_ = Exchange{};
    bool line_end_skipped = false;
    std::size_t resume_at = 0;
    while (true) {
        // RFC 9112, 2.2: an empty line before a request is to be skipped.
        if (!line_end_skipped && input_.view().starts_with("\r\n")) {
            input_.consume(2);
            line_end_skipped = true;
        }
        if (!input_.empty()) {
            if (phase_ == Phase::idle) enter(Phase::head, options().head_time_max);
            HeadScan scan = scan_head(input_.view(), resume_at, loop_.shared.limits);
            if (scan.error) {
                refuse(std::move(*scan.error));
                co_return Got::refused;
            }
            if (scan.length) {
                head_length_ = *scan.length;
                co_return Got::all;
            }
            resume_at = scan.resume_at;
        }
        if (!co_await receive()) {
            if (!timed_out_ || phase_ != Phase::head) co_return Got::end;
            refuse({"request_timeout", "the head came too slowly", {}});
            co_return Got::refused;
        }
    }
}

// Checks the head in the input buffer and turns it into the request; false when it is refused.
bool Connection::take_head() {
    exchange_.started = steady_clock::now();
    ++requests_;
    const std::string_view bytes = input_.view().substr(0, head_length_);
    auto head = check_head(bytes, loop_.shared.limits);
    if (!head) {
        refuse(std::move(head.error()));
        return false;
    }
    auto target = parse_target(head->target);
    if (!target) {
        refuse(std::move(target.error()));
        return false;
    }
    fill_request(*head, std::move(*target));
    find_route();
    const std::size_t limit =
        exchange_.route ? exchange_.route->options.body_bytes_max : default_body_bytes_max;
    if (head->content_length.value_or(0) > limit) {
        refuse({"payload_too_large", "at most " + std::to_string(limit) + " bytes", {}});
        return false;
    }
    return true;
}

void Connection::fill_request(const Head& head, Target target) {
    Request& request = exchange_.request;
    const auto method = method_named(head.method);
    exchange_.known_method = method.has_value();
    exchange_.keep_alive =
        head.keep_alive && requests_ < options().requests_per_connection_max && !never_shed_only_;
    exchange_.http_1_0 = head.version_minor == 0;
    exchange_.content_length = head.content_length;
    exchange_.chunked = head.chunked;
    exchange_.expect_continue = head.expect_continue && head.has_body();
    request.method = method.value_or(Method::get);
    request.target = head.target;
    request.path = std::move(target.path);
    request.query = std::move(target.query);
    for (const auto& [name, value] : head.fields)
        request.headers.add(lower(name), std::string(value));
    request.peer = peer_;
    const std::string_view id = request.headers.get("x-request-id");
    auto trace = observe::continue_trace(request.headers.get("traceparent"));
    request.trace = trace ? std::move(*trace) : observe::new_trace();
    request.request_id = is_sane_request_id(id) ? std::string(id) : request.trace.span_id;
    request.deadline =
        exchange_.started + deadline_of(request.headers.get("x-deadline-ms"), options());
}

// Finds the route, or prepares the answer of a path that has none.
void Connection::find_route() {
    Request& request = exchange_.request;
    const auto method =
        exchange_.known_method ? std::optional<Method>(request.method) : std::nullopt;
    auto match = loop_.shared.router.find(method, request.path);
    exchange_.route = match.route;
    request.params = std::move(match.params);
    if (match.route == nullptr && match.path_known) {
        answer_without_handler(method_not_allowed(match.allowed));
    }
}

Awaitable<void> Connection::handle() {
    const Route* route = exchange_.route;
    if (route == nullptr && exchange_.response.status == 405) co_return;
    const bool never_shed = route != nullptr && route->options.never_shed;
    if (never_shed_only_ && !never_shed) {
        answer_without_handler(problem("overloaded"));
        co_return;
    }
    if (route == nullptr && !loop_.shared.router.fallback()) {
        answer_without_handler(problem("not_found"));
        co_return;
    }
    if (route != nullptr && route->options.signal) co_await wait_for_signal();
    if (broken_) co_return;
    if (route != nullptr && route->options.run_on == RunOn::io_thread) {
        call_handler();
    } else {
        co_await offload();
    }
}

// Rule 7: whatever a handler throws becomes an answer.
void Connection::call_handler() noexcept {
    const Request& request = exchange_.request;
    const observe::LogScope scope(request.trace, request.request_id);
    const Handler& handler =
        exchange_.route ? exchange_.route->handler : loop_.shared.router.fallback();
    const std::string_view operation = loop_.shared.meter_of(exchange_.route).operation;
    try {
        exchange_.response = handler(request);
        if (exchange_.response.status >= 200 && exchange_.response.status <= 599) return;
        observe::log(observe::Level::error, "http.odd_status",
                     {{"operation", operation}, {"status", exchange_.response.status}});
    } catch (const std::exception& thrown) {
        observe::log(observe::Level::error, "http.handler_threw",
                     {{"operation", operation}, {"what", thrown.what()}});
    } catch (...) {
        observe::log(observe::Level::error, "http.handler_threw", {{"operation", operation}});
    }
    answer_without_handler(problem("internal"));
}

// The coroutine sleeps until the job has posted its end, whatever becomes of the socket meanwhile,
// so the job may use the connection by plain reference.
Awaitable<void> Connection::offload() {
    Shared& shared = loop_.shared;
    const std::uint64_t sleep_number = ++sleep_;
    woken_ = false;
    const auto finish = [this, &loop = loop_, sleep_number] {
        auto wake_it = [this, sleep_number] { wake(sleep_number); };
        asio::post(loop.context, std::move(wake_it));
        // The connection may be gone from here on; its loop waits for the count.
        loop.shared.lower(loop.shared.jobs);
    };
    std::function<void()> run = [this, finish] {
        if (steady_clock::now() < exchange_.request.deadline) {
            call_handler();
        } else {
            answer_without_handler(problem("overloaded", "the deadline passed in the queue"));
        }
        finish();
    };
    std::function<void()> expired = [this, finish] {
        answer_without_handler(problem("overloaded"));
        finish();
    };
    const bool never_shed = exchange_.route != nullptr && exchange_.route->options.never_shed;
    shared.jobs.fetch_add(1, std::memory_order_relaxed);
    if (!shared.pool.submit(std::move(run), std::move(expired), never_shed)) {
        shared.lower(shared.jobs);
        answer_without_handler(problem("overloaded"));
        co_return;
    }
    co_await sleep(Moment::max());
}

Awaitable<void> Connection::sleep(Moment until) {
    timer_.expires_at(until);
    while (!woken_ && steady_clock::now() < until)
        co_await timer_.async_wait(as_values);
}

void Connection::wake(std::uint64_t sleep) {
    if (sleep != sleep_) return;  // of a wait that is over
    woken_ = true;
    timer_.cancel();
}

// Writes the answer; whether another request may follow.
Awaitable<bool> Connection::answer() {
    if (broken_) co_return false;
    const Response& response = exchange_.response;
    if (loop_.shared.draining.load(std::memory_order_relaxed)) exchange_.keep_alive = false;
    output_.clear();
    append_response_head(output_, response,
                         {.keep_alive = exchange_.keep_alive,
                          .http_1_0 = exchange_.http_1_0,
                          .request_id = exchange_.request.request_id});
    const bool with_body = status_has_body(response.status) &&
                           !(exchange_.known_method && exchange_.request.method == Method::head);
    std::string_view body = with_body ? std::string_view(response.body) : std::string_view{};
    if (body.size() <= kCopiedBodyBytesMax) {
        output_.append(body);
        body = {};
    }
    record();  // before the client can see the answer, so that figures read after it include it
    const bool written = co_await write(output_, body);
    if (!written) broken_ = true;
    co_return written&& exchange_.keep_alive;
}

// Most answers fit into the socket's buffer: then nothing has to be waited for.
Awaitable<bool> Connection::write(std::string_view first, std::string_view second) {
    std::array<asio::const_buffer, 2> parts{asio::buffer(first.data(), first.size()),
                                            asio::buffer(second.data(), second.size())};
    boost::system::error_code error;
    std::size_t sent = second.empty() ? socket_.write_some(asio::buffer(parts[0]), error)
                                      : socket_.write_some(parts, error);
    if (error && error != asio::error::would_block && error != asio::error::try_again) {
        co_return false;
    }
    if (sent == first.size() + second.size()) co_return true;
    enter(Phase::writing, options().write_time_max);
    const std::size_t of_first = std::min(sent, first.size());
    parts[0] += of_first;
    parts[1] += sent - of_first;
    const auto [failed, rest] = co_await asio::async_write(socket_, parts, as_values);
    co_return !failed;
}

// After the last answer: says that we are done and waits for the client's end, because closing a
// socket with unread bytes would destroy the answer on its way.
Awaitable<void> Connection::linger() {
    if (broken_) co_return;
    boost::system::error_code error;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    if (error) co_return;
    enter(Phase::lingering, options().linger_time_max);
    std::size_t discarded = 0;
    while (discarded < kLingerBytesMax) {
        input_.consume(input_.view().size());
        const std::span<char> room = input_.prepare(kReadBytesMin);
        const auto [failed, bytes] =
            co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), as_values);
        if (failed) co_return;
        discarded += bytes;
    }
}

void Connection::record() const {
    const Meter& meter = loop_.shared.meter_of(exchange_.route);
    const int status = exchange_.response.status;
    meter.by_class[std::clamp(status / 100, 2, 5)]->add();
    if (exchange_.started == Moment{}) return;  // refused before there was a request
    const std::chrono::duration<double> took = steady_clock::now() - exchange_.started;
    meter.duration_s->observe(took.count());
    if (!options().access_log || !observe::enabled(observe::Level::info)) return;
    const Request& request = exchange_.request;
    const observe::LogScope scope(request.trace, request.request_id);
    observe::log(observe::Level::info, "http.request",
                 {{"method", to_string(request.method)},
                  {"operation", std::string_view(meter.operation)},
                  {"status", status},
                  {"duration_ms", took.count() * 1'000},
                  {"bytes", exchange_.response.body.size()}});
}

}  // namespace preau::net
