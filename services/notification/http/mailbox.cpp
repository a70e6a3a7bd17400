#include "services/notification/http/mailbox.hpp"

#include <charconv>

#include "services/notification/channel/email/folder_channel.hpp"
#include "services/notification/channel/email/mime.hpp"
#include "shared/base/id.hpp"
#include "shared/security/digest.hpp"
#include "shared/time/zone.hpp"

namespace preau::notification {

namespace {

using nlohmann::json;

constexpr int kLimit = 50;
constexpr int kLimitMax = 100;

net::Response not_found() {
    return net::Response::problem({"not_found", {}, {}});
}

net::Response fault(const char* pointer, const char* code) {
    return net::Response::problem({"invalid", {}, {{pointer, code, {}}}});
}

/// To anybody but the gateway of a demonstration there is no mailbox.
bool may_read(const Mailbox& mailbox, const net::Request& request) {
    if (!mailbox.demonstration) return false;
    const auto caller = mailbox.identify(request);
    return caller && caller->is_service("gateway");
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::string shown(const email::Address& address) {
    return address.name.empty() ? address.address : address.name + " <" + address.address + ">";
}

std::optional<email::Mail> read_mail(const Mailbox& mailbox, const Message& message) {
    const auto bytes = email::read_eml(mailbox.folder, message.file);
    if (!bytes) return std::nullopt;
    auto mail = email::parse(*bytes);
    if (!mail) return std::nullopt;
    return std::move(*mail);
}

json listed(const Message& message, const email::Mail& mail) {
    return {{"id", message.id},
            {"kind", to_string(message.kind)},
            {"booking_id", message.booking_id},
            {"to", shown(mail.to)},
            {"subject", mail.subject},
            {"date", time::Zone::paris().rfc3339(message.created_at)}};
}

/// Nothing of a mailbox is kept on the way.
net::Response private_json(const json& body) {
    return std::move(net::Response::json(body).with("Cache-Control", "no-store"));
}

net::Response list(const Mailbox& mailbox, const net::Request& request) {
    if (!may_read(mailbox, request)) return not_found();
    int limit = kLimit;
    if (const auto text = request.query.find("limit")) {
        const auto value = number<int>(*text);
        if (!value || *value < 1 || *value > kLimitMax) return fault("/query/limit", "range");
        limit = *value;
    }
    std::int64_t before = 0;
    if (const auto cursor = request.query.find("after"); cursor && !cursor->empty()) {
        const auto value = number<std::int64_t>(security::from_base64url(*cursor));
        if (!value || *value < 1) return fault("/query/after", "format");
        before = *value;
    }
    const auto rows = mailbox.messages.filed(before, limit + 1);
    if (!rows) return net::Response::problem(rows.error());
    json items = json::array();
    json next;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        if (i == static_cast<std::size_t>(limit)) {
            next = security::base64url(std::to_string((*rows)[i - 1].n));
            break;
        }
        // A file that was cleared away since is left out.
        if (const auto mail = read_mail(mailbox, (*rows)[i])) {
            items.push_back(listed((*rows)[i], *mail));
        }
    }
    return private_json({{"items", std::move(items)}, {"next", std::move(next)}});
}

struct Opened {
    Message message;
    email::Mail mail;
};

std::optional<Opened> open(const Mailbox& mailbox, const net::Request& request) {
    if (!may_read(mailbox, request)) return std::nullopt;
    const std::string id(request.params.get("id"));
    if (!base::is_ulid(id)) return std::nullopt;
    const auto message = mailbox.messages.find_filed(id);
    if (!message || !*message) return std::nullopt;
    auto mail = read_mail(mailbox, **message);
    if (!mail) return std::nullopt;
    return Opened{**message, std::move(*mail)};
}

net::Response read(const Mailbox& mailbox, const net::Request& request) {
    const auto opened = open(mailbox, request);
    if (!opened) return not_found();
    const auto& mail = opened->mail;
    json attachments = json::array();
    for (const auto& one : mail.attachments) {
        attachments.push_back(
            {{"name", one.name},
             {"type", one.type.substr(0, one.type.find(';'))},
             {"size", one.content.size()},
             {"href", "/v1/mailbox/" + opened->message.id + "/attachments/" + one.name}});
    }
    auto body = listed(opened->message, mail);
    body["from"] = shown(mail.from);
    body["language"] = mail.language;
    body["text"] = mail.text;
    body["html"] = mail.html.empty() ? json(nullptr) : json(mail.html);
    body["attachments"] = std::move(attachments);
    return private_json(body);
}

net::Response read_attachment(const Mailbox& mailbox, const net::Request& request) {
    const auto opened = open(mailbox, request);
    if (!opened) return not_found();
    for (const auto& one : opened->mail.attachments) {
        if (one.name != request.params.get("name")) continue;
        net::Response response;
        response.content_type = one.type;
        response.body = one.content;
        response.with("Content-Disposition", "attachment; filename=\"" + one.name + "\"");
        response.with("Cache-Control", "no-store");
        return response;
    }
    return not_found();
}

}  // namespace

void add_routes(net::Router& router, const Mailbox& mailbox) {
    using Operation = net::Response (*)(const Mailbox&, const net::Request&);
    const auto add = [&](const char* pattern, const char* name, Operation operation) {
        router.add(net::Method::get, pattern, name,
                   [mailbox, operation](const net::Request& request) {
                       return operation(mailbox, request);
                   });
    };
    add("/v1/mailbox", "listMailbox", list);
    add("/v1/mailbox/{id}", "readMailboxMessage", read);
    add("/v1/mailbox/{id}/attachments/{name}", "readMailboxAttachment", read_attachment);
}

}  // namespace preau::notification
