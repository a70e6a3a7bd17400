#include "services/inventory/jobs/import_sheets.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>
#include <span>

#include "services/inventory/domain/moving_in.hpp"
#include "services/inventory/domain/open_data.hpp"
#include "services/inventory/jobs/files.hpp"
#include "shared/base/demo_ids.hpp"
#include "shared/rules/vocabulary.hpp"
#include "shared/text/french.hpp"
#include "shared/words/import_report.hpp"

namespace preau::inventory {
namespace {

using moving_in::Told;

constexpr std::size_t kBatch = 200;  // records in one transaction

moving_in::Words words_for(const words::Catalogue& words, std::span<const std::string_view> codes,
                           const std::string& key, const std::string& leaf = {}) {
    moving_in::Words out;
    for (const std::string_view code : codes) {
        out.emplace(text::folded(code), code);
        const std::string named = key + "." + std::string(code) + leaf;
        if (words.has(named)) out.emplace(text::folded(words.text(named)), code);
    }
    return out;
}

moving_in::Vocabulary vocabulary(const words::Catalogue& words) {
    return {words_for(words, rules::kind_words(), "kind", ".name"),
            words_for(words, rules::equipment_words(), "equipment"),
            words_for(words, rules::purpose_words(), "purpose")};
}

template <class Record>
std::vector<Record> records_of(const std::vector<Told<Record>>& told) {
    std::vector<Record> out;
    for (const auto& one : told)
        out.push_back(one.record);
    return out;
}

/// Two tariffs say the same prices.
bool same_prices(const rules::TariffVersion& a, const rules::TariffVersion& b) {
    const auto keys = [](const rules::TariffVersion& grid) {
        std::set<std::string> out;
        for (const auto& line : grid.lines) {
            out.insert(line.tariff_kind + ":" + line.category + ":" +
                       std::string(rules::to_string(line.unit)) + ":" +
                       std::to_string(line.amount.value));
        }
        return out;
    };
    return keys(a) == keys(b);
}

/// One run: carries the error of the step that failed.
class Import {
public:
    Import(Catalogue& catalogue, const SheetOptions& options, const words::Catalogue& words,
           time::Date today, std::ostream& out)
        : catalogue_(catalogue), options_(options), words_(words), today_(today), out_(out) {}

    base::Result<void> run() {
        if (auto done = know_establishments(); !done) return done;
        for (auto step : {&Import::sites, &Import::tariffs, &Import::votes, &Import::rooms}) {
            if (auto done = (this->*step)(); !done) return done;
        }
        out_ << words_.text(options_.rehearsal ? "import.rehearsed" : "import.stored") << "\n";
        return {};
    }

    std::size_t left_out() const { return left_out_; }

private:
    /// Nothing where the body brings no such file.
    base::Result<std::optional<text::Sheet>> sheet(const std::string& name,
                                                   std::span<const text::SheetColumn> columns) {
        const auto path = std::filesystem::path(options_.folder) / name;
        if (!std::filesystem::exists(path)) return std::nullopt;
        const auto bytes = read_whole(path);
        if (!bytes) return std::unexpected(bytes.error());
        auto read = text::Sheet::read(*bytes, columns);
        if (read) return *std::move(read);
        report(name, {{0, "columns_missing", {}, read.error().detail}});
        return std::nullopt;
    }

    void report(const std::string& file, const std::vector<text::SheetFault>& faults) {
        std::set<std::size_t> lines;
        for (const auto& fault : faults)
            lines.insert(fault.line);
        left_out_ += lines.size();
        words::report_faults(out_, words_, file, faults);
    }

    void tell(const std::string& file, std::size_t read, const Changes& changes) {
        out_ << words_.count("import.lines", static_cast<std::int64_t>(read), {{"file", file}});
        out_ << words_.fill("import.changes", {{"created", std::to_string(changes.created)},
                                               {"updated", std::to_string(changes.updated)},
                                               {"unchanged", std::to_string(changes.unchanged)}})
             << "\n";
    }

