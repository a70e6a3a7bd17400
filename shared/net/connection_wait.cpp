// A long poll's wait for its signal, without holding a worker.
#include <boost/asio/post.hpp>

#include "shared/net/connection.hpp"
#include "shared/net/signal.hpp"

namespace preau::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Wakes a connection's long poll from another thread. Once release() has returned, nothing of the
// connection or its thread is touched any more, however late the signal's call comes.
class Waker {
public:
    Waker(std::shared_ptr<Connection> connection, asio::io_context& context, std::uint64_t sleep)
        : connection_(std::move(connection)), context_(context), sleep_(sleep) {}

    void wake() {
        const std::lock_guard lock(mutex_);
        if (!connection_) return;
        auto wake_it = [connection = connection_, sleep = sleep_] { connection->wake(sleep); };
        asio::post(context_, std::move(wake_it));
    }
    void release() {
        const std::lock_guard lock(mutex_);
        connection_.reset();
    }

private:
    std::mutex mutex_;
    std::shared_ptr<Connection> connection_;
    asio::io_context& context_;
    std::uint64_t sleep_;
};

// A place in a signal's list of waits. Its end comes with that of the coroutine that holds it, also
// when the server destroys a waiting coroutine.
class Watch {
public:
    Watch(Signal& signal, std::uint64_t after, std::shared_ptr<Waker> waker)
        : signal_(signal), waker_(std::move(waker)) {
        std::function<void()> wake_it = [held = waker_] { held->wake(); };
        ticket_ = signal_.watch(after, std::move(wake_it));
    }
    ~Watch() {
        signal_.unwatch(ticket_);
        waker_->release();
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    bool waits() const { return ticket_ != 0; }

private:
    Signal& signal_;
    std::shared_ptr<Waker> waker_;
    std::uint64_t ticket_ = 0;
};

}  // namespace

Awaitable<void> Connection::wait_for_signal() {
    const RouteOptions& route = exchange_.route->options;
    Request& request = exchange_.request;
    milliseconds wait{0};
    std::uint64_t after = 0;
    try {
        after = route.after ? route.after(request) : 0;
        if (route.wait_ms) wait = milliseconds{route.wait_ms(request)};
    } catch (const std::exception&) {
        // The handler reads the same query and answers what is wrong with it.
    }
    wait = std::min(wait, options().long_poll_time_max);
    if (wait <= milliseconds{0} || loop_.shared.draining.load(std::memory_order_relaxed)) {
        co_return;
    }
    woken_ = false;
    const auto waker = std::make_shared<Waker>(shared_from_this(), loop_.context, ++sleep_);
    {
        const Watch watch(*route.signal, after, waker);
        if (watch.waits()) {
            phase_ = Phase::long_poll;
            co_await sleep(steady_clock::now() + wait);
            phase_ = Phase::handling;
        }
    }
    // Waiting is not working: the deadline and the duration begin now.
    const Moment now = steady_clock::now();
    request.deadline += now - exchange_.started;
    exchange_.started = now;
}

}  // namespace preau::net
