#include "shared/words/catalogue.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <utility>

namespace preau::words {

std::string_view to_string(Language language) {
    return language == Language::en ? "en" : "fr";
}

Language language_from(std::string_view text) {
    return text == "en" ? Language::en : Language::fr;
}

Catalogue::Catalogue(Language language, nlohmann::json messages)
    : language_(language), messages_(std::move(messages)) {}

base::Result<Catalogue> Catalogue::load(Language language, const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return base::fail("internal", "cannot read " + file.string());
    auto messages = nlohmann::json::parse(in, nullptr, false);
    if (!messages.is_object()) return base::fail("internal", file.string() + " is not JSON");
    return Catalogue(language, std::move(messages));
}

const std::string* Catalogue::find(std::string_view key) const {
    const nlohmann::json* node = &messages_;
    while (!key.empty()) {
        const auto name = key.substr(0, key.find('.'));
        key.remove_prefix(std::min(key.size(), name.size() + 1));
        if (node->is_array()) {
            std::size_t at = 0;
            const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), at);
            if (fault != std::errc{} || end != name.data() + name.size() || at >= node->size()) {
                return nullptr;
            }
            node = &(*node)[at];
            continue;
        }
        const auto child = node->find(name);
        if (child == node->end()) return nullptr;
        node = &*child;
    }
    return node->get_ptr<const std::string*>();
}

bool Catalogue::has(std::string_view key) const {
    return find(key) != nullptr;
}

std::string Catalogue::text(std::string_view key) const {
    const auto* const found = find(key);
    return found == nullptr ? "[" + std::string(key) + "]" : *found;
}

std::string Catalogue::text_or(std::string_view key, std::string_view otherwise) const {
    const auto* const found = find(key);
    return found == nullptr ? std::string(otherwise) : *found;
}

std::string Catalogue::fill(std::string_view key, const std::vector<Fill>& values) const {
    return fill_pattern(text(key), values);
}

std::string Catalogue::count(std::string_view key, std::int64_t n,
                             const std::vector<Fill>& values) const {
    const std::string stem(key);
    const bool singular = language_ == Language::fr ? (n > -2 && n < 2) : n == 1;
    auto form = stem + (singular ? ".one" : ".other");
    if (n == 0 && has(stem + ".zero")) form = stem + ".zero";
    auto all = values;
    all.emplace_back("count", std::to_string(n));
    return fill_pattern(text(form), all);
}

std::string fill_pattern(std::string_view pattern, const std::vector<Fill>& values) {
    std::string out;
    out.reserve(pattern.size() + 32);
    while (!pattern.empty()) {
        const auto open = std::min(pattern.find('{'), pattern.size());
        out += pattern.substr(0, open);
        pattern.remove_prefix(open);
        if (pattern.empty()) break;
        const auto close = pattern.find('}');
        if (close == std::string_view::npos) {
            out += pattern;
            break;
        }
        const auto name = pattern.substr(1, close - 1);
        bool known = false;
        for (const auto& [wanted, value] : values) {
            if (wanted != name) continue;
            out += value;
            known = true;
            break;
        }
        if (!known) out += pattern.substr(0, close + 1);
        pattern.remove_prefix(close + 1);
    }
    return out;
}

}  // namespace preau::words
