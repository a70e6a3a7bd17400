#include "shared/base/id.hpp"

#include <array>
#include <chrono>
#include <mutex>
#include <random>

namespace preau::base {
namespace {

constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct Random80 {
    std::uint16_t high = 0;
    std::uint64_t low = 0;
};

std::string encode(std::uint64_t unix_ms, Random80 random) {
    std::array<std::uint8_t, 26> digits{};
    for (std::size_t i = 0; i < 10; ++i) {
        digits[9 - i] = static_cast<std::uint8_t>((unix_ms >> (5 * i)) & 31U);
    }
    // 80 bits = 16 digits of 5 bits, least significant first.
    __extension__ using Wide = unsigned __int128;
    Wide bits = (static_cast<Wide>(random.high) << 64U) | random.low;
    for (std::size_t i = 0; i < 16; ++i) {
        digits[25 - i] = static_cast<std::uint8_t>(bits & 31U);
        bits >>= 5U;
    }
    std::string text(26, '0');
    for (std::size_t i = 0; i < 26; ++i)
        text[i] = kCrockford[digits[i]];
    return text;
}

std::uint64_t fnv1a(std::string_view text, std::uint64_t hash) {
    for (const char c : text) {
        hash ^= static_cast<std::uint8_t>(c);
        hash *= 1099511628211ULL;
    }
    // FNV alone spreads the last letters badly: finish as splitmix64 does.
    hash ^= hash >> 30U;
    hash *= 0xbf58476d1ce4e5b9ULL;
    hash ^= hash >> 27U;
    hash *= 0x94d049bb133111ebULL;
    return hash ^ (hash >> 31U);
}

}  // namespace

std::string new_ulid() {
    static std::mutex mutex;
    static std::uint64_t last_ms = 0;
    static Random80 last;
    static thread_local std::random_device device;

    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto now_ms = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
    const auto word = [] { return (static_cast<std::uint64_t>(device()) << 32U) | device(); };
    const Random80 fresh{static_cast<std::uint16_t>(device()), word()};

    const std::lock_guard lock(mutex);
    if (now_ms > last_ms) {
        last_ms = now_ms;
        last = fresh;
    } else {
        // The same millisecond, or a clock that went back: count up, so that order is kept.
        last.low += 1 + (fresh.low & 0xffffU);
        if (last.low < (fresh.low & 0xffffU)) ++last.high;
    }
    return encode(last_ms, last);
}

std::string seeded_ulid(std::uint64_t unix_ms, std::string_view seed) {
    const std::uint64_t low = fnv1a(seed, 14695981039346656037ULL);
    const auto high = static_cast<std::uint16_t>(fnv1a(seed, low ^ 0x9e3779b97f4a7c15ULL));
    return encode(unix_ms, {high, low});
}

bool is_ulid(std::string_view text) {
    if (text.size() != 26 || text[0] > '7') return false;
    return text.find_first_not_of(kCrockford) == std::string_view::npos;
}

}  // namespace preau::base
