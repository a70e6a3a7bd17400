#pragma once
// A body in chunks, read by Beast's parser within our bounds. Private to shared/net.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace preau::net {

class ChunkedBody {
public:
    /// `head` is a complete head that check_head accepted.
    ChunkedBody(std::string_view head, std::size_t body_bytes_max, std::size_t extension_bytes_max);
    ~ChunkedBody();

    /// How many of `bytes` were taken; the rest is to be given again with more behind it, or
    /// belongs to the next request when done(). Errors: bad_request, payload_too_large.
    base::Result<std::size_t> feed(std::string_view bytes);
    bool done() const;
    std::string take();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace preau::net
