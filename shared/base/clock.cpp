#include "shared/base/clock.hpp"

#include <chrono>
#include <fstream>
#include <mutex>

namespace preau::base {

Instant MachineClock::now() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::seconds>(since).count()};
}

struct FileClock::State {
    std::string file;
    std::mutex mutex;
    std::int64_t offset_s = 0;
    std::int64_t read_at_s = 0;
};

FileClock::FileClock(std::string file) : state_(std::make_unique<State>()) {
    state_->file = std::move(file);
}

FileClock::~FileClock() = default;

Instant FileClock::now() const {
    const Instant machine = MachineClock{}.now();
    const std::lock_guard lock(state_->mutex);
    if (machine.seconds != state_->read_at_s) {
        state_->read_at_s = machine.seconds;
        std::ifstream in(state_->file);
        std::int64_t offset_s = 0;
        state_->offset_s = (in >> offset_s) ? offset_s : 0;
    }
    return machine + state_->offset_s;
}

}  // namespace preau::base
