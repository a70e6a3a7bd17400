#include "shared/db/url.hpp"

#include <charconv>
#include <cstddef>
#include <optional>

namespace preau::db {
namespace {

constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kMysql = "mysql://";

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

/// Cuts `text` at the first `mark`; what follows goes to `rest`.
std::string_view cut(std::string_view text, char mark, std::string_view& rest) {
    const auto at = text.find(mark);
    rest = at == text.npos ? std::string_view{} : text.substr(at + 1);
    return text.substr(0, at);
}

bool read_options(std::string_view query, Address& address) {
    while (!query.empty()) {
        std::string_view rest;
        std::string_view value;
        const auto name = cut(cut(query, '&', rest), '=', value);
        auto decoded = decode(value);
        if (!decoded) return false;
        if (name == "socket")
            address.socket = std::move(*decoded);
        else if (name == "ssl_ca")
            address.ssl_ca = std::move(*decoded);
        else
            return false;
        query = rest;
    }
    return true;
}

bool read_host(std::string_view text, Address& address) {
    if (text.starts_with('[')) {  // an IPv6 address
        const auto end = text.find(']');
        if (end == text.npos) return false;
        address.host = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
    } else {
        const auto colon = text.find(':');
        address.host = text.substr(0, colon);
        text.remove_prefix(colon == text.npos ? text.size() : colon);
    }
    if (text.empty()) return true;
    if (text.front() != ':') return false;
    text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), address.port);
    return error == std::errc{} && end == text.data() + text.size() && address.port > 0 &&
           address.port < 65'536;
}

std::expected<Address, std::string> parse_mysql(std::string_view text) {
    Address address;
    address.engine = Engine::mariadb;
    std::string_view query;
    std::string_view path;
    const auto authority = cut(cut(text, '?', query), '/', path);
    const auto at = authority.rfind('@');
    if (at == authority.npos) return std::unexpected("the URL names no user");
    std::string_view password;
    const auto user = decode(cut(authority.substr(0, at), ':', password));
    const auto secret = decode(password);
    const auto schema = decode(path);
    if (!user || !secret || !schema) return std::unexpected("a percent sign is not an escape");
    if (user->empty()) return std::unexpected("the URL names no user");
    address.user = *user;
    address.password = *secret;
    address.schema = *schema;
    if (!read_host(authority.substr(at + 1), address))
        return std::unexpected("host or port is malformed");
    if (!read_options(query, address))
        return std::unexpected("the only options are socket and ssl_ca");
    // The client library takes "localhost" for its default socket, whatever the port.
    if (address.host == "localhost" && address.port != 0) address.host = "127.0.0.1";
    return address;
}

void add(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out.append(out.empty() ? "" : " ").append(name).append("='");
    for (const char c : value) {
        if (c == '\\' || c == '\'') out += '\\';
        out += c;
    }
    out += '\'';
}

}  // namespace

std::expected<Address, std::string> parse_url(std::string_view url) {
    if (url.starts_with(kSqlite)) {
        Address address;
        address.file = url.substr(kSqlite.size());
        if (address.file.empty()) return std::unexpected("the URL names no file");
        return address;
    }
    if (url.starts_with(kMysql)) return parse_mysql(url.substr(kMysql.size()));
    return std::unexpected("a database URL begins with sqlite: or mysql://");
}

std::string mysql_parameters(const Address& address, Patience patience) {
    std::string out;
    add(out, "host", address.host);
    if (address.port != 0) add(out, "port", std::to_string(address.port));
    add(out, "user", address.user);
    add(out, "password", address.password);
    add(out, "db", address.schema);
    add(out, "unix_socket", address.socket);
    add(out, "sslca", address.ssl_ca);
    add(out, "charset", "utf8mb4");
    if (patience.connect_s > 0) add(out, "connect_timeout", std::to_string(patience.connect_s));
    if (patience.answer_s > 0) {
        add(out, "read_timeout", std::to_string(patience.answer_s));
        add(out, "write_timeout", std::to_string(patience.answer_s));
    }
    return out;
}

}  // namespace preau::db
