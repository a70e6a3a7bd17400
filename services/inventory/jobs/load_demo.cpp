#include "services/inventory/jobs/load_demo.hpp"

#include <charconv>
#include <map>
#include <ostream>

#include "services/inventory/domain/demo.hpp"
#include "shared/base/demo_ids.hpp"
#include "shared/text/french.hpp"

namespace preau::inventory {

namespace {
/// Each board has voted in June that its rooms are lent for two school years.
std::vector<Deliberation> deliberations_of(const std::vector<EstablishmentFacts>& all,
                                           time::Date today) {
    const int year = today.month() >= 9 ? today.year() : today.year() - 1;
    std::vector<Deliberation> out;
    for (const auto& at : all) {
        Deliberation one;
        const auto number = std::to_string(year) + "-17";
        one.id = base::demo::id<DeliberationId>("deliberation", at.establishment.uai + number);
        one.establishment = at.establishment.id;
        one.number = number;
        one.voted_on = time::Date::of(year, 6, 25);
        one.valid_from = time::Date::of(year, 9, 1);
        one.valid_until = time::Date::of(year + 2, 8, 31);
        out.push_back(std::move(one));
    }
    return out;
}
}  // namespace

base::Result<DemoOptions> demo_options(const std::vector<std::string>& arguments) {
    DemoOptions options;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const std::string& name = arguments[i];
        if (i + 1 == arguments.size()) return base::fail("invalid", name + " needs a value");
        const std::string& value = arguments[i + 1];
        if (name == "--seed") {
            const char* end = value.data() + value.size();
            const auto read = std::from_chars(value.data(), end, options.seed);
            if (read.ec != std::errc{} || read.ptr != end) {
                return base::fail("invalid", "--seed needs a number");
            }
        } else if (name == "--body-slug") {
            options.body_slug = text::slug(value);
        } else {
            return base::fail("invalid", "unknown argument " + name);
        }
    }
    return options;
}

int load_demo(Catalogue& catalogue, const DemoOptions& options, time::Date today,
              std::ostream& out) {
    const base::BodyId body = base::demo::body_id(options.body_slug);
    const auto establishments = catalogue.establishments_of(body);
    if (!establishments || establishments->empty()) {
        out << "No establishment of " << options.body_slug << ": run import-open-data first\n";
        return 1;
    }
    const std::vector<Space> spaces = demo::spaces(options.seed, today, *establishments);
    const auto tariff = catalogue.put_tariff(demo::tariff(body, options.body_slug, today));
    const auto votes = catalogue.put_deliberations(deliberations_of(*establishments, today));
    const auto stored = catalogue.put_spaces(spaces);
    if (!stored || !tariff || !votes) {
        const base::Error& error = !stored   ? stored.error()
                                   : !tariff ? tariff.error()
                                             : votes.error();
        out << "Demonstration stopped (" << error.code << "): " << error.detail << "\n";
        return 1;
    }
    std::map<std::string_view, std::size_t> kinds;
    for (const Space& space : spaces)
        ++kinds[to_string(space.kind)];
    out << "Demonstration spaces of " << establishments->size() << " establishments, seed "
        << options.seed << ": " << stored->created << " new, " << stored->updated << " changed, "
        << stored->unchanged << " as before\n";
    for (const auto& [kind, count] : kinds)
        out << "  " << count << " " << kind << "\n";
    out << "Tariff grid: " << (tariff->created > 0 ? "voted" : "as before") << "\n";
    return 0;
}

}  // namespace preau::inventory
