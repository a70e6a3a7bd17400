#pragma once
// A fixed number of threads behind one bounded queue. What waited longer than the queue's deadline
// is dropped unrun (its `expired` is called), because nobody waits for the answer any more.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace preau::exec {

struct WorkerPoolOptions {
    std::string name = "worker";
    std::size_t threads = 4;
    std::size_t queue_length_max = 16;  // 4 × threads by the house rule
    std::chrono::milliseconds queue_wait_max{2'000};
    std::size_t stack_bytes = 512 * 1024;
};

class WorkerPool {
public:
    explicit WorkerPool(WorkerPoolOptions options);
    ~WorkerPool();  // drains
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// Queues `run`; false when the queue is full or the pool drains. Exactly one of `run` and
    /// `expired` is called. `jump` puts it before all others and ignores the queue's bound.
    bool submit(std::function<void()> run, std::function<void()> expired, bool jump = false);

    /// Refuses new work, runs what is queued, joins the threads.
    void drain();

    std::size_t queued() const;
    std::size_t threads() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace preau::exec
