#pragma once
// argon2id takes 19 MiB and tens of milliseconds of a core: a flood of sign-ins must take neither
// all the memory nor all the workers. Two hash at once, two more wait for a second, the rest is
// told to come back.

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace preau::accounts {

class PasswordGate {
public:
    static constexpr int running_max = 2;
    static constexpr int waiting_max = 2;

    /// Whether the password has this hash; an empty hash takes the same time. `overloaded` when too
    /// many others are being checked.
    base::Result<bool> check(std::string_view password, std::string_view hash);
    base::Result<std::string> hash(std::string_view password);

private:
    class Pass;
    bool enter();
    void leave();

    std::mutex mutex_;
    std::condition_variable freed_;
    int running_ = 0;
    int waiting_ = 0;
};

}  // namespace preau::accounts
