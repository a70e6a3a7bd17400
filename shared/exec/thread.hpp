#pragma once
// A thread with a name and a small stack of its own: std::thread cannot ask for one, and the
// default 8 MB times all threads of all services is address space and page tables that a small
// server lacks.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace preau::exec {

inline constexpr std::size_t thread_stack_bytes = 512 * 1024;

class Thread {
public:
    Thread();
    /// Starts `body`, which must not throw. `name` is cut to 15 bytes. Throws std::system_error
    /// when the system has no thread left. All signals stay blocked in it, so that only the thread
    /// that waits for them gets them.
    Thread(const std::string& name, std::function<void()> body,
           std::size_t stack_bytes = thread_stack_bytes);
    ~Thread();  // joins
    Thread(Thread&& other) noexcept;
    Thread& operator=(Thread&& other) noexcept;

    void join();
    bool joinable() const { return state_ != nullptr; }

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace preau::exec
