#pragma once
// Which language a page is written in: the visitor's choice (cookie), else the browser's
// preference, else French.

#include <string_view>

namespace preau::gateway {

enum class Language { fr, en };

std::string_view to_string(Language language);

/// `cookie` is the value of the language cookie or empty.
Language choose_language(std::string_view cookie, std::string_view accept_language);

}  // namespace preau::gateway
