// An organisation's documents: insurance and contract.

#include "services/accounts/http/permissions.hpp"
#include "services/accounts/http/routes.hpp"
#include "services/accounts/http/views.hpp"
#include "shared/json/fields.hpp"
#include "shared/net/idempotency_key.hpp"
#include "shared/security/digest.hpp"
#include "shared/time/zone.hpp"
#include "shared/wire/members.hpp"

namespace preau::accounts {
namespace {

using Read = std::function<Document(json::Fields&, time::Date today)>;

net::Response file(const Context& context, const net::Request& request, const char* operation,
                   const Read& read) {
    const auto caller = context.identify(request);
    if (!caller) return net::Response::problem(caller.error());
    if (caller->kind == security::ActorKind::anonymous) {
        return net::Response::problem(base::fail("unauthenticated").error());
    }
    const auto id = AffiliationId::parse(request.params.get("id"));
    if (!id) return net::Response::problem(base::fail("not_found").error());
    const auto key = net::idempotency_key(request);
    if (!key) return net::Response::problem(key.error());
    const auto body = request.json();
    if (!body) return net::Response::problem(body.error());
    const auto now = context.business_clock.now();
    const auto today = time::Zone::paris().local(now).date;
    json::Fields in(*body);
    const auto document = read(in, today);
    const auto version = in.integer("version", {.min = 1, .max = 1'000'000'000});
    const auto faults = in.errors();
    const auto change = [&](const Affiliation& stored) -> base::Result<Affiliation> {
        if (!may_file(*caller, stored)) return base::fail("not_found");
        if (faults) return std::unexpected(*faults);
        const auto* signature = std::get_if<ContractSignature>(&document);
        if (signature != nullptr && signature->on_paper && !saw_on_paper(*caller, stored)) {
            return base::fail("forbidden", "the public body's people see papers");
        }
        return with_document(stored, document, today);
    };
    const Once once{caller->actor, operation, *key,
                    security::sha256_hex(id->str() + " " + request.body)};
    const auto done = context.store.file(once, *id, version, document, caller->actor, now,
                                         context.machine_clock.now(), change);
    if (!done) return net::Response::problem(done.error());
    return net::Response::json(view(*done));
}

}  // namespace

net::Response declare_insurance(const Context& context, const net::Request& request) {
    return file(context, request, "declareInsurance", [](json::Fields& in, time::Date) -> Document {
        Insurance out;
        out.insurer = in.text("insurer", {.length_min = 2, .length_max = insurer_bytes_max});
        out.policy_number =
            in.text("policy_number", {.length_min = 1, .length_max = policy_bytes_max});
        out.valid_until = wire::date_of(in, "valid_until");
        return out;
    });
}

net::Response sign_contract(const Context& context, const net::Request& request) {
    return file(context, request, "signContract",
                [](json::Fields& in, time::Date today) -> Document {
                    ContractSignature out;
                    out.version = in.text("contract_version", {.length_min = 1, .length_max = 20});
                    if (!in.boolean("accepted")) in.refuse("accepted", "required");
                    const auto on = wire::optional_date_of(in, "signed_on");
                    out.on_paper = on.has_value();
                    out.signed_on = on.value_or(today);
                    return out;
                });
}

}  // namespace preau::accounts
