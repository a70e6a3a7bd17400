#include "services/accounts/jobs/private_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <unistd.h>

namespace preau::accounts {
namespace {

bool write_all(int file, std::string_view content) {
    while (!content.empty()) {
        const ssize_t n = ::write(file, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

}  // namespace

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

base::Result<void> write_private_file(const std::string& path, std::string_view content) {
    const std::string fresh = path + ".new";
    ::unlink(fresh.c_str());  // left over by a start that was interrupted
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return base::fail("internal", std::strerror(errno));
    const bool written = write_all(file, content) && ::fsync(file) == 0;
    const int reason = errno;
    ::close(file);
    if (!written) return base::fail("internal", std::strerror(reason));
    if (std::rename(fresh.c_str(), path.c_str()) != 0) {
        return base::fail("internal", std::strerror(errno));
    }
    return {};
}

}  // namespace preau::accounts
