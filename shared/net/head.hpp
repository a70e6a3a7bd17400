#pragma once
// The head of a request: where it ends in a stream of bytes, and whether it is one that we answer.
// Stricter than RFC 9112 allows a server to be, because every leniency is a way to make two
// programs in a row disagree on where a request ends. Pure functions of bytes: no socket, no Beast.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/result.hpp"

namespace preau::net {

struct HeadLimits {
    std::size_t head_bytes_max = 8 * 1024;
    std::size_t target_bytes_max = 2 * 1024;
    std::size_t fields_max = 64;
    /// Names (without port) or names with port that `Host` may hold; empty: any well-formed one.
    std::vector<std::string> hosts_allowed;
};

/// What the bytes read so far hold.
struct HeadScan {
    /// Length of the head with its final empty line, when it is complete.
    std::optional<std::size_t> length;
    /// Where to go on when more bytes have come.
    std::size_t resume_at = 0;
    /// A fault that no further byte can mend: bare LF, a target or a head that is too long.
    std::optional<base::Error> error;
};

HeadScan scan_head(std::string_view bytes, std::size_t resume_at, const HeadLimits& limits);

using FieldView = std::pair<std::string_view, std::string_view>;

/// Views into the bytes that were checked.
struct Head {
    std::string_view method;  // a token, perhaps none that we know
    std::string_view target;  // origin form: begins with "/"
    std::string_view host;
    int version_minor = 1;
    std::vector<FieldView> fields;  // names as received, values trimmed
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = true;
    bool expect_continue = false;

    bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

/// Checks one complete head (as scan_head found it). Errors, all of which end the connection:
/// bad_request, bad_host, uri_too_long, headers_too_large, not_implemented (transfer coding),
/// version_not_supported.
base::Result<Head> check_head(std::string_view head, const HeadLimits& limits);

/// Whether `text` is a host name, IPv4 address or [IPv6 address], with a port or without.
bool valid_host(std::string_view text);

bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace preau::net
