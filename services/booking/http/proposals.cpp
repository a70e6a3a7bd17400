// What is said to and fro before a decision: documents that are missing, other dates held out.

#include "services/booking/http/acts.hpp"
#include "shared/time/civil.hpp"
#include "shared/wire/when.hpp"

namespace preau::booking::http {

namespace {

// As long as a {text} column; a text that short is read to its end.
constexpr json::TextBounds kWords{.length_min = 3, .length_max = 500};
constexpr std::size_t kReplacementsMax = 200;

Outcome<Booking> ask_documents(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                               json::Fields& in) {
    const auto text = in.text("text", kWords);
    if (auto bad = faults(in)) return *std::move(bad);
    return api.desk.ask_documents(tx, actor, given.id, given.version, text);
}

Outcome<Booking> endorse(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                         json::Fields& in) {
    const auto text = in.optional_text("text", {.length_min = 0, .length_max = 500});
    if (auto bad = faults(in)) return *std::move(bad);
    return api.desk.endorse(tx, actor, given.id, given.version, text.value_or(""));
}

Outcome<Booking> provide_documents(const DeskApi& api, Tx& tx, const Actor& actor,
                                   const Given& given, json::Fields& in) {
    const auto text = in.text("text", kWords);
    if (auto bad = faults(in)) return *std::move(bad);
    return api.desk.provide_documents(tx, actor, given.id, given.version, text);
}

/// One replacement, by the same reader as a single date.
std::optional<Replacement> replacement_of(const nlohmann::json& item, json::Fields& in) {
    if (!item.is_object()) {
        in.refuse("replace", "format");
        return std::nullopt;
    }
    json::Fields fields(item, "/replace");
    Replacement out;
    out.occurrence = fields.id<base::OccurrenceId>("occurrence_id");
    in.absorb(fields);
    auto rule = item;
    rule["kind"] = "single";
    const auto when = wire::when_from_json(rule, "/replace");
    if (!when) {
        in.absorb(when.error());
        return std::nullopt;
    }
    out.date = when->from;
    out.start_minute = when->start_minute;
    out.end_minute = when->end_minute;
    return out;
}

void read_dates(json::Fields& in, ProposalRequest& out) {
    if (in.has("when") && in.has("replace")) {
        in.refuse("when", "format", "when or replace, not both");
        return;
    }
    if (in.has("when")) {
        auto when = wire::when_from_json(in.object("when"));
        if (when) {
            out.when = *std::move(when);
        } else {
            in.absorb(when.error());
        }
        return;
    }
    if (!in.has("replace")) return;
    const auto& list = in.array("replace");
    if (list.size() > kReplacementsMax) {
        in.refuse("replace", "length");
        return;
    }
    for (const auto& item : list) {
        if (auto one = replacement_of(item, in)) out.replace.push_back(*one);
    }
}

Outcome<Booking> propose(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                         json::Fields& in) {
    ProposalRequest out;
    if (in.has("offer_id")) out.offer = in.id<base::OfferId>("offer_id");
    read_dates(in, out);
    out.message = in.text("message", kWords);
    out.ground = in.optional_text("ground", {.length_min = 0, .length_max = 200}).value_or("");
    if (const auto deadline = in.optional_text("deadline", {.length_min = 1, .length_max = 10})) {
        out.deadline = time::Date::parse(*deadline);
        if (!out.deadline) in.refuse("deadline", "format");
    }
    if (auto bad = faults(in)) return *std::move(bad);
    return api.desk.propose(tx, actor, given.id, given.version, out);
}

Outcome<Booking> accept_proposal(const DeskApi& api, Tx& tx, const Actor& actor, const Given& given,
                                 json::Fields&) {
    return api.desk.accept_proposal(tx, actor, given.id, given.version);
}

Outcome<Booking> decline_proposal(const DeskApi& api, Tx& tx, const Actor& actor,
                                  const Given& given, json::Fields& in) {
    const auto text = in.optional_text("reason_text", {.length_min = 0, .length_max = 500});
    if (auto bad = faults(in)) return *std::move(bad);
    return api.desk.decline_proposal(tx, actor, given.id, given.version, text.value_or(""));
}

}  // namespace

void add_proposal_routes(net::Router& router, const DeskApi& api) {
    add_act(router, api, "ask-documents", "askDocuments", ask_documents);
    add_act(router, api, "endorse", "endorseBooking", endorse);
    add_act(router, api, "provide-documents", "provideDocuments", provide_documents);
    add_act(router, api, "propose", "proposeInstead", propose);
    add_act(router, api, "accept-proposal", "acceptProposal", accept_proposal);
    add_act(router, api, "decline-proposal", "declineProposal", decline_proposal);
}

}  // namespace preau::booking::http
