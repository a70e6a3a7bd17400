// The public reads. Drafts are added for the staff of their establishment.

#include "services/inventory/http/access.hpp"
#include "services/inventory/http/answer.hpp"
#include "services/inventory/http/routes.hpp"
#include "services/inventory/http/views.hpp"
#include "shared/text/french.hpp"
#include "shared/time/zone.hpp"

namespace preau::inventory {
namespace {

constexpr std::size_t kWordsBytesMax = 200;

/// One record more than asked for tells whether there is a next page.
Page one_more(Page page) {
    ++page.limit;
    return page;
}

template <class Record, class Slug, class View>
nlohmann::json list_of(std::vector<Record> records, const Page& page, Slug slug_of, View view) {
    const auto limit = static_cast<std::size_t>(page.limit);
    nlohmann::json next = nullptr;
    if (records.size() > limit) {
        records.resize(limit);
        next = cursor_after(slug_of(records.back()));
    }
    nlohmann::json items = nlohmann::json::array();
    for (const Record& record : records)
        items.push_back(view(record));
    return {{"items", std::move(items)}, {"next", std::move(next)}};
}

/// An id of the query, or nothing. Another's or a malformed one finds nothing: an empty list.
template <class Id>
base::Result<std::optional<Id>> id_of(const net::Request& request, std::string_view name) {
    const auto text = request.query.find(name);
    if (!text) return std::optional<Id>{};
    const auto id = Id::parse(*text);
    if (!id) {
        const std::string pointer = "/query/" + std::string(name);
        return std::unexpected(base::Error{"invalid", {}, {{pointer, "format", {}}}});
    }
    return std::optional<Id>{*id};
}

const std::string& slug_of_space(const SpaceFacts& facts) {
    return facts.space.slug;
}

}  // namespace

net::Response list_establishments(const Operations& on, const net::Request& request) {
    const auto page = page_of(request);
    if (!page) return net::Response::problem(page.error());
    const std::string_view words = request.query.get("q");
    if (words.size() > kWordsBytesMax) {
        return net::Response::problem({"invalid", {}, {{"/query/q", "length", "200 bytes"}}});
    }
    auto found = on.catalogue.establishments(text::folded(words), one_more(*page));
    if (!found) return net::Response::problem(found.error());
    const auto slug_of = [](const EstablishmentSummary& one) {
        return one.facts.establishment.slug;
    };
    const auto view = [](const EstablishmentSummary& one) { return views::establishment(one); };
    return tagged(request, list_of(std::move(*found), *page, slug_of, view));
}

net::Response get_establishment(const Operations& on, const net::Request& request) {
    const auto caller = on.identify(request);
    if (!caller) return net::Response::problem(caller.error());
    const auto found = on.catalogue.establishment(request.params.get("id"));
    if (!found) return net::Response::problem(found.error());
    // A collège has some ten rooms; the page shows the first hundred.
    const auto spaces = on.catalogue.spaces(found->establishment.id, visibility_of(*caller),
                                            {.after = {}, .limit = 100});
    if (!spaces) return net::Response::problem(spaces.error());
    nlohmann::json body = views::establishment(*found);
    body["spaces"] = nlohmann::json::array();
    for (const SpaceFacts& space : *spaces)
        body["spaces"].push_back(views::space_short(space));
    return tagged(request, body, found->establishment.version);
}

net::Response list_spaces(const Operations& on, const net::Request& request) {
    const auto caller = on.identify(request);
    if (!caller) return net::Response::problem(caller.error());
    const auto page = page_of(request);
    if (!page) return net::Response::problem(page.error());
    const auto establishment = id_of<base::EstablishmentId>(request, "establishment_id");
    if (!establishment) return net::Response::problem(establishment.error());
    auto found = on.catalogue.spaces(*establishment, visibility_of(*caller), one_more(*page));
    if (!found) return net::Response::problem(found.error());
    return tagged(request, list_of(std::move(*found), *page, slug_of_space, views::space_short));
}

net::Response get_space(const Operations& on, const net::Request& request) {
    const auto caller = on.identify(request);
    if (!caller) return net::Response::problem(caller.error());
    const auto found = on.catalogue.space(request.params.get("id"));
    if (!found) return net::Response::problem(found.error());
    if (!may_see(*caller, found->space)) return net::Response::problem({"not_found", {}, {}});
    const auto tariffs = on.catalogue.tariffs(found->space.body);
    if (!tariffs) return net::Response::problem(tariffs.error());
    const auto zone = time::Zone::find(found->at.site.zone).value_or(time::Zone::paris());
    const time::Date today = zone.local(on.business_clock.now()).date;
    return tagged(request, views::space(*found, *tariffs, today), found->space.version);
}

net::Response list_calendars(const Operations& on, const net::Request& request) {
    const auto stored = on.catalogue.calendars();
    if (!stored) return net::Response::problem(stored.error());
    return tagged(request, views::calendars(*stored));
}

net::Response list_tariffs(const Operations& on, const net::Request& request) {
    const auto body = id_of<base::BodyId>(request, "body_id");
    if (!body) return net::Response::problem(body.error());
    const auto found = on.catalogue.tariffs(*body);
    if (!found) return net::Response::problem(found.error());
    nlohmann::json items = nlohmann::json::array();
    for (const Tariff& tariff : *found)
        items.push_back(views::tariff(tariff));
    return tagged(request, {{"items", std::move(items)}, {"next", nullptr}});
}

}  // namespace preau::inventory
