#pragma once
// A whole message: headers, plain text with an HTML alternative, attachments. And the way back, for
// the demonstration's mailbox: reading what compose() wrote.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

namespace preau::notification::email {

struct Address {
    std::string name;
    std::string address;
};

/// "Préau <preau@example.org>" or "preau@example.org"; nothing when the address cannot stand in an
/// envelope.
std::optional<Address> address_from(std::string_view text);

struct Attachment {
    std::string name;  // ASCII letters, digits, ".", "-", "_"
    std::string type;  // "text/calendar; method=PUBLISH; charset=UTF-8"
    std::string content;
};

struct Mail {
    std::string id;      // the left side of the Message-ID
    std::string thread;  // the same for all messages about one booking
    base::Instant date;
    Address from;
    Address to;
    std::string subject;
    std::string language;  // "fr"
    std::string text;
    std::string html;
    std::vector<Attachment> attachments;
};

/// RFC 5322 with CRLF line ends, 7-bit. The same mail gives the same bytes.
std::string compose(const Mail& mail);

/// What compose() wrote, decoded. Not a general reader. Errors: `internal` when it is something
/// else. `thread` and `date` are not read back.
base::Result<Mail> parse(std::string_view message);

}  // namespace preau::notification::email
