#include "shared/net/chunked_body.hpp"

#include <functional>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace preau::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

// A chunk's head besides its extension: the line end before it, 16 hex digits, its own line end.
constexpr std::size_t kChunkHeadRestMax = 32;

// What Beast leaves untaken is the beginning of a chunk's head or of trailers, where a bare LF is
// never right; Beast itself would wait for more until the deadline.
bool has_bare_line_feed(std::string_view text) {
    for (std::size_t at = text.find('\n'); at < text.size(); at = text.find('\n', at + 1)) {
        if (at == 0 || text[at - 1] != '\r') return true;
    }
    return false;
}

}  // namespace

struct ChunkedBody::State {
    http::request_parser<http::string_body> parser;
    std::size_t extension_bytes_max;
    // Beast keeps a reference to the callback, so it has to live here.
    std::function<void(std::uint64_t, boost::beast::string_view, boost::beast::error_code&)>
        on_chunk;
};

ChunkedBody::ChunkedBody(std::string_view head, std::size_t body_bytes_max,
                         std::size_t extension_bytes_max)
    : state_(std::make_unique<State>()) {
    auto& parser = state_->parser;
    state_->extension_bytes_max = extension_bytes_max;
    state_->on_chunk = [extension_bytes_max](std::uint64_t, boost::beast::string_view extension,
                                             boost::beast::error_code& error) {
        if (extension.size() > extension_bytes_max) error = http::error::bad_chunk_extension;
    };
    parser.on_chunk_header(state_->on_chunk);
    parser.eager(true);
    parser.header_limit(static_cast<std::uint32_t>(head.size() + extension_bytes_max + 1'024));
    parser.body_limit(body_bytes_max);
    boost::beast::error_code error;
    // A fault here would be met again by feed(), whose caller can answer it.
    parser.put(asio::buffer(head.data(), head.size()), error);
}

ChunkedBody::~ChunkedBody() = default;

base::Result<std::size_t> ChunkedBody::feed(std::string_view bytes) {
    if (!state_->parser.is_header_done()) return base::fail("bad_request", "unreadable head");
    std::size_t taken = 0;
    while (!done() && taken < bytes.size()) {
        boost::beast::error_code error;
        const std::string_view rest = bytes.substr(taken);
        const std::size_t n = state_->parser.put(asio::buffer(rest.data(), rest.size()), error);
        taken += n;
        if (error == http::error::body_limit) return base::fail("payload_too_large");
        if (error && error != http::error::need_more) {
            return base::fail("bad_request", "malformed chunked body");
        }
        if (error == http::error::need_more || n == 0) break;
    }
    const std::string_view left = done() ? std::string_view{} : bytes.substr(taken);
    if (left.size() > state_->extension_bytes_max + kChunkHeadRestMax || has_bare_line_feed(left)) {
        return base::fail("bad_request", "malformed chunk head");
    }
    return taken;
}

bool ChunkedBody::done() const {
    return state_->parser.is_done();
}

std::string ChunkedBody::take() {
    return std::move(state_->parser.get().body());
}

}  // namespace preau::net
