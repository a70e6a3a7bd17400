#include "services/notification/channel/email/folder_channel.hpp"

#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/observe/log.hpp"
#include "shared/time/civil.hpp"

namespace preau::notification::email {

namespace fs = std::filesystem;

namespace {

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(fd) == 0;
}

/// Written beside, then renamed: a reader sees the old file or the whole new one.
bool write_file(const fs::path& file, std::string_view bytes) {
    const auto beside = file.string() + ".new";
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    const bool written = write_all(fd, bytes);
    ::close(fd);
    std::error_code error;
    if (written) fs::rename(beside, file, error);
    if (!written || error) {
        std::error_code ignored;
        fs::remove(beside, ignored);
        return false;
    }
    return true;
}

bool make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
    return !error;
}

}  // namespace

std::expected<std::string, NotDelivered> FolderChannel::deliver(const Mail& mail, std::int64_t n,
                                                                const std::string& day) {
    const std::string file = day + "/" + std::to_string(n) + "-" + mail.id + ".eml";
    if (make_folder(folder_) && make_folder(folder_ / day) &&
        write_file(folder_ / file, compose(mail))) {
        return file;
    }
    observe::log(observe::Level::warn, "mail_file.failed", {{"message_id", mail.id}});
    return std::unexpected(NotDelivered{false, "file_not_written"});
}

std::optional<std::string> read_eml(const fs::path& folder, const std::string& file) {
    // Names come from our own rows; one that climbs out is not followed all the same.
    if (file.empty() || file.front() == '/' || file.find("..") != std::string::npos) {
        return std::nullopt;
    }
    std::ifstream in(folder / file, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

int remove_days_before(const fs::path& folder, const std::string& day) {
    int removed = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto name = entry.path().filename().string();
        if (!time::Date::parse(name) || name >= day) continue;
        std::error_code failed;
        fs::remove_all(entry.path(), failed);
        if (!failed) ++removed;
    }
    return removed;
}

}  // namespace preau::notification::email
