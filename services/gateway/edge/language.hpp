#pragma once
// Which language a page is written in: the visitor's choice (cookie), else the browser's
// preference, else French.

#include <string_view>

#include "shared/words/catalogue.hpp"

namespace preau::gateway {

using words::Language;

/// `cookie` is the value of the language cookie or empty.
Language choose_language(std::string_view cookie, std::string_view accept_language);

}  // namespace preau::gateway
