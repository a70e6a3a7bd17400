#pragma once
// Small services share one small machine: what a burst of work leaves free in the heap, and in the
// database sessions' caches, goes back to the system once the process rests.

#include <chrono>

namespace preau::host {

/// A job for Host::repeat. Returns what is free when the process has worked since the last
/// time and is quiet now; a busy process keeps them, since it would only fetch them again.
class IdleMemory {
public:
    std::chrono::milliseconds step();

private:
    std::chrono::milliseconds seen_{0};      // processor time at the last step
    std::chrono::milliseconds returned_{0};  // … when memory was last given back
};

}  // namespace preau::host
