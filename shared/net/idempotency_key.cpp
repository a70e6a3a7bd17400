#include "shared/net/idempotency_key.hpp"

#include <string_view>

namespace preau::net {

namespace {
constexpr std::size_t kLengthMin = 8;
constexpr std::size_t kLengthMax = 64;
constexpr std::string_view kAllowed =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}  // namespace

base::Result<std::string> idempotency_key(const Request& request) {
    const auto key = request.headers.get("idempotency-key");
    if (key.size() < kLengthMin || key.size() > kLengthMax ||
        key.find_first_not_of(kAllowed) != std::string_view::npos) {
        return base::fail("idempotency_key_required", "8 to 64 characters of [A-Za-z0-9_-]");
    }
    return std::string(key);
}

}  // namespace preau::net
