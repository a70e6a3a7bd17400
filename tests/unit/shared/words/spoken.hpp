#pragma once
// The real sentences, for tests of what is said to people.

#include <filesystem>
#include <string>

#include "shared/words/catalogue.hpp"

namespace preau::words::test {

inline std::filesystem::path frontend() {
    return std::filesystem::path(PREAU_SOURCE_DIR) / "frontend";
}

inline const Catalogue& words(Language language = Language::fr) {
    static const auto french = Catalogue::load(Language::fr, frontend() / "messages" / "fr.json");
    static const auto english = Catalogue::load(Language::en, frontend() / "messages" / "en.json");
    return language == Language::en ? english.value() : french.value();
}

/// Text with every kind of space made plain, to compare sentences.
inline std::string plain(std::string text) {
    for (const std::string space : {"\u00A0", "\u202F"}) {
        for (std::size_t at = 0; (at = text.find(space, at)) != std::string::npos;) {
            text.replace(at, space.size(), " ");
        }
    }
    return text;
}

}  // namespace preau::words::test
