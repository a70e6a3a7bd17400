#pragma once
// The form encoding of Stripe's API: nested members are written with brackets,
// line_items[0][price_data][unit_amount]=4500.

#include <cstdint>
#include <string>
#include <string_view>

namespace preau::payment::stripe {

class Form {
public:
    /// `name` with its brackets, as Stripe documents it.
    Form& add(std::string_view name, std::string_view value);
    Form& add(std::string_view name, std::int64_t value);
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

/// application/x-www-form-urlencoded; brackets stay as they are, which Stripe accepts.
std::string encoded(std::string_view text);

}  // namespace preau::payment::stripe
