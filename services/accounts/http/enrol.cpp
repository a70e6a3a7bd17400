// A counter makes an organisation known to its body: minimal facts, nobody who signs in for it.
#include "services/accounts/http/permissions.hpp"
#include "services/accounts/http/routes.hpp"
#include "services/accounts/http/views.hpp"
#include "shared/json/fields.hpp"
#include "shared/net/idempotency_key.hpp"
#include "shared/security/digest.hpp"

namespace preau::accounts {
namespace {

struct Wanted {
    Organisation organisation;
    Affiliation affiliation;
};

base::Result<Wanted> wanted_of(const nlohmann::json& body) {
    json::Fields in(body);
    Wanted out;
    out.affiliation.body = in.id<base::BodyId>("body_id");
    const std::vector<std::string_view> kinds{"association", "commune", "public_body", "training"};
    out.organisation.kind = *organisation_kind(kinds[in.choice("kind", kinds)]);
    out.organisation.name = in.text("name", {.length_min = 2, .length_max = 200});
    const auto number = [&](const char* name) {
        return in.optional_text(name, {.length_min = 0, .length_max = 40}).value_or("");
    };
    out.organisation.rna = number("rna");
    out.organisation.siren = number("siren");
    out.organisation.siret = number("siret");
    out.organisation.court_register = number("court_register");
    if (auto bad = in.errors()) return std::unexpected(*std::move(bad));
    out.organisation.id = base::OrganisationId::make();
    out.affiliation.id = AffiliationId::make();
    out.affiliation.organisation = out.organisation.id;
    // What it costs others of its kind, until the body decides otherwise.
    out.affiliation.category = out.organisation.kind == OrganisationKind::association ? 'C' : 'D';
    return out;
}

}  // namespace

net::Response enrol_organisation(const Context& context, const net::Request& request) {
    const auto caller = context.identify(request);
    if (!caller) return net::Response::problem(caller.error());
    if (caller->kind == security::ActorKind::anonymous) {
        return net::Response::problem(base::fail("unauthenticated").error());
    }
    const auto key = net::idempotency_key(request);
    if (!key) return net::Response::problem(key.error());
    const auto body = request.json();
    if (!body) return net::Response::problem(body.error());
    const auto wanted = wanted_of(*body);
    if (!wanted) return net::Response::problem(wanted.error());
    if (!may_enrol(*caller, wanted->affiliation.body)) {
        return net::Response::problem(base::fail("not_found").error());
    }
    const Once once{caller->actor, "enrolOrganisation", *key, security::sha256_hex(request.body)};
    const auto done =
        context.store.enrol(once, wanted->organisation, wanted->affiliation,
                            context.business_clock.now(), context.machine_clock.now());
    if (!done) return net::Response::problem(done.error());
    auto response = net::Response::json(
        view(done->file.organisation, visible_affiliations(*caller, done->file)));
    response.status = done->is_new ? 201 : 200;
    return response;
}

}  // namespace preau::accounts
