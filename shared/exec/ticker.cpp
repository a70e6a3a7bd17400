#include "shared/exec/ticker.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>

#include "shared/exec/thread.hpp"
#include "shared/observe/log.hpp"

namespace preau::exec {
namespace {

// After a step that threw: long enough not to spin, short enough to recover by itself.
constexpr std::chrono::milliseconds kPauseAfterFailure{1'000};

}  // namespace

struct Ticker::State {
    std::string name;
    std::function<std::chrono::milliseconds()> step;
    std::mutex mutex;
    std::condition_variable changed;
    bool woken = false;
    bool stopped = false;
    Thread thread;

    std::chrono::milliseconds step_once() {
        try {
            return step();
        } catch (const std::exception& thrown) {
            observe::log(observe::Level::error, "ticker.failed",
                         {{"ticker", std::string_view(name)}, {"what", thrown.what()}});
        } catch (...) {
            observe::log(observe::Level::error, "ticker.failed",
                         {{"ticker", std::string_view(name)}});
        }
        return kPauseAfterFailure;
    }

    void run() {
        std::unique_lock lock(mutex);
        while (!stopped) {
            woken = false;
            lock.unlock();
            const auto pause = step_once();
            lock.lock();
            changed.wait_for(lock, pause, [this] { return woken || stopped; });
        }
    }
};

Ticker::Ticker(std::string name, std::function<std::chrono::milliseconds()> step)
    : state_(std::make_unique<State>()) {
    state_->name = std::move(name);
    state_->step = std::move(step);
    state_->thread = Thread(state_->name, [state = state_.get()] { state->run(); });
}

Ticker::~Ticker() {
    stop();
}

void Ticker::wake() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->woken = true;
    }
    state_->changed.notify_one();
}

void Ticker::stop() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopped = true;
    }
    state_->changed.notify_one();
    state_->thread.join();
}

}  // namespace preau::exec
