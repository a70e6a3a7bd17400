#pragma once
// A way by which a message reaches a person. E-mail is the first; text messages and letters would
// stand beside it.

#include <expected>
#include <string>

#include "services/notification/channel/email/mime.hpp"

namespace preau::notification {

struct NotDelivered {
    bool for_good = false;  // trying again is pointless
    std::string reason;     // a short code, no address
};

class Channel {
public:
    virtual ~Channel() = default;
    /// `n` is the message's number, `day` its local date ("2026-11-22"). Gives the file that it
    /// became, below the folder of mail, or nothing where it went to a server. May be called again
    /// for the same message: a file is replaced, a server gets the same Message-ID.
    virtual std::expected<std::string, NotDelivered> deliver(const email::Mail& mail,
                                                             std::int64_t n,
                                                             const std::string& day) = 0;
};

}  // namespace preau::notification
