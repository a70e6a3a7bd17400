#pragma once
// Sends what is due, one message at a time: claim, ask for names and facts, write, deliver, settle.
//
// Never lost: a claim that ends without an outcome (the process died) is taken again. At most once
// in all but one moment: when the process dies, or the database does not answer, after the mail
// server took the message and before that is stored, it is sent again with the same Message-ID.
// Files are replaced by themselves, so there is always one.

#include <chrono>

#include "services/notification/channel/channel.hpp"
#include "services/notification/domain/message.hpp"
#include "services/notification/jobs/sources.hpp"
#include "shared/observe/metrics.hpp"

namespace preau::notification {

class Dispatcher {
public:
    /// `claim_s` must be longer than the slowest attempt can be.
    Dispatcher(Messages& messages, Sources& sources, const email::Letters& letters,
               Channel& channel, observe::Registry& metrics, std::int64_t claim_s);

    /// Sends what is due, at most a batch; gives the pause until it is worth looking again.
    std::chrono::milliseconds step();

private:
    void attempt(const Message& message, Sources& sources);
    std::expected<std::string, NotDelivered> deliver(const Message& message, Sources& sources);
    void count(const char* outcome);

    Messages& messages_;
    Sources& sources_;
    const email::Letters& letters_;
    Channel& channel_;
    observe::Registry& metrics_;
    std::int64_t claim_s_;
};

}  // namespace preau::notification
