#pragma once
// The house rules that a hirer accepts with each request: version, text and the hash of the text.

#include <string>

#include "shared/base/id.hpp"

namespace preau::booking {

struct Terms {
    std::string version;  // "2026-1"
    std::string hash;     // SHA-256 of the text, hex
    std::string title;
    std::string text;  // French, Markdown
};

}  // namespace preau::booking
