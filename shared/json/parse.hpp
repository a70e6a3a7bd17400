#pragma once
// Reading JSON that came from outside: bounded depth and size, no duplicate key, no NaN, valid
// UTF-8 (reliability rule 8). nlohmann::json crashes on copies of very deep values, so the limit is
// enforced while parsing.

#include <cstddef>
#include <string_view>

#include <nlohmann/json.hpp>

#include "shared/base/result.hpp"

namespace preau::json {

struct ParseLimits {
    std::size_t depth_max = 32;
    std::size_t nodes_max = 10'000;
};

/// The parsed value, or `bad_json` with the reason in `detail`.
base::Result<nlohmann::json> parse(std::string_view text, ParseLimits limits = {});

}  // namespace preau::json
