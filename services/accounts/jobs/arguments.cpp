#include "services/accounts/jobs/arguments.hpp"

#include <algorithm>

namespace preau::accounts {

base::Result<std::map<std::string, std::string>> named_arguments(
    const std::vector<std::string>& arguments, const std::vector<std::string>& known) {
    std::map<std::string, std::string> values;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const std::string& word = arguments[i];
        const std::string name = word.starts_with("--") ? word.substr(2) : std::string();
        if (std::ranges::find(known, name) == known.end()) {
            return base::fail("bad_request", "unknown option " + word);
        }
        if (i + 1 == arguments.size()) return base::fail("bad_request", word + " needs a value");
        if (!values.emplace(name, arguments[i + 1]).second) {
            return base::fail("bad_request", word + " is given twice");
        }
    }
    return values;
}

}  // namespace preau::accounts
