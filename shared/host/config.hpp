#pragma once
// Configuration: one TOML file for all services (config/demo.toml, config/production.toml), then
// the environment. Every limit stands in the file with its unit in its name.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace preau::host {

class Config {
public:
    /// The error's detail is a sentence for the operator.
    static base::Result<Config> load(const std::string& file);
    Config();
    Config(Config&&) noexcept;
    Config& operator=(Config&&) noexcept;
    ~Config();

    /// "section.key", first looked up under the service's own table ("booking.section.key").
    std::string text(std::string_view path, std::string_view otherwise = {}) const;
    std::int64_t integer(std::string_view path, std::int64_t otherwise) const;
    bool boolean(std::string_view path, bool otherwise) const;
    std::vector<std::string> list(std::string_view path) const;
    /// The names of the tables below `path`.
    std::vector<std::string> tables(std::string_view path) const;

    /// The variable, or the content of the file that <NAME>_FILE names, or `otherwise`.
    static std::string environment(const char* name, std::string_view otherwise = {});

    bool demonstration() const;  // [instance] demonstration = true
    bool production() const;     // [instance] production = true: time cannot be moved

    /// From now on this service's own table goes before the common one.
    void prefer(std::string service);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace preau::host