    /// Stores in bounded transactions; a rehearsal only counts.
    template <class Record>
    base::Result<void> store(const std::string& file, std::span<const Record> records,
                             base::Result<Changes> (Catalogue::*put)(std::span<const Record>)) {
        if (options_.rehearsal) {
            out_ << words_.count("import.lines", static_cast<std::int64_t>(records.size()),
                                 {{"file", file}})
                 << "\n";
            return {};
        }
        Changes all;
        for (std::size_t at = 0; at < records.size(); at += kBatch) {
            const auto batch = records.subspan(at, std::min(kBatch, records.size() - at));
            const auto stored = (catalogue_.*put)(batch);
            if (!stored) return std::unexpected(stored.error());
            all += *stored;
        }
        tell(file, records.size(), all);
        return {};
    }

    base::Result<void> know_establishments() {
        const auto known = catalogue_.establishments_of(options_.body);
        if (!known) return std::unexpected(known.error());
        for (const auto& one : *known)
            establishments_[one.establishment.uai] = one;
        return {};
    }

    base::Result<text::CsvTable> open_data(const std::string& name) const {
        const auto bytes = read_whole(std::filesystem::path(options_.data_dir) / name);
        if (!bytes) return std::unexpected(bytes.error());
        return text::parse_csv(*bytes);
    }

    base::Result<void> sites() {
        const std::string name = "sites.csv";
        const auto path = std::filesystem::path(options_.folder) / name;
        if (!std::filesystem::exists(path)) return {};
        const auto bytes = read_whole(path);
        if (!bytes) return std::unexpected(bytes.error());
        const auto communes = open_data("communes_france.csv");
        const auto academies = open_data("academies_zones.csv");
        const auto departements = open_data("departements.csv");
        if (!communes || !academies || !departements) {
            return base::fail("not_found",
                              "--data: communes_france.csv, academies_zones.csv, "
                              "departements.csv");
        }
        const auto places = read_gazetteer(*communes, *academies, *departements);
        if (!places) return std::unexpected(places.error());
        auto read =
            read_colleges(text::parse_csv(text::to_utf8(*bytes)), {}, *places, options_.body);
        if (!read) return std::unexpected(read.error());
        report(name, read->faults);
        for (const auto& one : read->open) {
            // What is stored already keeps its id and its body.
            establishments_.emplace(one.establishment.uai, one);
        }
        return store(name, std::span<const EstablishmentFacts>(read->open),
                     &Catalogue::put_establishments);
    }

    base::Result<void> tariffs() {
        const std::string name = "tarifs.csv";
        auto given = sheet(name, moving_in::tariff_columns());
        if (!given) return std::unexpected(given.error());
        if (!*given) return {};
        auto read = moving_in::read_tariffs(**given, establishments_, options_.body);
        const auto stored = catalogue_.tariffs(options_.body);
        if (!stored) return std::unexpected(stored.error());
        Changes all;
        for (const auto& [line, tariff] : read.records) {
            const auto known = std::ranges::find(*stored, tariff.grid.id,
                                                 [](const Tariff& one) { return one.grid.id; });
            if (known != stored->end() && !same_prices(known->grid, tariff.grid)) {
                read.faults.push_back({line, "voted_already", "deliberation"});
                continue;
            }
            if (options_.rehearsal) continue;
            const auto put = catalogue_.put_tariff(tariff);
            if (!put) return std::unexpected(put.error());
            all += *put;
        }
        report(name, read.faults);
        tell(name, (*given)->rows().size(), all);
        return {};
    }

    base::Result<void> votes() {
        const std::string name = "deliberations.csv";
        const auto given = sheet(name, moving_in::vote_columns());
        if (!given) return std::unexpected(given.error());
        if (!*given) return {};
        const auto read = moving_in::read_votes(**given, establishments_, today_);
        report(name, read.faults);
        votes_ = records_of(read.records);
        return store(name, std::span<const Deliberation>(votes_), &Catalogue::put_deliberations);
    }

