#pragma once
// E-mail to a server.

#include "services/notification/channel/channel.hpp"
#include "shared/net/smtp.hpp"

namespace preau::notification::email {

class SmtpChannel final : public Channel {
public:
    explicit SmtpChannel(net::SmtpOptions options) : options_(std::move(options)) {}
    std::expected<std::string, NotDelivered> deliver(const Mail& mail, std::int64_t n,
                                                     const std::string& day) override;

private:
    net::SmtpOptions options_;
};

}  // namespace preau::notification::email
