#include "services/notification/channel/email/mime.hpp"

#include <algorithm>

#include "services/notification/channel/email/encoding.hpp"
#include "shared/net/smtp.hpp"

namespace preau::notification::email {

namespace {

std::string domain_of(std::string_view address) {
    return std::string(address.substr(address.rfind('@') + 1));
}

/// "=_" stands in no encoded body, so the boundary cannot.
std::string boundary(const Mail& mail, char which) {
    return "=_preau_" + mail.id + "_" + which;
}

std::string text_part(std::string_view type, std::string_view content) {
    return token_header("Content-Type", std::string(type) + "; charset=UTF-8") +
           "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(content) +
           "\r\n";
}

std::string alternative(const Mail& mail) {
    const auto limit = boundary(mail, 'a');
    return "Content-Type: multipart/alternative;\r\n boundary=\"" + limit + "\"\r\n\r\n--" + limit +
           "\r\n" + text_part("text/plain", mail.text) + "--" + limit + "\r\n" +
           text_part("text/html", mail.html) + "--" + limit + "--\r\n";
}

std::string safe_name(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        if (letter) out += c;
    }
    return out;
}

std::string attached(const Attachment& attachment) {
    const auto name = safe_name(attachment.name);
    return token_header("Content-Type", attachment.type + "; name=\"" + name + "\"") +
           token_header("Content-Disposition", "attachment; filename=\"" + name + "\"") +
           "Content-Transfer-Encoding: base64\r\n\r\n" + base64_lines(attachment.content);
}

std::string body_of(const Mail& mail) {
    if (mail.attachments.empty()) return alternative(mail);
    const auto limit = boundary(mail, 'm');
    std::string out =
        "Content-Type: multipart/mixed;\r\n boundary=\"" + limit + "\"\r\n\r\n--" + limit + "\r\n";
    out += alternative(mail);
    for (const auto& attachment : mail.attachments) {
        out += "--" + limit + "\r\n" + attached(attachment);
    }
    return out + "--" + limit + "--\r\n";
}

}  // namespace

std::optional<Address> address_from(std::string_view text) {
    Address out;
    const auto open = text.rfind('<');
    if (open == std::string_view::npos) {
        out.address = std::string(text);
    } else {
        const auto close = text.find('>', open);
        if (close == std::string_view::npos) return std::nullopt;
        out.address = std::string(text.substr(open + 1, close - open - 1));
        out.name = one_line(text.substr(0, open));
        if (out.name.size() > 1 && out.name.front() == '"' && out.name.back() == '"') {
            out.name = out.name.substr(1, out.name.size() - 2);
        }
    }
    if (!net::is_envelope_address(out.address)) return std::nullopt;
    return out;
}

std::string compose(const Mail& mail) {
    const auto domain = domain_of(mail.from.address);
    std::string out = token_header("Date", date_text(mail.date));
    out += token_header("From", mailbox(mail.from.name, mail.from.address));
    out += token_header("To", mailbox(mail.to.name, mail.to.address));
    out += text_header("Subject", mail.subject);
    out += token_header("Message-ID", "<" + mail.id + "@" + domain + ">");
    if (!mail.thread.empty()) {
        out += token_header("References", "<" + mail.thread + "@" + domain + ">");
    }
    // RFC 3834: no answering machine shall answer.
    out += "Auto-Submitted: auto-generated\r\n";
    out += token_header("Content-Language", mail.language);
    out += "MIME-Version: 1.0\r\n";
    return out + body_of(mail);
}

}  // namespace preau::notification::email
