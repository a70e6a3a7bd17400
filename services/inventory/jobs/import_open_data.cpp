#include "services/inventory/jobs/import_open_data.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <span>
#include <sstream>

#include "services/inventory/domain/open_data.hpp"
#include "services/inventory/domain/territory.hpp"
#include "services/inventory/jobs/files.hpp"
#include "shared/text/sheet.hpp"
#include "shared/words/import_report.hpp"

namespace preau::inventory {
namespace {

constexpr std::size_t kBatch = 500;  // establishments in one transaction

base::Result<text::CsvTable> read_csv(const std::filesystem::path& path) {
    const auto bytes = read_whole(path);
    if (!bytes) return std::unexpected(bytes.error());
    text::CsvTable table = text::parse_csv(text::to_utf8(*bytes));
    if (table.header.empty()) return base::fail("invalid", path.string() + " has no header line");
    return table;
}

/// One run: carries the error of the step that failed.
class Import {
public:
    Import(Catalogue& catalogue, const ImportOptions& options, const words::Catalogue& words,
           std::ostream& out)
        : catalogue_(catalogue), options_(options), words_(words), out_(out) {}

    base::Result<void> run() {
        if (auto done = calendars(); !done) return done;
        return colleges();
    }

private:
    void report(const std::string& file, const std::vector<text::SheetFault>& faults) {
        words::report_faults(out_, words_, file, faults);
    }

    void tell(const std::string& file, const Changes& changes) {
        const auto read = changes.created + changes.updated + changes.unchanged;
        out_ << words_.count("import.lines", static_cast<std::int64_t>(read), {{"file", file}})
             << words_.fill("import.changes", {{"created", std::to_string(changes.created)},
                                               {"updated", std::to_string(changes.updated)},
                                               {"unchanged", std::to_string(changes.unchanged)}})
             << "\n";
    }

    base::Result<text::CsvTable> open(const std::string& name) const {
        const auto inside = std::filesystem::path(options_.data_dir) / name;
        const bool elsewhere = !std::filesystem::exists(inside) && std::filesystem::exists(name);
        return read_csv(elsewhere ? std::filesystem::path(name) : inside);
    }

    base::Result<void> calendars() {
        const auto school_table = open("vacances_scolaires.csv");
        if (!school_table) return std::unexpected(school_table.error());
        const auto schools = read_school_holidays(*school_table);
        if (!schools) return std::unexpected(named("vacances_scolaires.csv", schools.error()));
        const auto public_table = open("jours_feries.csv");
        if (!public_table) return std::unexpected(public_table.error());
        const auto days = read_public_holidays(*public_table);
        if (!days) return std::unexpected(named("jours_feries.csv", days.error()));
        report("vacances_scolaires.csv", schools->faults);
        report("jours_feries.csv", days->faults);
        const auto stored = catalogue_.put_calendars(schools->zones, days->territories);
        if (!stored) return std::unexpected(stored.error());
        tell("vacances_scolaires.csv, jours_feries.csv", *stored);
        for (const rules::SchoolCalendar& calendar : schools->zones) {
            out_ << words_.fill("import.calendar", {{"zone", calendar.zone},
                                                    {"from", calendar.known_from.iso()},
                                                    {"until", calendar.known_until.iso()}})
                 << "\n";
        }
        return {};
    }

    base::Result<Gazetteer> gazetteer() const {
        const auto communes = open("communes_france.csv");
        if (!communes) return std::unexpected(communes.error());
        const auto academies = open("academies_zones.csv");
        if (!academies) return std::unexpected(academies.error());
        const auto departements = open("departements.csv");
        if (!departements) return std::unexpected(departements.error());
        return read_gazetteer(*communes, *academies, *departements);
    }

    base::Result<void> colleges() {
        const auto places = gazetteer();
        if (!places) return std::unexpected(places.error());
        const auto table = open(options_.colleges_file);
        if (!table) return std::unexpected(table.error());
        const auto read = read_colleges(*table, options_.departements, *places, options_.body);
        if (!read) return std::unexpected(named(options_.colleges_file, read.error()));
        out_ << words_.fill("import.colleges", {{"read", std::to_string(read->read)},
                                                {"open", std::to_string(read->open.size())},
                                                {"faulty", std::to_string(read->faults.size())},
                                                {"not_open", std::to_string(read->not_open)},
                                                {"not_public", std::to_string(read->not_public)},
                                                {"elsewhere", std::to_string(read->elsewhere)}})
             << "\n";
        report(options_.colleges_file, read->faults);
        Changes all;
        const std::span<const EstablishmentFacts> records(read->open);
        for (std::size_t at = 0; at < records.size(); at += kBatch) {
            const auto batch = records.subspan(at, std::min(kBatch, records.size() - at));
            const auto stored = catalogue_.put_establishments(batch);
            if (!stored) return std::unexpected(stored.error());
            all += *stored;
        }
        tell(options_.colleges_file, all);
        return {};
    }

    static base::Error named(const std::string& file, base::Error error) {
        error.detail = file + ": " + error.detail;
        return error;
    }

    Catalogue& catalogue_;
    const ImportOptions& options_;
    const words::Catalogue& words_;
    std::ostream& out_;
};

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string one; std::getline(in, one, ',');)
        out.push_back(one);
    return out;
}

}  // namespace

base::Result<ImportOptions> import_options(const std::vector<std::string>& arguments) {
    ImportOptions options;
    bool all = false;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const std::string& name = arguments[i];
        if (i + 1 == arguments.size()) return base::fail("invalid", name + " needs a value");
        const std::string& value = arguments[i + 1];
        if (name == "--data") {
            options.data_dir = value;
        } else if (name == "--colleges") {
            options.colleges_file = value;
        } else if (name == "--departement") {
            all = all || value == "all";
            for (const std::string& one :
                 value == "all" ? std::vector<std::string>{} : split(value)) {
                const std::string code = departement_code(one);
                if (code.empty()) return base::fail("invalid", "no département \"" + one + "\"");
                options.departements.insert(code);
            }
        } else if (name == "--body") {
            options.body = base::BodyId::parse(value);
            if (!options.body) return base::fail("invalid", "--body needs an id");
        } else {
            return base::fail("invalid", "unknown argument " + name);
        }
    }
    if (options.data_dir.empty()) return base::fail("invalid", "--data is required");
    if (options.departements.empty() && !all) {
        return base::fail("invalid", "--departement is required (38, or 38,73, or all)");
    }
    if (all) options.departements.clear();
    return options;
}

int import_open_data(Catalogue& catalogue, const ImportOptions& options,
                     const words::Catalogue& words, std::ostream& out) {
    const auto done = Import(catalogue, options, words, out).run();
    if (done) return 0;
    out << words.fill("import.stopped", {{"why", done.error().detail}}) << "\n";
    return 1;
}

}  // namespace preau::inventory
