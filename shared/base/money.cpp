#include "shared/base/money.hpp"

#include <cassert>

namespace preau::base {

Cents scaled(Cents amount, std::int64_t numerator, std::int64_t denominator) {
    assert(denominator > 0);
    __extension__ using Wide = __int128;
    const Wide product = static_cast<Wide>(amount.value) * numerator;
    const Wide magnitude = product < 0 ? -product : product;
    const Wide rounded = (magnitude * 2 + denominator) / (static_cast<Wide>(denominator) * 2);
    return {static_cast<std::int64_t>(product < 0 ? -rounded : rounded)};
}

}  // namespace preau::base
