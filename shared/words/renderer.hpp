#pragma once
// Mustache templates of frontend/templates, parsed once at start with their partials written into
// them. The view model is JSON by the conventions of frontend/README.md; `t` in a template is the
// catalogue of the page's language.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/result.hpp"
#include "shared/words/catalogue.hpp"

namespace preau::words {

class Renderer {
public:
    Renderer();
    ~Renderer();
    Renderer(Renderer&&) noexcept;
    Renderer& operator=(Renderer&&) noexcept;

    /// Reads every *.mustache of `folder`; the ones whose name begins with "_" are partials. Fails
    /// on a template that does not parse or names an unknown partial.
    static base::Result<Renderer> load(const std::filesystem::path& folder);
    /// Catalogues are turned into template data once; add both before rendering.
    void add_catalogue(const Catalogue& catalogue);

    bool has(std::string_view name) const;
    std::vector<std::string> names() const;

    /// The page; throws std::out_of_range for an unknown template (a programmer's error). Null,
    /// false and "" in the model are all absent. Safe from several threads.
    std::string render(std::string_view name, Language language, const nlohmann::json& model) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace preau::words
