// The only translation unit that includes the Mustache library: it is header-heavy.
#include "shared/words/renderer.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <kainjow/mustache.hpp>
#pragma GCC diagnostic pop

#include "shared/text/html.hpp"

namespace preau::words {

namespace {

namespace mustache = kainjow::mustache;

using Sources = std::map<std::string, std::string, std::less<>>;

mustache::data to_data(const nlohmann::json& value) {
    using nlohmann::json;
    switch (value.type()) {
        case json::value_t::object: {
            mustache::data object(mustache::data::type::object);
            for (const auto& [name, child] : value.items())
                object[name] = to_data(child);
            return object;
        }
        case json::value_t::array: {
            mustache::list list;
            list.reserve(value.size());
            for (const auto& child : value)
                list.push_back(to_data(child));
            return mustache::data(list);
        }
        case json::value_t::string: {
            const auto& text = value.get_ref<const std::string&>();
            // The library takes an empty string for true in sections.
            return text.empty() ? mustache::data(false) : mustache::data(text);
        }
        case json::value_t::boolean:
            return mustache::data(value.get<bool>());
        case json::value_t::null:
            return mustache::data(false);
        default:
            return mustache::data(value.dump());
    }
}

/// `source` with every {{> partial}} replaced by its text: the library would parse it at each use.
base::Result<std::string> inlined(const Sources& sources, std::string_view source, int depth) {
    constexpr int kDepthMax = 8;
    if (depth > kDepthMax) return base::fail("internal", "partials include one another");
    std::string out;
    for (;;) {
        const auto open = source.find("{{>");
        if (open == std::string_view::npos) break;
        const auto close = source.find("}}", open);
        if (close == std::string_view::npos) return base::fail("internal", "unclosed partial");
        auto name = source.substr(open + 3, close - open - 3);
        while (!name.empty() && name.front() == ' ')
            name.remove_prefix(1);
        while (!name.empty() && name.back() == ' ')
            name.remove_suffix(1);
        auto partial = sources.find(name);
        if (partial == sources.end()) partial = sources.find("_" + std::string(name));
        if (partial == sources.end()) {
            return base::fail("internal", "unknown partial " + std::string(name));
        }
        auto text = inlined(sources, partial->second, depth + 1);
        if (!text) return text;
        while (!text->empty() && text->back() == '\n')
            text->pop_back();
        out += source.substr(0, open);
        out += *text;
        source.remove_prefix(close + 2);
    }
    out += source;
    return out;
}

base::Result<Sources> read_sources(const std::filesystem::path& folder) {
    Sources sources;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() != ".mustache") continue;
        std::ifstream in(entry.path(), std::ios::binary);
        if (!in) return base::fail("internal", "cannot read " + entry.path().string());
        sources[entry.path().stem().string()] = std::string(std::istreambuf_iterator<char>(in), {});
    }
    if (error || sources.empty()) {
        return base::fail("internal", "no templates in " + folder.string());
    }
    return sources;
}

/// Stands for a space inside a run of text. The library keeps every single space and line end of a
/// template as a component of its own (170 bytes), to find lines that hold nothing but tags; a
/// space beside visible text decides nothing there. Put back after rendering.
constexpr char kSpaceInText = '\x1f';

/// `text` between two tags or line ends: its spaces are part of it when it holds anything visible.
void bind_spaces(std::string& out, std::string_view text) {
    const bool visible = text.find_first_not_of(" \t\r") != std::string_view::npos;
    const auto at = static_cast<std::ptrdiff_t>(out.size());
    out += text;
    if (visible) std::replace(out.begin() + at, out.end(), ' ', kSpaceInText);
}

std::string with_bound_spaces(std::string_view source) {
    std::string out;
    out.reserve(source.size());
    while (!source.empty()) {
        if (source.starts_with("{{")) {
            const auto end = std::min(source.find("}}"), source.size());
            const auto length = std::min(source.find_first_not_of('}', end), source.size());
            out += source.substr(0, length);
            source.remove_prefix(length);
        } else if (source.front() == '\n') {
            out += '\n';
            source.remove_prefix(1);
        } else {
            const auto end = std::min({source.find("{{"), source.find('\n'), source.size()});
            bind_spaces(out, source.substr(0, end));
            source.remove_prefix(end);
        }
    }
    return out;
}

}  // namespace

struct Renderer::State {
    // The library's render() is not const, but without lambdas and partials it writes nothing.
    std::map<std::string, std::unique_ptr<mustache::mustache>, std::less<>> templates;
    std::map<Language, mustache::data> catalogues;
};

Renderer::Renderer() : state_(std::make_unique<State>()) {}
Renderer::~Renderer() = default;
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;

base::Result<Renderer> Renderer::load(const std::filesystem::path& folder) {
    const auto sources = read_sources(folder);
    if (!sources) return std::unexpected(sources.error());
    Renderer renderer;
    for (const auto& [name, source] : *sources) {
        if (name.starts_with('_')) continue;
        auto text = inlined(*sources, source, 0);
        if (!text) return base::fail("internal", name + ": " + text.error().detail);
        auto parsed = std::make_unique<mustache::mustache>(with_bound_spaces(*text));
        if (!parsed->is_valid()) {
            return base::fail("internal", name + ": " + parsed->error_message());
        }
        parsed->set_custom_escape([](const std::string& text) { return text::escape_html(text); });
        renderer.state_->templates[name] = std::move(parsed);
    }
    return renderer;
}

void Renderer::add_catalogue(const Catalogue& catalogue) {
    mustache::data outermost(mustache::data::type::object);
    outermost["t"] = to_data(catalogue.messages());
    state_->catalogues.insert_or_assign(catalogue.language(), std::move(outermost));
}

bool Renderer::has(std::string_view name) const {
    return state_->templates.contains(name);
}

std::vector<std::string> Renderer::names() const {
    std::vector<std::string> names;
    for (const auto& [name, parsed] : state_->templates)
        names.push_back(name);
    return names;
}

std::string Renderer::render(std::string_view name, Language language,
                             const nlohmann::json& model) const {
    const auto found = state_->templates.find(name);
    if (found == state_->templates.end()) {
        throw std::out_of_range("no template " + std::string(name));
    }
    const auto data = to_data(model);
    mustache::context<std::string> context;
    const auto words = state_->catalogues.find(language);
    if (words != state_->catalogues.end()) context.push(&words->second);
    context.push(&data);
    std::ostringstream out;
    found->second->render(context, out);
    std::string page = std::move(out).str();
    std::ranges::replace(page, kSpaceInText, ' ');
    return page;
}

}  // namespace preau::words
