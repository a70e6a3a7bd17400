#include "services/gateway/pages/documents.hpp"

#include "services/gateway/edge/urlencoded.hpp"
#include "services/gateway/pages/booking_text.hpp"
#include "services/gateway/pages/follow_up.hpp"
#include "services/gateway/pages/pages.hpp"
#include "services/gateway/pages/problems.hpp"
#include "services/gateway/pages/values.hpp"

namespace preau::gateway {

namespace {

using nlohmann::json;

constexpr const char* kContract = "2021-1947";  // the decree that holds its text
constexpr int kCommitments = 7;

std::vector<json> seats(const Visit& visit) {
    std::vector<json> out;
    if (!visit.me) return out;
    for (const auto& membership : list_of(*visit.me, "memberships")) {
        const auto role = text_of(membership, "role");
        if (role == "president" || role == "booker") out.push_back(membership);
    }
    return out;
}

json field(const Visit& visit, const Documents& documents, const std::string& affiliation,
           const char* name) {
    const bool sent = documents.sent == affiliation && documents.form == "assurance";
    const auto faults =
        sent && documents.error ? documents.error->fields : std::vector<base::FieldError>{};
    return {{"id", (sent ? "f-" : affiliation + "-") + std::string(name)},
            {"value", sent ? std::string(visit.form.get(name)) : std::string{}},
            {"error", field_error(visit, faults, name)}};
}

json insurance_of(const Visit& visit, const Documents& documents, const json& affiliation) {
    const auto id = text_of(affiliation, "id");
    const auto until = time::Date::parse(text_of(affiliation, "insurance_valid_until"));
    const bool good = until && *until >= visit.today();
    const char* key = !until ? "documents.insurance_none"
                      : good ? "documents.insurance_until"
                             : "documents.insurance_over";
    const json date = until ? json(visit.format.day_month_year(*until)) : json("");
    return {{"tone", good ? "free" : "warn"},
            {"text", visit.words.fill(key, {{"date", date.get<std::string>()}})},
            {"open", !good || (documents.sent == id && documents.form == "assurance")},
            {"action", "/compte/documents/" + id + "/assurance"},
            {"version", text_of(affiliation, "version")},
            {"insurer", field(visit, documents, id, "insurer")},
            {"policy_number", field(visit, documents, id, "policy_number")},
            {"valid_until", field(visit, documents, id, "valid_until")}};
}

json contract_of(const Visit& visit, const Documents& documents, const json& affiliation) {
    const auto id = text_of(affiliation, "id");
    const auto on = time::Date::parse(text_of(affiliation, "contract_signed_on"));
    const bool sent = documents.sent == id && documents.form == "contrat";
    const auto faults =
        sent && documents.error ? documents.error->fields : std::vector<base::FieldError>{};
    json form = false;
    if (!on) {
        auto commitments = json::array();
        for (int i = 1; i <= kCommitments; ++i) {
            const auto key = "documents.commitment_" + std::to_string(i);
            commitments.push_back({{"text", visit.text(key)}});
        }
        form = {{"action", "/compte/documents/" + id + "/contrat"},
                {"commitments", commitments},
                {"version", text_of(affiliation, "version")},
                {"id", (sent ? "f-" : id + "-") + std::string("accepted")},
                {"error", field_error(visit, faults, "accepted")}};
    }
    return {{"tone", on ? "free" : "warn"},
            {"text", on ? visit.words.fill("documents.contract_signed",
                                           {{"date", visit.format.day_month_year(*on)}})
                        : visit.text("documents.contract_none")},
            {"form", form}};
}

base::Result<Reply> show(Visit& visit, Documents documents) {
    for (const auto& seat : seats(visit)) {
        for (const auto& affiliation : list_of(seat, "affiliations")) {
            const auto id = text_of(affiliation, "body_id");
            if (documents.bodies.contains(id)) continue;
            const auto body = visit.backend->get("accounts", "/v1/bodies/" + percent_encode(id));
            documents.bodies[id] = body ? text_of(*body, "name") : std::string{};
        }
    }
    const int status = documents.error ? 422 : 200;
    return Reply::page("documents", documents_view(visit, documents), status);
}

base::Result<Reply> file(Visit& visit, const char* operation, const char* form, json body) {
    const auto id = std::string(visit.request.params.get("id"));
    body["version"] = version_of(visit);
    const auto answer = visit.backend->send(
        "accounts", net::Method::put, "/v1/affiliations/" + percent_encode(id) + "/" + operation,
        &body, visit.form.get("idempotency_key"));
    if (!answer) return std::unexpected(answer.error());
    if (answer->ok()) return Reply::see(std::string("/compte/documents?fait=") + form);
    const auto error = answer->error();
    if (answer->status == 422) return show(visit, {{}, id, form, error});
    if (answer->status == 409 || answer->status == 412) {
        return Reply::see("/compte/documents?probleme=" + percent_encode(error.code));
    }
    return std::unexpected(error);
}

base::Result<Reply> insure(Visit& visit) {
    json body = json::object();
    for (const char* name : {"insurer", "policy_number", "valid_until"}) {
        if (const auto value = visit.form.get(name); !value.empty()) {
            body[name] = std::string(value);
        }
    }
    return file(visit, "insurance", "assurance", std::move(body));
}

base::Result<Reply> sign(Visit& visit) {
    const bool accepted = visit.form.get("accepted") == "1";
    return file(visit, "contract", "contrat",
                {{"contract_version", kContract}, {"accepted", accepted}});
}

json flash_of(const Visit& visit) {
    const auto done = visit.query("fait");
    if (done == "assurance") return flash_view("free", visit.text("documents.insurance_done"));
    if (done == "contrat") return flash_view("free", visit.text("documents.contract_done"));
    if (const auto code = visit.query("probleme"); !code.empty()) {
        const auto key = "problem." + std::string(code);
        if (visit.words.has(key)) return flash_view("warm", visit.text(key));
    }
    return false;
}

}  // namespace

json documents_view(const Visit& visit, const Documents& documents) {
    auto items = json::array();
    for (const auto& seat : seats(visit)) {
        for (const auto& affiliation : list_of(seat, "affiliations")) {
            const auto body = documents.bodies.find(text_of(affiliation, "body_id"));
            items.push_back(
                {{"name", text_of(member_of(seat, "organisation"), "name")},
                 {"body_text", body == documents.bodies.end() ? std::string{} : body->second},
                 {"insurance", insurance_of(visit, documents, affiliation)},
                 {"contract", contract_of(visit, documents, affiliation)}});
        }
    }
    return {
        {"title", visit.text("documents.title")},
        {"flash", flash_of(visit)},
        {"errors", documents.error ? errors_view(visit, *documents.error, "insurer") : json(false)},
        {"empty", items.empty()},
        {"items", items}};
}

void add_document_pages(Site& site, net::Router& router) {
    using net::Method;
    site.add(
        router, Method::get, "/compte/documents", "page_documents",
        [](Visit& visit) { return show(visit, {}); }, Access::signed_in, "requests");
    site.add(router, Method::post, "/compte/documents/{id}/assurance", "declare_insurance", insure,
             Access::signed_in, "requests");
    site.add(router, Method::post, "/compte/documents/{id}/contrat", "sign_contract", sign,
             Access::signed_in, "requests");
}

}  // namespace preau::gateway
