#pragma once
// One message to one person about one fact, and the store that keeps it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/notification/domain/kinds.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

namespace preau::notification {

/// The recipient of a fact that names nobody: whoever asked for the booking.
inline constexpr std::string_view whoever_asked = "requester";

struct Message {
    std::int64_t n = 0;  // in order of arrival
    std::string id;  // ULID; the Message-ID is made of it, so that it is the same at each attempt
    std::string recipient;  // person id, or whoever_asked
    Kind kind = Kind::submitted;
    std::string booking_id;
    std::string facts;  // the event's data as JSON
    base::Instant created_at;
    std::int64_t attempts = 0;  // with the present one
    std::string file;           // of a message that became a file, below the folder of mail
};

/// States: queued (waits for its first or next attempt), sending (claimed; waits again when the
/// claim ends), sent, failed (will not be tried again, with the reason).
class Messages {
public:
    virtual ~Messages() = default;

    /// Takes one message that is due, for `claim_s` seconds; nothing when none is due. However many
    /// ask, one of them gets it.
    virtual base::Result<std::optional<Message>> claim(std::int64_t claim_s) = 0;

    /// The claim's outcome. Without effect (false) when the claim has ended and another one began.
    virtual base::Result<bool> sent(const Message& message, const std::string& file) = 0;
    virtual base::Result<bool> retry(const Message& message, std::string_view reason,
                                     std::int64_t pause_s) = 0;
    virtual base::Result<bool> failed(const Message& message, std::string_view reason) = 0;

    /// Messages that became files, newest first, with n below `before` (0 = all).
    virtual base::Result<std::vector<Message>> filed(std::int64_t before, int limit) = 0;
    virtual base::Result<std::optional<Message>> find_filed(const std::string& id) = 0;

    /// How many wait (queued or claimed).
    virtual base::Result<std::int64_t> waiting() = 0;
    /// Deletes rows that are done since `before`, at most 500 a call; the number deleted.
    virtual base::Result<int> prune(base::Instant before) = 0;
};

}  // namespace preau::notification
