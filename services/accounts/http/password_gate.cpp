#include "services/accounts/http/password_gate.hpp"

#include <chrono>

#include "shared/security/digest.hpp"

namespace preau::accounts {
namespace {

constexpr std::chrono::seconds kWaitMax{1};

}  // namespace

class PasswordGate::Pass {
public:
    explicit Pass(PasswordGate& gate) : gate_(gate), entered_(gate.enter()) {}
    ~Pass() {
        if (entered_) gate_.leave();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    bool entered() const { return entered_; }

private:
    PasswordGate& gate_;
    bool entered_;
};

bool PasswordGate::enter() {
    std::unique_lock lock(mutex_);
    if (running_ < running_max) {
        ++running_;
        return true;
    }
    if (waiting_ >= waiting_max) return false;
    ++waiting_;
    const bool free = freed_.wait_for(lock, kWaitMax, [&] { return running_ < running_max; });
    --waiting_;
    if (free) ++running_;
    return free;
}

void PasswordGate::leave() {
    {
        const std::lock_guard lock(mutex_);
        --running_;
    }
    freed_.notify_one();
}

base::Result<bool> PasswordGate::check(std::string_view password, std::string_view hash) {
    const Pass pass(*this);
    if (!pass.entered()) return base::fail("overloaded");
    return security::check_password(password, hash);
}

base::Result<std::string> PasswordGate::hash(std::string_view password) {
    const Pass pass(*this);
    if (!pass.entered()) return base::fail("overloaded");
    return security::hash_password(password);
}

}  // namespace preau::accounts
