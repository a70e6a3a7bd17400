#include "shared/host/data_dir.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace preau::host {
namespace {

constexpr mode_t kOwnerOnly = 0600;

std::string key_file(const std::string& data_dir, const std::string& service) {
    return data_dir + "/keys/" + service + ".key";
}

std::string because(const std::string& what) {
    return what + ": " + std::strerror(errno);
}

OrComplaint<void> write_new_file(const std::string& path, const std::string& content) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
    if (file < 0) return std::unexpected(because("cannot create " + path));
    const auto written = write(file, content.data(), content.size());
    const bool ok = written == static_cast<ssize_t>(content.size()) && fsync(file) == 0;
    const std::string complaint = ok ? "" : because("cannot write " + path);
    close(file);
    if (!ok) return std::unexpected(complaint);
    return {};
}

}  // namespace

OrComplaint<void> make_private_directory(const std::string& path) {
    const mode_t before = umask(077);
    std::error_code error;
    std::filesystem::create_directories(path, error);
    umask(before);
    if (error) return std::unexpected("cannot make " + path + ": " + error.message());
    return {};
}

OrComplaint<DataDirLock> DataDirLock::take(const std::string& data_dir,
                                           const std::string& service) {
    const std::string path = data_dir + "/" + service + ".lock";
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
    if (file < 0) return std::unexpected(because("cannot open " + path));
    DataDirLock lock(file);
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 32> holder{};
        const auto length = pread(file, holder.data(), holder.size() - 1, 0);
        std::string who = length > 0 ? std::string(holder.data()) : std::string();
        while (who.ends_with('\n'))
            who.pop_back();
        return std::unexpected("preau-" + service + " already runs on " + data_dir +
                               (who.empty() ? "" : " (process " + who + ")"));
    }
    const std::string me = std::to_string(getpid()) + "\n";
    // The process number only helps the message above.
    if (ftruncate(file, 0) != 0 || pwrite(file, me.data(), me.size(), 0) < 0) {
        return std::unexpected(because("cannot write " + path));
    }
    return lock;
}

DataDirLock::~DataDirLock() {
    if (file_ >= 0) close(file_);
}

DataDirLock::DataDirLock(DataDirLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

DataDirLock& DataDirLock::operator=(DataDirLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
}

OrComplaint<std::optional<security::KeyPair>> load_key(const std::string& data_dir,
                                                       const std::string& service) {
    const std::string path = key_file(data_dir, service);
    if (!std::filesystem::exists(path)) return std::optional<security::KeyPair>{};
    security::KeyPair pair;
    std::ifstream in(path);
    if (!(in >> pair.secret_key >> pair.public_key)) {
        return std::unexpected(path + " is not readable as a key file");
    }
    return pair;
}

OrComplaint<security::KeyPair> make_key(const std::string& data_dir, const std::string& service) {
    auto existing = load_key(data_dir, service);
    if (!existing) return std::unexpected(existing.error());
    if (*existing) return **existing;
    if (auto made = make_private_directory(data_dir + "/keys"); !made) {
        return std::unexpected(made.error());
    }
    security::KeyPair pair = security::new_key_pair();
    const std::string content = pair.secret_key + "\n" + pair.public_key + "\n";
    if (auto written = write_new_file(key_file(data_dir, service), content); !written) {
        return std::unexpected(written.error());
    }
    return pair;
}

}  // namespace preau::host
