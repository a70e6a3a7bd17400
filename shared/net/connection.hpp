#pragma once
// One connection: a coroutine that reads a request, has it handled, writes the answer, and begins
// again. It lives and dies on the thread of its IoLoop. Private to shared/net.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "shared/net/asio.hpp"
#include "shared/net/chunked_body.hpp"
#include "shared/net/head.hpp"
#include "shared/net/message.hpp"
#include "shared/net/server.hpp"
#include "shared/net/target.hpp"

namespace preau::net {

class Connection;

/// The instruments of one operation.
struct Meter {
    std::string operation;
    observe::Counter* by_class[6] = {};  // index: status / 100
    observe::Histogram* duration_s = nullptr;
};

/// What all threads of a server share. Only the atomics change once it runs.
struct Shared {
    ServerOptions options;
    HeadLimits limits;
    const Router& router;
    exec::WorkerPool& pool;
    std::size_t connections_max = 0;  // options.connections_max, lowered to what the system allows
    std::vector<Meter> meters;        // of router.routes(), then one for all that has no route
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> in_flight{0};
    std::atomic<std::size_t> jobs{0};  // handed to the pool and not yet back
    std::atomic<bool> draining{false};
    std::atomic<std::size_t> loops_closed{0};  // that accept no more
    std::mutex mutex;
    std::condition_variable changed;  // of connections, jobs or loops_closed

    Shared(ServerOptions settings, const Router& routes, exec::WorkerPool& workers)
        : options(std::move(settings)), router(routes), pool(workers) {}
    /// These two wake whoever waits for `changed`.
    void lower(std::atomic<std::size_t>& counter);
    void raise(std::atomic<std::size_t>& counter);
    const Meter& meter_of(const Route* route) const;
};

/// One thread's part of a server.
struct IoLoop {
    Shared& shared;
    std::unordered_set<Connection*> connections;  // outlives the context, whose end destroys them
    asio::io_context context{1};
    Acceptor acceptor{context};
    Timer sweep{context};
    Timer pause{context};
    bool sweeping = false;

    explicit IoLoop(Shared& common) : shared(common) {}
    void adopt(Socket socket);
    void arm_sweep();
    void begin_drain();
    void abort_all();
};

/// Bytes received and not yet used.
class InputBuffer {
public:
    std::string_view view() const { return {data_.data() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }
    void consume(std::size_t bytes);
    /// Room for at least `bytes` more; invalidates views.
    std::span<char> prepare(std::size_t bytes);
    void commit(std::size_t bytes) { end_ += bytes; }

private:
    std::vector<char> data_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(IoLoop& loop, Socket socket, bool never_shed_only);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    static Awaitable<void> run(std::shared_ptr<Connection> self);
    /// Ends the phase under way when its deadline is past.
    void check_deadline(Moment now);
    void begin_drain(Moment now);
    void abort();
    /// Ends a sleep(); on this connection's thread.
    void wake(std::uint64_t sleep);

private:
    enum class Phase { idle, head, body, handling, long_poll, writing, lingering };
    /// How reading went: `refused` leaves the fault in refusal_.
    enum class Got { all, end, refused };

    struct Exchange {
        Request request;
        Response response;
        const Route* route = nullptr;
        bool known_method = true;
        bool keep_alive = true;
        bool http_1_0 = false;
        std::optional<std::uint64_t> content_length;
        bool chunked = false;
        bool expect_continue = false;
        Moment started;
    };

    void enter(Phase phase, std::chrono::milliseconds time_max);
    Awaitable<bool> serve_one();
    Awaitable<Got> read_head();
    bool take_head();
    void fill_request(const Head& head, Target target);
    void find_route();
    Awaitable<Got> read_body();
    Awaitable<Got> read_sized_body(std::size_t length);
    Awaitable<Got> read_chunked_body();
    Awaitable<bool> receive();
    void extend_body_deadline(Moment started, std::size_t received);
    Awaitable<void> continue_100();

    Awaitable<void> handle();
    void call_handler() noexcept;
    Awaitable<void> offload();
    Awaitable<void> wait_for_signal();
    Awaitable<void> sleep(Moment until);

    Awaitable<bool> answer();
    Awaitable<bool> write(std::string_view first, std::string_view second);
    Awaitable<void> linger();
    void record() const;
    void refuse(base::Error error);
    void answer_refusal();
    void answer_without_handler(Response response);

    const ServerOptions& options() const { return loop_.shared.options; }

    IoLoop& loop_;
    Socket socket_;
    Timer timer_;  // of sleep()
    std::string peer_;
    bool never_shed_only_;
    Phase phase_ = Phase::idle;
    Moment deadline_ = Moment::max();
    bool timed_out_ = false;
    bool broken_ = false;  // the client is gone: nothing is worth writing
    bool woken_ = false;
    std::uint64_t sleep_ = 0;
    std::size_t requests_ = 0;
    std::size_t head_length_ = 0;
    InputBuffer input_;
    std::string output_;
    std::optional<base::Error> refusal_;
    Exchange exchange_;
};

}  // namespace preau::net
