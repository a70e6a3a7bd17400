#include "shared/host/idle_memory.hpp"

#include <ctime>

#include <malloc.h>

#include "shared/db/memory.hpp"

namespace preau::host {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kPeriod{3'000};
constexpr milliseconds kQuietMax{100};  // of processor time in a period
constexpr milliseconds kWorthIt{200};   // of processor time since the last return

milliseconds processor_time() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return milliseconds{used.tv_sec * 1'000 + used.tv_nsec / 1'000'000};
}

}  // namespace

milliseconds IdleMemory::step() {
    const milliseconds now = processor_time();
    const bool quiet = now - seen_ < kQuietMax;
    seen_ = now;
    if (quiet && now - returned_ > kWorthIt) {
        db::release_idle_memory();
        malloc_trim(0);
        returned_ = processor_time();
    }
    return kPeriod;
}

}  // namespace preau::host
