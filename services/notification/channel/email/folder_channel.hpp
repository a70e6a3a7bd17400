#pragma once
// E-mail into files, where no server is configured: <folder>/YYYY-MM-DD/<n>-<id>.eml, readable by
// the owner only. A file is whole or not there, and writing it twice leaves one.

#include <filesystem>

#include "services/notification/channel/channel.hpp"

namespace preau::notification::email {

class FolderChannel final : public Channel {
public:
    explicit FolderChannel(std::filesystem::path folder) : folder_(std::move(folder)) {}
    std::expected<std::string, NotDelivered> deliver(const Mail& mail, std::int64_t n,
                                                     const std::string& day) override;

private:
    std::filesystem::path folder_;
};

/// The bytes of a file that deliver() named; nothing when it is gone.
std::optional<std::string> read_eml(const std::filesystem::path& folder, const std::string& file);

/// Removes the folders of days before `day`; the number removed.
int remove_days_before(const std::filesystem::path& folder, const std::string& day);

}  // namespace preau::notification::email
