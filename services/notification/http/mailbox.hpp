#pragma once
// The mailbox of a demonstration, for the gateway's pages (api/openapi/notification.yaml).

#include <filesystem>
#include <functional>

#include "services/notification/domain/message.hpp"
#include "shared/net/router.hpp"
#include "shared/security/identity.hpp"

namespace preau::notification {

struct Mailbox {
    Messages& messages;
    std::filesystem::path folder;  // of the .eml files
    bool demonstration = false;
    std::function<base::Result<security::Identity>(const net::Request&)> identify;
};

void add_routes(net::Router& router, const Mailbox& mailbox);

}  // namespace preau::notification
