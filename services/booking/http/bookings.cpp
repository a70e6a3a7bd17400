// Terms, quotes, requests, lists and one booking.

#include <algorithm>
#include <charconv>

#include "services/booking/http/actor.hpp"
#include "services/booking/http/acts.hpp"
#include "services/booking/http/render.hpp"
#include "services/booking/http/unsafe.hpp"
#include "shared/json/fields.hpp"
#include "shared/security/digest.hpp"
#include "shared/wire/members.hpp"
#include "shared/wire/when.hpp"

namespace preau::booking::http {

namespace {

constexpr int kLimitDefault = 50;
constexpr int kLimitMax = 100;

constexpr std::size_t kExtrasMax = 20;
constexpr std::size_t kDatesMax = 200;

std::optional<base::QuoteId> quote_id_of(preau::json::Fields& in) {
    const auto text = in.optional_text("quote_id", {.length_min = 1, .length_max = 40});
    if (!text) return std::nullopt;
    auto quote = base::QuoteId::parse(*text);
    if (!quote) in.refuse("quote_id", "format");
    return quote;
}

/// The extras that are chosen; whether the vote has them is the rules' to say.
std::vector<rules::ExtraChoice> extras_of(preau::json::Fields& in, const nlohmann::json& body) {
    std::vector<rules::ExtraChoice> out;
    if (!body.contains("extras")) return out;
    if (body["extras"].is_array() && body["extras"].size() > kExtrasMax) {
        in.refuse("extras", "range", std::to_string(kExtrasMax));
        return out;
    }
    wire::each(in, body, "", "extras", [&](preau::json::Fields& item, const nlohmann::json&) {
        const auto count = item.optional_integer("count", {.min = 1, .max = 100}).value_or(1);
        out.push_back(
            {item.text("code", {.length_min = 1, .length_max = 40}), static_cast<int>(count)});
    });
    return out;
}

/// Local dates, "2026-12-01", at most as many as a series has.
std::vector<time::Date> dates_in(preau::json::Fields& in, const nlohmann::json& list,
                                 std::string_view name) {
    std::vector<time::Date> out;
    if (!list.is_array() || list.empty() || list.size() > kDatesMax) {
        in.refuse(name, "length", std::to_string(kDatesMax));
        return out;
    }
    for (const auto& item : list) {
        const auto date = time::Date::parse(item.is_string() ? item.get<std::string>() : "");
        if (date) {
            out.push_back(*date);
        } else {
            in.refuse(name, "format");
        }
    }
    return out;
}

/// A short list that may be absent.
bool listed(preau::json::Fields& in, const nlohmann::json& body, const char* name,
            std::size_t most) {
    if (!body.contains(name)) return false;
    if (!body[name].is_array() || body[name].size() > most) {
        in.refuse(name, "range", std::to_string(most));
        return false;
    }
    return !body[name].empty();
}

std::vector<Instead> instead_of(preau::json::Fields& in, const nlohmann::json& body) {
    std::vector<Instead> out;
    if (!listed(in, body, "instead", instead_max)) return out;
    wire::each(in, body, "", "instead", [&](preau::json::Fields& item, const nlohmann::json&) {
        Instead one;
        one.of = wire::date_of(item, "of");
        one.date = wire::date_of(item, "date");
        const auto span = wire::span_of(item);
        one.start_minute = span.start;
        one.end_minute = span.end;
        out.push_back(one);
    });
    return out;
}

std::vector<ElsewhereRequest> elsewhere_of(preau::json::Fields& in, const nlohmann::json& body) {
    std::vector<ElsewhereRequest> out;
    if (!listed(in, body, "elsewhere", elsewhere_max)) return out;
    wire::each(in, body, "", "elsewhere",
               [&](preau::json::Fields& item, const nlohmann::json& value) {
                   ElsewhereRequest one;
                   one.of = dates_in(item, value.value("of", nlohmann::json()), "of");
                   one.offer = item.id<base::OfferId>("offer_id");
                   one.quote = quote_id_of(item);
                   auto when = wire::when_from_json(item.object("when"));
                   if (when) {
                       one.when = *std::move(when);
                   } else if (item.has("when")) {
                       item.absorb(when.error());
                   }
                   out.push_back(std::move(one));
               });
    return out;
}

/// What only this service says. Ignoring it would let a caller believe that he was heard.
void refuse_own_price(preau::json::Fields& in) {
    for (const auto* name : {"price", "total", "amount", "currency", "discount"}) {
        if (in.has(name)) in.refuse(name, "unknown", "the price is computed");
    }
}

base::Result<QuoteRequest> quote_of(const nlohmann::json& body) {
    preau::json::Fields in(body);
    QuoteRequest out;
    out.organisation = in.id<base::OrganisationId>("organisation_id");
    out.offer = in.id<base::OfferId>("offer_id");
    out.extras = extras_of(in, body);
    out.instead = instead_of(in, body);
    refuse_own_price(in);
    auto when = wire::when_from_json(in.object("when"));
    if (!when && in.has("when") && in.errors()) in.absorb(when.error());
    if (auto bad = in.errors()) return std::unexpected(*std::move(bad));
    if (!when) return std::unexpected(when.error());
    out.when = *std::move(when);
    return out;
}

base::Result<SubmitRequest> submit_of(const nlohmann::json& body) {
    preau::json::Fields in(body);
    SubmitRequest out;
    out.organisation = in.id<base::OrganisationId>("organisation_id");
    out.offer = in.id<base::OfferId>("offer_id");
    out.extras = extras_of(in, body);
    refuse_own_price(in);
    out.purpose = in.text("purpose", {.length_min = 3, .length_max = 500});
    out.headcount = static_cast<int>(in.integer("headcount", {.min = 1, .max = 5'000}));
    out.message = in.optional_text("message", {.length_min = 0, .length_max = 2'000});
    out.contact_phone = in.optional_text("contact_phone", {.length_min = 0, .length_max = 40});
    if (out.message && out.message->empty()) out.message.reset();
    if (out.contact_phone && out.contact_phone->empty()) out.contact_phone.reset();
    out.quote = quote_id_of(in);
    out.instead = instead_of(in, body);
    out.elsewhere = elsewhere_of(in, body);
    out.terms_version = in.text("terms_version", {.length_min = 1, .length_max = 40});
    out.terms_hash = in.optional_text("terms_hash", {.length_min = 64, .length_max = 64});
    out.terms_accepted = in.boolean("terms_accepted");
    out.buffers = buffers_of(in);
    out.skip_conflicts = in.optional_choice("on_conflict", {"fail", "skip"}).value_or(0) == 1;
    auto when = wire::when_from_json(in.object("when"));
    if (!when && in.has("when") && in.errors()) in.absorb(when.error());
    if (auto bad = in.errors()) return std::unexpected(*std::move(bad));
    if (!when) return std::unexpected(when.error());
    out.when = *std::move(when);
    return out;
}

net::Response terms(const DeskApi& api, const net::Request& request) {
    const Terms& current = api.desk.settings().terms;
    const auto body = request.query.find("body_id");
    if (body && !base::BodyId::parse(*body)) {
        return net::Response::problem(base::fail("not_found", "body").error());
    }
    return net::Response::json({{"body_id", body ? nlohmann::json(*body) : nlohmann::json(nullptr)},
                                {"version", current.version},
                                {"hash", current.hash},
                                {"title", current.title},
                                {"language", "fr"},
                                {"text", current.text}});
}

/// Looks first: the same question within a day writes nothing and gives the same quote.
Outcome<Quote> kept_quote(const DeskApi& api, const Actor& actor, const QuoteRequest& asked) {
    auto known = api.store.read([&](Tx& tx) { return api.desk.quote(tx, actor, asked); });
    if (!known || !known->priced.price || !known->id.empty()) return known;
    return api.store.transact([&](Tx& tx) { return api.desk.keep_quote(tx, actor, asked); });
}

/// A repeated quote changes nothing, so it needs no idempotency key.
net::Response quote(const DeskApi& api, const net::Request& request) {
    const auto body = object_of(request);
    if (!body) return net::Response::problem(body.error());
    const auto asked = quote_of(*body);
    const auto identity = api.require(request);
    if (!identity) return net::Response::problem(identity.error());
    if (!asked) return net::Response::problem(asked.error());
    const auto made = kept_quote(api, actor_of(*identity), *asked);
    if (!made) return problem(made.error());
    return net::Response::json(to_json(*made, api.desk.settings().terms));
}

/// The rule without the dates that are asked for in other rooms: what the price of the first is
/// for.
rules::Recurrence but_elsewhere(const SubmitRequest& asked) {
    auto out = asked.when;
    for (const auto& one : asked.elsewhere) {
        out.except.insert(out.except.end(), one.of.begin(), one.of.end());
        for (const auto date : one.of)
            std::erase(out.dates, date);
    }
    std::ranges::sort(out.except);
    return out;
}

net::Response submit(const DeskApi& api, const net::Request& request) {
    const auto body = object_of(request);
    if (!body) return net::Response::problem(body.error());
    const auto asked = submit_of(*body);
    return run_unsafe(
        api, request, "submitBooking",
        [&](Tx& tx, const Actor& actor) -> Outcome<Done> {
            if (!asked) return std::unexpected(Refusal(asked.error()));
            const auto made = api.desk.submit_together(tx, actor, *asked);
            if (!made) return std::unexpected(made.error());
            auto answer = to_json(made->front());
            auto& others = answer["together"] = nlohmann::json::array();
            for (std::size_t n = 1; n < made->size(); ++n)
                others.push_back(joined_json((*made)[n]));
            return Done{201, std::move(answer)};
        },
        [&](const Refusal& refusal, const Actor& actor) {
            auto more = nlohmann::json::object();
            if (refusal.error.code != "price_changed") return more;
            const bool of_first = refusal.error.fields.empty() ||
                                  !refusal.error.fields.front().pointer.starts_with("/elsewhere");
            if (!of_first) return more;
            const auto fresh = kept_quote(api, actor,
                                          {asked->organisation, asked->offer, but_elsewhere(*asked),
                                           asked->extras, asked->instead});
            if (fresh) more["quote"] = to_json(*fresh, api.desk.settings().terms);
            return more;
        });
}

base::Result<std::vector<State>> states_of(std::string_view list) {
    std::vector<State> out;
    while (!list.empty()) {
        const auto comma = list.find(',');
        const auto word = list.substr(0, comma);
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
        const auto state = state_from(word);
        if (!state) {
            base::Error error{"invalid", {}, {{"/query/state", "unknown", std::string(word)}}};
            return std::unexpected(std::move(error));
        }
        out.push_back(*state);
    }
    return out;
}

base::Result<ListFilter> filter_of(const net::Request& request) {
    ListFilter out;
    const auto fault = [](std::string pointer, std::string code) {
        return std::unexpected(
            base::Error{"invalid", {}, {{std::move(pointer), std::move(code), {}}}});
    };
    int scopes = 0;
    if (const auto id = request.query.find("organisation_id")) {
        ++scopes;
        out.organisation = base::OrganisationId::parse(*id);
        if (!out.organisation) return fault("/query/organisation_id", "format");
    }
    if (const auto id = request.query.find("establishment_id")) {
        ++scopes;
        out.establishment = base::EstablishmentId::parse(*id);
        if (!out.establishment) return fault("/query/establishment_id", "format");
    }
    if (const auto id = request.query.find("body_id")) {
        ++scopes;
        out.body = base::BodyId::parse(*id);
        if (!out.body) return fault("/query/body_id", "format");
    }
    if (scopes != 1) return fault("/query/organisation_id", "required");
    auto states = states_of(request.query.get("state"));
    if (!states) return std::unexpected(states.error());
    out.states = *std::move(states);
    const auto sort = request.query.get("sort", "newest");
    if (sort != "newest" && sort != "deadline") return fault("/query/sort", "unknown");
    if (sort == "deadline") out.sort = ListFilter::Sort::deadline;
    out.limit = kLimitDefault;
    if (const auto limit = request.query.find("limit")) {
        const auto [end, bad] =
            std::from_chars(limit->data(), limit->data() + limit->size(), out.limit);
        if (bad != std::errc{} || end != limit->data() + limit->size() || out.limit < 1 ||
            out.limit > kLimitMax) {
            return fault("/query/limit", "range");
        }
    }
    if (const auto after = request.query.find("after"); after && !after->empty()) {
        out.after = security::from_base64url(*after);
        if (out.after.empty()) return fault("/query/after", "format");
    }
    return out;
}

bool covers_body(const Actor& actor, const base::BodyId& body) {
    return std::ranges::any_of(actor.posts, [&](const Post& post) {
        return post.body == body && post.establishments.empty();
    });
}

Outcome<void> may_list(Tx& tx, const Actor& actor, const ListFilter& filter) {
    if (actor.service) return {};
    if (filter.organisation) {
        if (actor.is_member(*filter.organisation)) return {};
        return refuse("not_found", "organisation");
    }
    if (filter.body) {
        if (covers_body(actor, *filter.body)) return {};
        return refuse("not_found", "body");
    }
    const auto body = tx.body_of(*filter.establishment);
    if (body && actor.works_at(*body, *filter.establishment)) return {};
    return refuse("not_found", "establishment");
}

net::Response list(const DeskApi& api, const net::Request& request) {
    const auto filter = filter_of(request);
    return run_read(api, request, [&](Tx& tx, const Actor& actor) -> Outcome<nlohmann::json> {
        if (!filter) return std::unexpected(Refusal(filter.error()));
        if (const auto may = may_list(tx, actor, *filter); !may) {
            return std::unexpected(may.error());
        }
        const auto page = tx.list(*filter);
        if (!page) return std::unexpected(Refusal(page.error()));
        auto items = nlohmann::json::array();
        for (const auto& booking : page->items)
            items.push_back(summary_json(booking));
        auto next = page->next.empty() ? nlohmann::json(nullptr)
                                       : nlohmann::json(security::base64url(page->next));
        return nlohmann::json{{"items", std::move(items)}, {"next", std::move(next)}};
    });
}

using Show = std::function<Outcome<nlohmann::json>(Tx&, const Actor&, const Booking&)>;

net::Response show(const DeskApi& api, const net::Request& request, const Show& render) {
    const auto id = path_id<base::BookingId>(request);
    return run_read(api, request, [&](Tx& tx, const Actor& actor) -> Outcome<nlohmann::json> {
        if (!id) return refuse("not_found", "booking");
        const auto booking = api.desk.look(tx, actor, *id);
        if (!booking) return std::unexpected(booking.error());
        return render(tx, actor, *booking);
    });
}

}  // namespace

void add_booking_routes(net::Router& router, const DeskApi& api) {
    using net::Method;
    const auto on = [&](Method method, std::string pattern, std::string operation,
                        std::function<net::Response(const DeskApi&, const net::Request&)> handle) {
        router.add(method, std::move(pattern), std::move(operation),
                   [api, handle = std::move(handle)](const net::Request& request) {
                       return handle(api, request);
                   });
    };
    on(Method::get, "/v1/terms", "getTerms", terms);
    on(Method::post, "/v1/quotes", "quote", quote);
    on(Method::post, "/v1/bookings", "submitBooking", submit);
    on(Method::get, "/v1/bookings", "listBookings", list);
    on(Method::get, "/v1/bookings/{id}", "getBooking", [](const auto& a, const auto& request) {
        return show(a, request, [&a](Tx& tx, const Actor& actor, const Booking& booking) {
            auto answer = to_json(booking, a.desk.acts_of(tx, actor, booking));
            auto& others = answer["together"] = nlohmann::json::array();
            for (const auto& id : tx.joined_with(booking.id)) {
                const auto other = a.desk.look(tx, actor, id);
                if (other) others.push_back(joined_json(*other));
            }
            return Outcome<nlohmann::json>(std::move(answer));
        });
    });
    on(Method::get, "/v1/bookings/{id}/history", "getBookingHistory",
       [](const auto& a, const auto& request) {
           return show(a, request, [](Tx& tx, const Actor&, const Booking& booking) {
               auto items = nlohmann::json::array();
               for (const auto& line : tx.history(booking.id)) {
                   items.push_back(to_json(line, booking.zone));
               }
               return Outcome<nlohmann::json>(
                   nlohmann::json{{"items", std::move(items)}, {"next", nullptr}});
           });
       });
    on(Method::get, "/v1/bookings/{id}/checks", "getBookingChecks",
       [](const auto& a, const auto& request) {
           return show(
               a, request,
               [&a](Tx& tx, const Actor& actor, const Booking& booking) -> Outcome<nlohmann::json> {
                   const auto checks = a.desk.checks(tx, actor, booking.id);
                   if (!checks) return std::unexpected(checks.error());
                   return to_json(*checks, booking);
               });
       });
}

void add_routes(net::Router& router, const DeskApi& api) {
    add_booking_routes(router, api);
    add_decision_routes(router, api);
    add_proposal_routes(router, api);
    add_series_routes(router, api);
    add_closure_routes(router, api);
    add_planning_routes(router, api);
}

}  // namespace preau::booking::http
