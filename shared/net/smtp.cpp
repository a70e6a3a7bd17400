#include "shared/net/smtp.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "shared/net/curl.hpp"

namespace preau::net {

namespace {

constexpr std::size_t kAddressBytesMax = 254;

CURL* thread_handle() {
    thread_local const auto handle = new_curl_handle();
    Curl::loaded().easy_reset(handle.get());  // the connection stays
    return handle.get();
}

std::size_t give(char* to, std::size_t size, std::size_t count, void* from) {
    auto& rest = *static_cast<std::string_view*>(from);
    const auto bytes = std::min(size * count, rest.size());
    std::memcpy(to, rest.data(), bytes);
    rest.remove_prefix(bytes);
    return bytes;
}

/// The part between the scheme and the path.
std::string_view authority(std::string_view url) {
    const auto start = url.find("://");
    if (start == std::string_view::npos) return {};
    url.remove_prefix(start + 3);
    return url.substr(0, url.find('/'));
}

bool is_loopback(std::string_view host) {
    host.remove_prefix(host.rfind('@') == std::string_view::npos ? 0 : host.rfind('@') + 1);
    return host.starts_with("127.") || host.starts_with("[::1]") || host == "localhost" ||
           host.starts_with("localhost:");
}

long security_of(std::string_view url) {
    const auto host = authority(url);
    if (is_loopback(host)) return CURLUSESSL_NONE;
    return host.find('@') == std::string_view::npos ? CURLUSESSL_TRY : CURLUSESSL_ALL;
}

/// RFC 5321, 4.2.3: the mailbox does not exist, is not ours, or its name is not allowed.
bool refuses_address(long status) {
    return status == 550 || status == 551 || status == 553;
}

}  // namespace

bool is_envelope_address(std::string_view address) {
    const auto at = address.rfind('@');
    if (address.size() > kAddressBytesMax || at == std::string_view::npos || at == 0 ||
        at + 1 == address.size() || address.find('@') != at) {
        return false;
    }
    return std::ranges::all_of(address, [](char c) {
        return c > ' ' && c < '\x7f' &&
               std::string_view("<>()[]\\,;:\"").find(c) == std::string_view::npos;
    });
}

bool is_smtp_url(std::string_view url) {
    const bool scheme = url.starts_with("smtp://") || url.starts_with("smtps://");
    return scheme && !authority(url).empty() &&
           std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7f'; });
}

std::expected<void, SmtpError> send_mail(const SmtpOptions& options, std::string_view from,
                                         std::string_view to, std::string_view message) {
    if (!is_smtp_url(options.url)) return std::unexpected(SmtpError{false, 0, "not an SMTP URL"});
    if (!is_envelope_address(from)) return std::unexpected(SmtpError{false, 0, "bad sender"});
    if (!is_envelope_address(to)) return std::unexpected(SmtpError{true, 0, "bad recipient"});
    const Curl& curl = Curl::loaded();
    CURL* handle = thread_handle();
    const std::string sender = "<" + std::string(from) + ">";
    const std::string recipient = "<" + std::string(to) + ">";
    CurlList recipients;
    recipients.add(recipient);
    std::array<char, CURL_ERROR_SIZE> text{};
    std::string_view rest = message;
    curl.easy_setopt(handle, CURLOPT_URL, options.url.c_str());
    curl.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl.easy_setopt(handle, CURLOPT_USE_SSL, security_of(options.url));
    curl.easy_setopt(handle, CURLOPT_PROXY, "");
    curl.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(options.connect_timeout.count()));
    curl.easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_timeout.count()));
    curl.easy_setopt(handle, CURLOPT_MAIL_FROM, sender.c_str());
    curl.easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients.get());
    curl.easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl.easy_setopt(handle, CURLOPT_READFUNCTION, &give);
    curl.easy_setopt(handle, CURLOPT_READDATA, &rest);
    curl.easy_setopt(handle, CURLOPT_ERRORBUFFER, text.data());
    const CURLcode code = curl.easy_perform(handle);
    long status = 0;
    curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl.easy_reset(handle);  // it must not keep pointers to what ends here
    if (code == CURLE_OK) return {};
    SmtpError error;
    error.status = static_cast<int>(status);
    error.address_refused = code == CURLE_SEND_ERROR && refuses_address(status);
    error.detail = curl.easy_strerror(code);
    return std::unexpected(std::move(error));
}

}  // namespace preau::net