    base::Result<void> rooms() {
        const std::string name = "salles.csv";
        const auto given = sheet(name, moving_in::room_columns());
        if (!given) return std::unexpected(given.error());
        if (!*given) return {};
        auto read = moving_in::read_rooms(**given, establishments_, vocabulary(words_));
        const auto hours = sheet("horaires.csv", moving_in::hours_columns());
        if (!hours) return std::unexpected(hours.error());
        if (*hours) {
            report("horaires.csv", moving_in::add_hours(**hours, read.records, establishments_));
        }
        std::vector<Space> sound;
        for (auto& [line, space] : read.records) {
            auto faults = fit(line, space, hours->has_value());
            if (!faults) return std::unexpected(faults.error());
            if (faults->empty()) sound.push_back(std::move(space));
            std::ranges::move(*faults, std::back_inserter(read.faults));
        }
        report(name, read.faults);
        return store(name, std::span<const Space>(sound), &Catalogue::put_spaces);
    }

    /// Meets the room as it is stored, and the rules of publication.
    base::Result<std::vector<text::SheetFault>> fit(std::size_t line, Space& space,
                                                    bool with_hours) {
        std::vector<text::SheetFault> faults;
        if (auto hours = checked(space.opening, ""); hours) {
            space.opening = *std::move(hours);
        } else {
            faults.push_back({line, "hours", "horaires.csv"});
        }
        const auto known = catalogue_.space(space.id.str());
        if (known) {
            keep_known(known->space, space, with_hours);
            if (!same_division(known->space, space)) faults.push_back({line, "division_changed"});
        } else if (known.error().code != "not_found") {
            return std::unexpected(known.error());
        } else if (const auto other = catalogue_.space(space.slug); other) {
            space.slug += "-" + text::slug(space.id.str().substr(20));
        }
        if (!space.published) return faults;
        if (space.opening.frames.empty()) faults.push_back({line, "no_hours", "publiee"});
        auto votes = catalogue_.deliberations(space.establishment);
        if (!votes) return std::unexpected(votes.error());
        std::ranges::copy_if(votes_, std::back_inserter(*votes), [&](const Deliberation& one) {
            return one.establishment == space.establishment;
        });
        if (!covered(*votes, space.id, today_)) {
            faults.push_back({line, "no_deliberation", "publiee"});
        }
        return faults;
    }

    /// What the file does not tell stays as it was settled in the office.
    static void keep_known(const Space& known, Space& space, bool with_hours) {
        space.slug = known.slug;
        space.demonstration = known.demonstration;
        space.pending_holds = known.pending_holds;
        space.two_levels = known.two_levels;
        space.auto_accept = known.auto_accept;
        space.opening.exceptions = known.opening.exceptions;
        if (!with_hours) space.opening.frames = known.opening.frames;
    }

    static bool same_division(const Space& known, const Space& space) {
        return std::ranges::equal(known.parts, space.parts, {}, &Part::id, &Part::id);
    }

    Catalogue& catalogue_;
    const SheetOptions& options_;
    const words::Catalogue& words_;
    time::Date today_;
    std::ostream& out_;
    moving_in::Establishments establishments_;
    std::vector<Deliberation> votes_;
    std::size_t left_out_ = 0;
};

}  // namespace

base::Result<SheetOptions> sheet_options(const std::vector<std::string>& arguments) {
    SheetOptions options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        if (name == "--dry-run") {
            options.rehearsal = true;
            continue;
        }
        if (i + 1 == arguments.size()) return base::fail("invalid", name + " needs a value");
        const std::string& value = arguments[++i];
        if (name == "--from") {
            options.folder = value;
        } else if (name == "--data") {
            options.data_dir = value;
        } else if (name == "--body") {
            options.body =
                base::BodyId::parse(value).value_or(base::demo::body_id(text::slug(value)));
        } else {
            return base::fail("invalid", "unknown argument " + name);
        }
    }
    if (options.body.empty()) return base::fail("invalid", "--body is required");
    if (!std::filesystem::is_directory(options.folder)) {
        return base::fail("invalid", "--from needs a folder");
    }
    return options;
}

int import_sheets(Catalogue& catalogue, const SheetOptions& options, const words::Catalogue& words,
                  time::Date today, std::ostream& out) {
    Import import(catalogue, options, words, today, out);
    const auto done = import.run();
    if (!done) {
        out << words.fill(
                   "import.stopped",
                   {{"why", done.error().detail.empty() ? done.error().code : done.error().detail}})
            << "\n";
        return 2;
    }
    return import.left_out() == 0 ? 0 : 1;
}

}  // namespace preau::inventory
