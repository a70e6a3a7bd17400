#pragma once
// The encodings of e-mail: encoded words (RFC 2047), quoted-printable and base64 (RFC 2045), header
// folding (RFC 5322), dates. Text is UTF-8; what comes out is ASCII with CRLF line ends. Nothing
// that is passed in can begin a header line of its own: control characters become spaces first.

#include <string>
#include <string_view>

#include "shared/base/clock.hpp"

namespace preau::notification::email {

/// UTF-8 as it should be: control characters (line breaks, NUL, DEL) to spaces, runs of spaces to
/// one, bytes that are no UTF-8 to U+FFFD. For anything that goes into a header.
std::string one_line(std::string_view text);

/// "Name: value" folded at 76 columns, ended by CRLF. The value is encoded where it is not plain
/// ASCII, in words that never part a character.
std::string text_header(std::string_view name, std::string_view value);

/// A header whose value is a list of tokens that must stay as they are (addresses, ids, types):
/// folded at spaces only. The value must be ASCII; other bytes are dropped.
std::string token_header(std::string_view name, std::string_view value);

/// The display name of an address: an atom sequence, a quoted string, or encoded words.
std::string phrase(std::string_view name);

/// "Léa Morel <lea@example.org>" as `phrase <address>`; the address alone without a name.
std::string mailbox(std::string_view name, std::string_view address);

/// Lines of at most 76 letters; "\n" and "\r\n" become CRLF.
std::string quoted_printable(std::string_view text);
std::string base64_lines(std::string_view data);
std::string base64(std::string_view data);

/// "Sun, 22 Nov 2026 09:30:00 +0100": RFC 5322, in Paris, in English whatever the locale.
std::string date_text(base::Instant at);

}  // namespace preau::notification::email
