#pragma once
// "--name value" pairs behind a command's name.

#include <map>
#include <string>
#include <vector>

#include "shared/base/result.hpp"

namespace preau::accounts {

/// The pairs by name without dashes; `bad_request` with the offending word in `detail` for a name
/// that is not among `known`, for a repeated one and for one without value.
base::Result<std::map<std::string, std::string>> named_arguments(
    const std::vector<std::string>& arguments, const std::vector<std::string>& known);

}  // namespace preau::accounts
