#pragma once
// A text that may be absent, as SOCI binds it: an empty one is NULL, so that unique keys bind only
// those who have one.

#include <string>

#include <soci/soci.h>

namespace preau::accounts {

class Nullable {
public:
    explicit Nullable(const std::string& text)
        : text_(text), indicator_(text.empty() ? soci::i_null : soci::i_ok) {}
    // SOCI's containers keep a reference to this name: a default argument would be gone by then.
    auto use() { return soci::use(text_, indicator_, no_name_); }

private:
    const std::string no_name_;
    const std::string text_;
    soci::indicator indicator_;
};

}  // namespace preau::accounts
