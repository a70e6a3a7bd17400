#pragma once
// What a service keeps in the data directory besides its database: the lock that keeps a second
// instance out, and its signing key. Private to shared/host.

#include <expected>
#include <optional>
#include <string>

#include "shared/security/token.hpp"

namespace preau::host {

/// Errors are sentences for the operator.
template <class T>
using OrComplaint = std::expected<T, std::string>;

/// Makes `path` and its parents, readable by the owner only.
OrComplaint<void> make_private_directory(const std::string& path);

/// Holds <data_dir>/<service>.lock while it lives.
class DataDirLock {
public:
    static OrComplaint<DataDirLock> take(const std::string& data_dir, const std::string& service);
    ~DataDirLock();
    DataDirLock(DataDirLock&& other) noexcept;
    DataDirLock& operator=(DataDirLock&& other) noexcept;

private:
    explicit DataDirLock(int file) : file_(file) {}
    int file_ = -1;
};

/// The key pair of <data_dir>/keys/<service>.key; nothing when there is none yet.
OrComplaint<std::optional<security::KeyPair>> load_key(const std::string& data_dir,
                                                       const std::string& service);
/// The same, made (mode 0600) when there is none.
OrComplaint<security::KeyPair> make_key(const std::string& data_dir, const std::string& service);

}  // namespace preau::host
