#include "services/notification/domain/retry.hpp"

#include <array>

namespace preau::notification {

std::optional<std::int64_t> pause_after(std::int64_t attempt) {
    constexpr std::array<std::int64_t, 12> kPauses_s{5,         15,         30,         60,
                                                     5 * 60,    15 * 60,    3'600,      3 * 3'600,
                                                     6 * 3'600, 12 * 3'600, 24 * 3'600, 24 * 3'600};
    if (attempt < 1 || attempt > static_cast<std::int64_t>(kPauses_s.size())) return std::nullopt;
    return kPauses_s[static_cast<std::size_t>(attempt - 1)];
}

}  // namespace preau::notification
