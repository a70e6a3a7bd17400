// Reading a request's body: of a known length, or in chunks.
#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "shared/net/connection.hpp"

namespace preau::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kBodyStepBytes = 64 * 1024;

}  // namespace

Awaitable<Connection::Got> Connection::read_body() {
    if (!exchange_.chunked && exchange_.content_length.value_or(0) == 0) {
        input_.consume(head_length_);
        co_return Got::all;
    }
    enter(Phase::body, std::min(options().body_time_max, options().body_grace_time));
    if (exchange_.expect_continue && input_.view().size() == head_length_) {
        co_await continue_100();
    }
    if (exchange_.chunked) co_return co_await read_chunked_body();
    co_return co_await read_sized_body(static_cast<std::size_t>(*exchange_.content_length));
}

// The deadline moves on with what has come, so a body that trickles in ends early.
void Connection::extend_body_deadline(Moment started, std::size_t received) {
    const auto earned = milliseconds{received * 1'000 / options().body_bytes_per_second_min};
    deadline_ = started + std::min(options().body_time_max, options().body_grace_time + earned);
}

Awaitable<Connection::Got> Connection::read_sized_body(std::size_t length) {
    input_.consume(head_length_);
    const Moment started = steady_clock::now();
    std::string& body = exchange_.request.body;
    const std::size_t buffered = std::min(length, input_.view().size());
    body.assign(input_.view().substr(0, buffered));
    input_.consume(buffered);
    std::size_t received = buffered;
    while (received < length) {
        // The memory follows the bytes, not the promise.
        if (received == body.size()) body.resize(std::min(length, received + kBodyStepBytes));
        extend_body_deadline(started, received);
        const auto [error, bytes] = co_await socket_.async_read_some(
            asio::buffer(body.data() + received, body.size() - received), as_values);
        if (error) {
            if (!timed_out_) co_return Got::end;
            refuse({"request_timeout", "the body came too slowly", {}});
            co_return Got::refused;
        }
        received += bytes;
    }
    co_return Got::all;
}

Awaitable<Connection::Got> Connection::read_chunked_body() {
    const Moment started = steady_clock::now();
    const std::size_t limit =
        exchange_.route ? exchange_.route->options.body_bytes_max : default_body_bytes_max;
    ChunkedBody body(input_.view().substr(0, head_length_), limit,
                     options().chunk_extension_bytes_max);
    input_.consume(head_length_);
    std::size_t received = 0;
    while (true) {
        auto taken = body.feed(input_.view());
        if (!taken) {
            refuse(std::move(taken.error()));
            co_return Got::refused;
        }
        input_.consume(*taken);
        received += *taken;
        if (body.done()) break;
        extend_body_deadline(started, received);
        if (!co_await receive()) {
            if (!timed_out_) co_return Got::end;
            refuse({"request_timeout", "the body came too slowly", {}});
            co_return Got::refused;
        }
    }
    exchange_.request.body = body.take();
    co_return Got::all;
}

Awaitable<void> Connection::continue_100() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    const Moment deadline = deadline_;
    // A failure shows at the next read.
    co_await asio::async_write(socket_, asio::buffer(kContinue), as_values);
    deadline_ = deadline;
}

}  // namespace preau::net
