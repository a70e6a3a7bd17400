#include "shared/exec/thread.hpp"

#include <csignal>
#include <system_error>
#include <utility>

#include <pthread.h>

namespace preau::exec {

struct Thread::State {
    pthread_t id{};
    std::function<void()> body;
};

namespace {

constexpr std::size_t kNameBytesMax = 15;  // of pthread_setname_np, without the final NUL

void check(int error, const char* what) {
    if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

}  // namespace

Thread::Thread(const std::string& name, std::function<void()> body, std::size_t stack_bytes)
    : state_(std::make_unique<State>()) {
    state_->body = std::move(body);
    pthread_attr_t attributes;
    check(pthread_attr_init(&attributes), "pthread_attr_init");
    int error = pthread_attr_setstacksize(&attributes, stack_bytes);
    if (error == 0) {
        // The new thread inherits the mask, so it is set before and put back after.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        error = pthread_create(
            &state_->id, &attributes,
            [](void* argument) -> void* {
                static_cast<State*>(argument)->body();
                return nullptr;
            },
            state_.get());
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
    pthread_attr_destroy(&attributes);
    check(error, "pthread_create");
    pthread_setname_np(state_->id, name.substr(0, kNameBytesMax).c_str());
}

Thread::Thread() = default;

Thread::~Thread() {
    join();
}

Thread::Thread(Thread&& other) noexcept : state_(std::move(other.state_)) {}

Thread& Thread::operator=(Thread&& other) noexcept {
    join();
    state_ = std::move(other.state_);
    return *this;
}

void Thread::join() {
    if (!state_) return;
    pthread_join(state_->id, nullptr);
    state_.reset();
}

}  // namespace preau::exec
