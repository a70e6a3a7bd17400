#include "services/gateway/edge/static_files.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "services/gateway/edge/compress.hpp"
#include "shared/security/digest.hpp"

namespace preau::gateway {

namespace {

constexpr std::size_t kBytesMax = 8 * 1024 * 1024;
constexpr int kBestGzipLevel = 9;  // once, at start

std::string_view content_type_of(std::string_view extension) {
    if (extension == ".css") return "text/css; charset=utf-8";
    if (extension == ".js") return "text/javascript; charset=utf-8";
    if (extension == ".svg") return "image/svg+xml";
    if (extension == ".png") return "image/png";
    if (extension == ".webp") return "image/webp";
    if (extension == ".avif") return "image/avif";
    if (extension == ".ico") return "image/x-icon";
    if (extension == ".woff2") return "font/woff2";
    return {};
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

base::Result<void> StaticFiles::add(const std::string& name, std::string body) {
    const auto dot = name.rfind('.');
    const auto type = dot == std::string::npos
                          ? std::string_view{}
                          : content_type_of(std::string_view(name).substr(dot));
    if (type.empty()) return {};  // not a kind that we serve
    bytes_ += body.size();
    if (bytes_ > kBytesMax) return base::fail("internal", "static files exceed 8 MB");

    auto file = std::make_shared<File>();
    file->content_type = std::string(type);
    if (type.starts_with("text/") || type.starts_with("image/svg")) {
        auto packed = gzip(body, kBestGzipLevel);
        if (packed.size() + 64 < body.size()) file->gzipped = std::move(packed);
    }
    const auto hash = security::sha256_hex(body).substr(0, 8);
    file->body = std::move(body);
    const auto hashed_name = name.substr(0, dot) + "." + hash + name.substr(dot);
    files_[name] = {file, false};
    files_[hashed_name] = {std::move(file), true};
    urls_[name] = "/static/" + hashed_name;
    return {};
}

base::Result<void> StaticFiles::add_folder(const std::filesystem::path& folder) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) return {};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
        if (!entry.is_regular_file()) continue;
        auto body = read_file(entry.path());
        if (!body) return base::fail("internal", "cannot read " + entry.path().string());
        const auto name = entry.path().lexically_relative(folder).generic_string();
        if (auto added = add(name, std::move(*body)); !added) return added;
    }
    if (error) return base::fail("internal", "cannot list " + folder.string());
    return {};
}

base::Result<void> StaticFiles::add_joined(const std::string& name,
                                           const std::filesystem::path& folder,
                                           std::string_view extension) {
    std::error_code error;
    std::vector<std::filesystem::path> parts;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == extension) parts.push_back(entry.path());
    }
    std::sort(parts.begin(), parts.end());
    std::string joined;
    for (const auto& part : parts) {
        const auto text = read_file(part);
        if (!text) return base::fail("internal", "cannot read " + part.string());
        joined += *text;
    }
    return add(name, std::move(joined));
}

std::string StaticFiles::url(std::string_view name) const {
    const auto at = urls_.find(name);
    return at == urls_.end() ? std::string{} : at->second;
}

net::Response StaticFiles::answer(const net::Request& request, const Finisher& finisher,
                                  std::string_view name) const {
    const auto at = files_.find(name);
    if (at == files_.end()) return net::Response::problem({"not_found", {}, {}});
    const auto& [content, hashed] = at->second;
    const File& file = *content;
    net::Response response;
    response.content_type = file.content_type;
    const bool packed =
        !file.gzipped.empty() && accepts_gzip(request.headers.get("accept-encoding"));
    response.body = packed ? file.gzipped : file.body;
    if (packed) response.with("Content-Encoding", "gzip");
    finisher.finish(request, response, hashed ? Caching::immutable : Caching::revalidate);
    return response;
}

}  // namespace preau::gateway
