#include "shared/host/config.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <toml++/toml.h>

namespace preau::host {

struct Config::State {
    toml::table root;
    std::string service;  // whose own table is looked up first

    toml::node_view<const toml::node> find(std::string_view path) const {
        if (!service.empty()) {
            const auto own =
                toml::node_view<const toml::node>(root).at_path(service + "." + std::string(path));
            if (own) return own;
        }
        return toml::node_view<const toml::node>(root).at_path(path);
    }
};

Config::Config() : state_(std::make_shared<State>()) {}
Config::Config(Config&&) noexcept = default;
Config& Config::operator=(Config&&) noexcept = default;
Config::~Config() = default;

base::Result<Config> Config::load(const std::string& file) {
    Config config;
    try {
        config.state_->root = toml::parse_file(file);
    } catch (const toml::parse_error& error) {
        std::ostringstream where;
        where << file << ": " << error.description() << " (" << error.source().begin << ")";
        return base::fail("invalid", where.str());
    }
    return config;
}

void Config::prefer(std::string service) {
    state_->service = std::move(service);
}

std::string Config::text(std::string_view path, std::string_view otherwise) const {
    return state_->find(path).value<std::string>().value_or(std::string(otherwise));
}

std::int64_t Config::integer(std::string_view path, std::int64_t otherwise) const {
    return state_->find(path).value<std::int64_t>().value_or(otherwise);
}

bool Config::boolean(std::string_view path, bool otherwise) const {
    return state_->find(path).value<bool>().value_or(otherwise);
}

std::vector<std::string> Config::list(std::string_view path) const {
    std::vector<std::string> values;
    if (const auto* array = state_->find(path).as_array()) {
        for (const auto& element : *array) {
            if (auto value = element.value<std::string>()) values.push_back(std::move(*value));
        }
    }
    return values;
}

std::vector<std::string> Config::tables(std::string_view path) const {
    std::vector<std::string> names;
    if (const auto* table = state_->find(path).as_table()) {
        for (const auto& [key, node] : *table) {
            if (node.is_table()) names.emplace_back(key.str());
        }
    }
    return names;
}

std::string Config::environment(const char* name, std::string_view otherwise) {
    if (const char* value = std::getenv(name); value != nullptr) return value;
    const std::string file_variable = std::string(name) + "_FILE";
    const char* file = std::getenv(file_variable.c_str());
    if (file == nullptr) return std::string(otherwise);
    std::ifstream in(file);
    std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    while (content.ends_with('\n') || content.ends_with('\r'))
        content.pop_back();
    return content;
}

bool Config::demonstration() const {
    return boolean("instance.demonstration", false);
}

bool Config::production() const {
    return boolean("instance.production", false);
}

}  // namespace preau::host
