#include "services/notification/channel/email/smtp_channel.hpp"

#include "shared/observe/log.hpp"

namespace preau::notification::email {

std::expected<std::string, NotDelivered> SmtpChannel::deliver(const Mail& mail, std::int64_t,
                                                              const std::string&) {
    const auto done = net::send_mail(options_, mail.from.address, mail.to.address, compose(mail));
    if (done) return std::string();
    const auto& error = done.error();
    observe::log(observe::Level::warn, "smtp.failed",
                 {{"message_id", mail.id}, {"status", error.status}, {"what", error.detail}});
    return std::unexpected(NotDelivered{error.address_refused,
                                        error.address_refused ? "address_refused" : "smtp_failed"});
}

}  // namespace preau::notification::email
