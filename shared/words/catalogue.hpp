#pragma once
// The sentences of one language, from frontend/messages/<language>.json: nested objects whose
// leaves are strings with {placeholders}. Counts choose between <key>.one and <key>.other (and
// <key>.zero where it exists) by the language's own rule: zero is singular in French, plural in
// English.

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/result.hpp"

namespace preau::words {

enum class Language { fr, en };
std::string_view to_string(Language language);
/// French for whatever is not known.
Language language_from(std::string_view text);

using Fill = std::pair<std::string_view, std::string>;

class Catalogue {
public:
    Catalogue(Language language, nlohmann::json messages);
    static base::Result<Catalogue> load(Language language, const std::filesystem::path& file);

    Language language() const { return language_; }
    bool has(std::string_view key) const;
    /// The sentence of a dotted key; the key itself in brackets when it is missing, so that a gap
    /// is seen and never empty.
    std::string text(std::string_view key) const;
    /// text() with every {name} replaced.
    std::string fill(std::string_view key, const std::vector<Fill>& values) const;
    /// The form of `key` for `n`, with {count} replaced by the number.
    std::string count(std::string_view key, std::int64_t n,
                      const std::vector<Fill>& values = {}) const;
    /// `key` when it exists, else `otherwise`.
    std::string text_or(std::string_view key, std::string_view otherwise) const;

    /// All messages as they stand in the file.
    const nlohmann::json& messages() const { return messages_; }

private:
    /// The sentence of a dotted key; null when it is missing.
    const std::string* find(std::string_view key) const;

    Language language_;
    nlohmann::json messages_;
};

/// `pattern` with every {name} of `values` replaced.
std::string fill_pattern(std::string_view pattern, const std::vector<Fill>& values);

}  // namespace preau::words
