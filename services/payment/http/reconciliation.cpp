// Do ledger, provider and bank agree, what has to be looked at, and what the officer decides about
// a line.

#include <algorithm>

#include "services/payment/http/access.hpp"
#include "services/payment/http/render.hpp"
#include "services/payment/reconciliation/desk.hpp"
#include "shared/json/fields.hpp"
#include "shared/text/reference.hpp"

namespace preau::payment::http {

namespace {

using net::Request;
using net::Response;
using nlohmann::json;
using security::Identity;

constexpr int kFindingsMax = 200;
constexpr std::size_t kItemsMax = 20;
constexpr std::size_t kNoteMax = 300;

std::int64_t balance_of(const ledger::Balances& balances, ledger::Account account) {
    const auto it = balances.find(account);
    return it == balances.end() ? 0 : it->second.balance();
}

/// The same money as the ledger, the provider and the bank count it, stage by stage.
json agreement(Tx& tx, const Establishment& at, const ledger::Balances& all) {
    std::int64_t open = 0;
    std::int64_t confirmed = 0;
    for (const auto& payout : tx.book().payouts_since(at.id, {0}))
        (payout.status == "bank_confirmed" ? confirmed : open) += payout.amount;
    const auto row = [](const char* stage, std::int64_t ledger, std::int64_t provider,
                        std::optional<std::int64_t> bank) {
        auto difference = ledger - provider;
        if (difference == 0 && bank) difference = ledger - *bank;
        return json{{"stage", stage},
                    {"ledger", money(ledger)},
                    {"provider", money(provider)},
                    {"bank", bank ? money(*bank) : json(nullptr)},
                    {"difference", money(difference)}};
    };
    return json::array(
        {row("at_provider", balance_of(all, ledger::Account::psp_clearing), tx.mirrored_net(at.id),
             {}),
         row("on_the_way", balance_of(all, ledger::Account::payout_transit), open, {}),
         row("arrived", tx.book().arrived_by_ledger(at.id), confirmed,
             tx.book().arrived_from_provider(at.id))});
}

json matched_until(const LineCounts& counts) {
    if (counts.oldest_open) return (*counts.oldest_open - 1).iso();
    return counts.newest ? json(counts.newest->iso()) : json(nullptr);
}

base::Result<json> summary(const Api& api, Tx& tx, const Identity& who, const Request& request) {
    using enum ledger::Account;
    const auto at = establishment_for(tx, who, request, Need::read);
    if (!at) return std::unexpected(at.error());
    const auto month = month_of(request);
    if (!month) return std::unexpected(month.error());
    const auto all = tx.balances(at->id);
    const auto period = *month ? tx.balances(at->id, (*month)->first, (*month)->last) : all;
    const auto counts = tx.book().counts(at->id);
    const auto now = api.cashier.now();
    json look = json::array();
    for (const auto& one : tx.findings(at->id, kFindingsMax)) {
        look.push_back({{"kind", one.kind},
                        {"id", one.subject},
                        {"amount", money(one.amount)},
                        {"age_days", std::max<std::int64_t>(0, (now - one.found_at) / 86'400)},
                        {"reason_code", one.reason}});
    }
    json lines;
    for (const auto* state :
         {"matched", "suggested", "partly_matched", "suspense", "unmatched", "ignored"}) {
        const auto it = counts.by_state.find(state);
        lines[state] = it == counts.by_state.end() ? 0 : it->second;
    }
    const auto collected = period.find(receivable);
    const auto clearing = balance_of(all, psp_clearing);
    return json{{"to_collect", money(balance_of(all, receivable))},
                {"at_provider", money(clearing)},
                {"on_the_way", money(balance_of(all, payout_transit))},
                {"arrived_unmatched", money(counts.open_cents)},
                {"in_suspense", money(-balance_of(all, suspense_in))},
                {"matched_until", matched_until(counts)},
                {"difference", money(clearing - tx.mirrored_net(at->id))},
                {"agreement", agreement(tx, *at, all)},
                {"lines", std::move(lines)},
                {"expected", money(-balance_of(period, revenue))},
                {"collected", money(collected == period.end() ? 0 : collected->second.credit)},
                {"to_look_at", std::move(look)}};
}

/// Every movement of the provider beside its entry.
base::Result<json> differences(const Api& api, Tx& tx, const Identity& who,
                               const Request& request) {
    const auto at = establishment_for(tx, who, request, Need::finance);
    if (!at) return std::unexpected(at.error());
    const auto month = month_of(request);
    if (!month) return std::unexpected(month.error());
    const auto zone = time::Zone::find(at->zone).value_or(time::Zone::paris());
    const auto from = *month ? zone.instant_or_jump((*month)->first, 0) : base::Instant{0};
    const auto until =
        *month ? zone.instant_or_jump((*month)->last + 1, 0) : api.cashier.now() + 366 * 86'400;
    json items = json::array();
    std::int64_t difference = 0;
    for (const auto& [id, cents] : tx.book().differences(at->id, from, until)) {
        difference += cents;
        items.push_back({{"id", id}, {"difference", money(cents)}});
    }
    const auto provider = tx.book().provider_net(at->id, from, until);
    return json{{"ledger", money(provider + difference)},
                {"provider", money(provider)},
                {"difference", money(difference)},
                {"items", std::move(items)}};
}

// ── What the officer decides ────────────────────────────────────────────────────────────────────

struct Place {
    Establishment at;
    BankLine line;
};

/// A line of an establishment whose finance the caller does; else it is not there.
base::Result<Place> place_of(Tx& tx, const Identity& who, const LineId& id) {
    auto found = tx.book().line(id);
    auto at = found ? tx.establishment(found->first) : std::nullopt;
    if (!at || !is_finance(who, at->body, at->id)) return base::fail("not_found", "line");
    return Place{*std::move(at), std::move(found->second)};
}

base::Result<std::vector<MatchItem>> items_named(Tx& tx, const Establishment& at,
                                                 const json& references) {
    std::vector<MatchItem> out;
    const auto claims = tx.book().claims(at.id, {0});
    for (std::size_t i = 0; i < references.size(); ++i) {
        const auto pointer = "/references/" + std::to_string(i);
        const auto typed = references[i].is_string() ? references[i].get<std::string>() : "";
        const auto printed = text::read_reference(text::payment_prefix, typed);
        if (printed) {
            const auto it = std::ranges::find(claims, *printed, &Claim::public_ref);
            if (it == claims.end()) return base::fail_field("invalid", pointer, "unknown");
            out.push_back({"payment", it->payment.str(), *printed, 0});
            continue;
        }
        const auto payout = tx.find_payout(typed);
        if (!payout || payout->establishment != at.id) {
            base::Error error{"invalid", {}, {{pointer, "unknown", {}}}};
            return std::unexpected(std::move(error));
        }
        out.push_back({"payout", payout->id, payout->id, 0});
    }
    return out;
}

Response decide(const Api& api, const Request& request) {
    return run_unsafe(
        api, request, "matchLine", [&](Tx& tx, const Identity& who) -> base::Result<Done> {
            const auto body = request.json();
            if (!body) return std::unexpected(body.error());
            if (!body->is_object()) return base::fail("bad_json", "an object is expected");
            preau::json::Fields in(*body);
            const auto line = in.id<LineId>("line_id");
            const auto suggestion = in.optional_text("match_id", {.length_max = 26});
            const auto note = in.optional_text("note", {.length_max = kNoteMax});
            const json none = json::array();
            const auto& references = in.has("references") ? in.array("references") : none;
            if (!suggestion && (references.empty() || references.size() > kItemsMax)) {
                in.refuse("references", "length", "1 to 20");
            }
            if (auto bad = in.errors()) return std::unexpected(*bad);
            auto place = place_of(tx, who, line);
            if (!place) return std::unexpected(place.error());
            reconciliation::Decision decision;
            decision.note = note.value_or("");
            if (suggestion) {
                const auto id = MatchId::parse(*suggestion);
                const auto found = id ? tx.book().match(*id) : std::nullopt;
                if (!found || found->line != line) return base::fail("not_found", "match");
                if (found->state != "suggested") {
                    return base::fail("invalid_transition", found->state);
                }
                decision.items = found->items;
                decision.rule = found->rule;
                decision.reasons = found->reasons;
            } else {
                auto items = items_named(tx, place->at, references);
                if (!items) return std::unexpected(items.error());
                decision.items = *std::move(items);
            }
            const auto now = api.cashier.now();
            const auto done =
                reconciliation::match_by_hand(tx, place->at, place->line, decision, who.actor, now);
            if (!done) return std::unexpected(done.error());
            return Done{201, to_json(*done)};
        });
}

Response undo(const Api& api, const Request& request) {
    return run_unsafe(
        api, request, "undoMatch", [&](Tx& tx, const Identity& who) -> base::Result<Done> {
            const auto id = path_id<MatchId>(request);
            if (!id) return std::unexpected(id.error());
            const auto match = tx.book().match(*id);
            if (!match) return base::fail("not_found", "match");
            const auto place = place_of(tx, who, match->line);
            if (!place) return std::unexpected(place.error());
            const auto done =
                reconciliation::undo_match(tx, place->at, *match, who.actor, api.cashier.now());
            if (!done) return std::unexpected(done.error());
            return Done{200, to_json(*tx.book().match(*id))};
        });
}

Response aside(const Api& api, const Request& request, bool away) {
    return run_unsafe(
        api, request, away ? "setLineAside" : "takeLineUpAgain",
        [&](Tx& tx, const Identity& who) -> base::Result<Done> {
            const auto id = path_id<LineId>(request);
            if (!id) return std::unexpected(id.error());
            auto place = place_of(tx, who, *id);
            if (!place) return std::unexpected(place.error());
            const auto now = api.cashier.now();
            std::string note;
            if (away) {
                const auto body = request.json();
                if (!body) return std::unexpected(body.error());
                preau::json::Fields in(*body);
                note = in.optional_text("note", {.length_max = kNoteMax}).value_or("");
                if (auto bad = in.errors()) return std::unexpected(*bad);
            }
            const auto done = away
                                  ? reconciliation::set_aside(tx, place->at, place->line, note, now)
                                  : reconciliation::take_up_again(tx, place->at, place->line, now);
            if (!done) return std::unexpected(done.error());
            return Done{200, to_json(tx.book().line(*id)->second)};
        });
}

}  // namespace

void add_reconciliation_routes(net::Router& router, const Api& api) {
    using net::Method;
    using Read =
        std::function<base::Result<json>(const Api&, Tx&, const Identity&, const Request&)>;
    const auto reads = [&](const char* pattern, const char* operation, Read read) {
        router.add(Method::get, pattern, operation,
                   [api, read = std::move(read)](const Request& request) {
                       return run_read(api, request, [&](Tx& tx, const Identity& who) {
                           return read(api, tx, who, request);
                       });
                   });
    };
    reads("/v1/reconciliation/summary", "reconciliationSummary", summary);
    reads("/v1/reconciliation/differences", "reconciliationDifferences", differences);
    router.add(Method::post, "/v1/matches", "matchLine",
               [api](const Request& request) { return decide(api, request); });
    router.add(Method::del, "/v1/matches/{id}", "undoMatch",
               [api](const Request& request) { return undo(api, request); });
    router.add(Method::post, "/v1/bank-lines/{id}/set-aside", "setLineAside",
               [api](const Request& request) { return aside(api, request, true); });
    router.add(Method::post, "/v1/bank-lines/{id}/take-up", "takeLineUpAgain",
               [api](const Request& request) { return aside(api, request, false); });
}

}  // namespace preau::payment::http
