#pragma once
// Hands one message to a mail server over libcurl. Blocking, for worker threads; each thread keeps
// its connection alive.
//
// Transport security follows the URL: smtps:// is TLS from the first byte; smtp:// upgrades
// (STARTTLS) where the server offers it, and must when the URL has a password, except towards this
// machine. Certificates are always verified.

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

namespace preau::net {

struct SmtpOptions {
    std::string url;  // smtp[s]://[user:password@]host[:port][/our-name]
    std::chrono::milliseconds connect_timeout{5'000};
    /// Of the whole exchange. A server that takes the message but answers later than this gets it
    /// again with the same Message-ID.
    std::chrono::milliseconds total_timeout{30'000};
};

struct SmtpError {
    /// The server said that this address takes no mail: trying again is pointless.
    bool address_refused = false;
    int status = 0;      // the server's last answer, 0 when it gave none
    std::string detail;  // of libcurl, without addresses
};

/// Whether `address` can stand in MAIL FROM and RCPT TO: local@domain of printable ASCII without
/// spaces, quotes and angle brackets, at most 254 bytes. Anything else could end the command line
/// and begin another.
bool is_envelope_address(std::string_view address);

/// Whether the URL is one that send_mail understands.
bool is_smtp_url(std::string_view url);

/// `message` is complete: header, empty line, body, lines ended by CRLF. Dots are doubled here.
std::expected<void, SmtpError> send_mail(const SmtpOptions& options, std::string_view from,
                                         std::string_view to, std::string_view message);

}  // namespace preau::net
