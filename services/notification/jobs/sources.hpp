#pragma once
// What is asked from others when messages are sent, never before, and never kept for longer.

#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "services/notification/channel/email/letter.hpp"
#include "shared/base/result.hpp"
#include "shared/host/peers.hpp"

namespace preau::notification {

/// An error means: try again later. Nothing (or null) means: it is not there.
class Sources {
public:
    virtual ~Sources() = default;
    virtual base::Result<nlohmann::json> booking(const std::string& id) = 0;
    virtual base::Result<std::optional<email::Person>> person(const std::string& id) = 0;
    /// Empty where it is unknown.
    virtual base::Result<std::string> organisation_name(const std::string& id) = 0;
    /// How to reach the public body, in one line; empty where it says nothing.
    virtual base::Result<std::string> contact(const std::string& body_id) = 0;
};

/// The real ones: booking and accounts, with this service's own token.
class PeerSources final : public Sources {
public:
    explicit PeerSources(const host::Peers& peers) : peers_(peers) {}
    base::Result<nlohmann::json> booking(const std::string& id) override;
    base::Result<std::optional<email::Person>> person(const std::string& id) override;
    base::Result<std::string> organisation_name(const std::string& id) override;
    base::Result<std::string> contact(const std::string& body_id) override;

private:
    base::Result<nlohmann::json> get(const char* service, const std::string& target) const;

    const host::Peers& peers_;
};

/// Asks once for each name during one batch of messages; a manager of many requests is one person.
/// Bookings are asked for each time: they may change between two messages.
class BatchSources final : public Sources {
public:
    explicit BatchSources(Sources& sources) : sources_(sources) {}
    base::Result<nlohmann::json> booking(const std::string& id) override;
    base::Result<std::optional<email::Person>> person(const std::string& id) override;
    base::Result<std::string> organisation_name(const std::string& id) override;
    base::Result<std::string> contact(const std::string& body_id) override;

private:
    Sources& sources_;
    std::map<std::string, std::optional<email::Person>> people_;
    std::map<std::string, std::string> organisations_;
    std::map<std::string, std::string> contacts_;
};

}  // namespace preau::notification
