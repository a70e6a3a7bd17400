#pragma once
// Style sheets, scripts and images, read once at start and kept in memory with their gzip form.
// Their addresses hold a hash of the content, so that browsers keep them for a year.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "services/gateway/edge/answer.hpp"
#include "shared/base/result.hpp"
#include "shared/net/message.hpp"

namespace preau::gateway {

class StaticFiles {
public:
    /// Reads every file of the known kinds directly in `folder` (which may be absent) and below.
    /// The whole must stay ≤ 8 MB: it lives in memory.
    base::Result<void> add_folder(const std::filesystem::path& folder);

    /// One file `name` made of every file of `folder` that ends in `extension`, in the order of
    /// their names.
    base::Result<void> add_joined(const std::string& name, const std::filesystem::path& folder,
                                  std::string_view extension);

    /// The hashed address of a file by its path below its folder: "main.css" gives
    /// "/static/main.3f2a9c01.css"; empty for an unknown file.
    std::string url(std::string_view name) const;
    /// name -> address of all files.
    const std::map<std::string, std::string, std::less<>>& urls() const { return urls_; }

    /// Answers /static/<name>, hashed (kept for a year) or plain (asked again each time); 404
    /// status for unknown names.
    net::Response answer(const net::Request& request, const Finisher& finisher,
                         std::string_view name) const;

private:
    struct File {
        std::string content_type;
        std::string body;
        std::string gzipped;  // empty: not worth it
    };
    struct Named {
        std::shared_ptr<const File> content;  // the same under both names
        bool hashed = false;
    };

    base::Result<void> add(const std::string& name, std::string body);

    std::map<std::string, Named, std::less<>> files_;
    std::map<std::string, std::string, std::less<>> urls_;
    std::size_t bytes_ = 0;
};

}  // namespace preau::gateway
