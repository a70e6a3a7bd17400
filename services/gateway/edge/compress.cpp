#include "services/gateway/edge/compress.hpp"

#include <stdexcept>

#include <zlib.h>

namespace preau::gateway {

std::string gzip(std::string_view data, int level) {
    constexpr int kGzipWindow = 15 + 16;  // zlib's way to ask for the gzip wrapper
    constexpr int kMemoryLevel = 8;
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        throw std::runtime_error("deflateInit2");
    }
    std::string out(deflateBound(&stream, static_cast<uLong>(data.size())), '\0');
    // zlib's interface is older than const and than char/unsigned char distinctions.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&stream, Z_FINISH);
    const auto size = stream.total_out;
    deflateEnd(&stream);
    if (result != Z_STREAM_END) throw std::runtime_error("deflate");
    out.resize(size);
    return out;
}

bool accepts_gzip(std::string_view accept_encoding) {
    const auto at = accept_encoding.find("gzip");
    if (at == std::string_view::npos) return false;
    auto rest = accept_encoding.substr(at + 4);
    rest = rest.substr(0, rest.find(','));
    const auto quality = rest.find("q=");
    if (quality == std::string_view::npos) return true;
    return rest.substr(quality + 2).find_first_of("123456789") != std::string_view::npos;
}

}  // namespace preau::gateway
