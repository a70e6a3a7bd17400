#include "shared/exec/worker_pool.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <vector>

#include "shared/exec/thread.hpp"
#include "shared/observe/log.hpp"

namespace preau::exec {
namespace {

using Moment = std::chrono::steady_clock::time_point;

struct Job {
    std::function<void()> run;
    std::function<void()> expired;
    Moment queued_at;
    bool jumps = false;
};

}  // namespace

struct WorkerPool::State {
    WorkerPoolOptions options;
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::deque<Job> queue;
    bool draining = false;
    std::vector<Thread> threads;

    void call(const std::function<void()>& function) const {
        try {
            function();
        } catch (const std::exception& thrown) {
            observe::log(observe::Level::error, "worker.failed",
                         {{"pool", std::string_view(options.name)}, {"what", thrown.what()}});
        } catch (...) {
            observe::log(observe::Level::error, "worker.failed",
                         {{"pool", std::string_view(options.name)}});
        }
    }

    void work() {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return draining || !queue.empty(); });
            if (queue.empty()) return;
            Job job = std::move(queue.front());
            queue.pop_front();
            lock.unlock();
            const auto waited = std::chrono::steady_clock::now() - job.queued_at;
            const bool late = !job.jumps && waited > options.queue_wait_max;
            call(late ? job.expired : job.run);
            job = {};  // what the closures hold is let go before the next wait, and unlocked
            lock.lock();
        }
    }
};

WorkerPool::WorkerPool(WorkerPoolOptions options) : state_(std::make_unique<State>()) {
    state_->options = std::move(options);
    state_->threads.reserve(state_->options.threads);
    try {
        for (std::size_t i = 0; i < state_->options.threads; ++i) {
            state_->threads.emplace_back(
                state_->options.name + "-" + std::to_string(i),
                [state = state_.get()] { state->work(); }, state_->options.stack_bytes);
        }
    } catch (...) {
        drain();  // else the threads that did start would be joined while they wait for work
        throw;
    }
}

WorkerPool::~WorkerPool() {
    drain();
}

bool WorkerPool::submit(std::function<void()> run, std::function<void()> expired, bool jump) {
    {
        const std::lock_guard lock(state_->mutex);
        if (state_->draining) return false;
        if (!jump && state_->queue.size() >= state_->options.queue_length_max) return false;
        Job job{std::move(run), std::move(expired), std::chrono::steady_clock::now(), jump};
        if (jump) {
            // Before all that do not jump, behind those that jumped earlier.
            auto place = state_->queue.begin();
            while (place != state_->queue.end() && place->jumps)
                ++place;
            state_->queue.insert(place, std::move(job));
        } else {
            state_->queue.push_back(std::move(job));
        }
    }
    state_->changed.notify_one();
    return true;
}

void WorkerPool::drain() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->draining = true;
    }
    state_->changed.notify_all();
    for (auto& thread : state_->threads)
        thread.join();
}

std::size_t WorkerPool::queued() const {
    const std::lock_guard lock(state_->mutex);
    return state_->queue.size();
}

std::size_t WorkerPool::threads() const {
    return state_->options.threads;
}

}  // namespace preau::exec
