#include "services/accounts/jobs/import_associations.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <ostream>

#include "services/accounts/domain/registers.hpp"
#include "services/accounts/jobs/private_file.hpp"
#include "shared/base/import_ids.hpp"
#include "shared/text/sheet.hpp"
#include "shared/words/import_report.hpp"

namespace preau::accounts {
namespace {

constexpr const char* kFile = "associations.csv";
constexpr std::array<text::SheetColumn, 2> kColumns{{{"nom", true}, {"categorie", true}}};

/// The number by which the organisation is known; empty where a register number is wrong.
std::string read_organisation(text::SheetLine& line, Organisation& out) {
    out.name = line.required("nom");
    out.rna = compacted(line.text("rna"));
    const std::string insee = compacted(line.text("siret"));
    (insee.size() == 9 ? out.siren : out.siret) = insee;
    if (out.siret.size() == 14) out.siren = out.siret.substr(0, 9);
    const std::string number = !out.rna.empty() ? out.rna : insee;
    out.id = base::imported::organisation_id(number);
    if (line.sound() && !check(out)) line.fault("registers");
    return number;
}

void read_affiliation(text::SheetLine& line, const base::BodyId& body, Affiliation& out) {
    const std::string category = line.required("categorie");
    out.body = body;
    out.category_ground = line.text("motif");
    if (category.size() != 1 || category.front() < 'A' || category.front() > 'E') {
        if (!category.empty()) line.fault("category", "categorie", category);
        return;
    }
    out.category = category.front();
    if (out.category == 'A' && out.category_ground.empty()) line.fault("ground_required");
}

class Import {
public:
    Import(Store& store, const ImportOptions& options, const words::Catalogue& words,
           base::Instant now, std::ostream& out)
        : store_(store), options_(options), words_(words), now_(now), out_(out) {}

    base::Result<void> run() {
        const auto body = store_.body(options_.body);
        if (!body) return std::unexpected(body.error());
        if (!*body) return base::fail("not_found", "--body " + options_.body);
        const auto bytes = read_file(std::filesystem::path(options_.folder) / kFile);
        if (!bytes) return base::fail("not_found", kFile);
        const auto sheet = text::Sheet::read(*bytes, kColumns);
        if (!sheet) {
            faults_.push_back({0, "columns_missing", {}, sheet.error().detail});
            left_out_ = 1;
            return {};
        }
        faults_ = sheet->faults();
        left_out_ = faults_.size();
        lines_ = sheet->rows().size() + faults_.size();
        for (const text::CsvRow& row : sheet->rows()) {
            text::SheetLine line(*sheet, row);
            if (auto taken = take(line, (*body)->id); !taken) return taken;
            left_out_ += line.sound() ? 0 : 1;
            std::ranges::move(line.faults(), std::back_inserter(faults_));
        }
        return {};
    }

    bool report() {
        words::report_faults(out_, words_, kFile, faults_);
        out_ << words_.fill("import.associations", {{"read", std::to_string(lines_)},
                                                    {"created", std::to_string(created_)},
                                                    {"known", std::to_string(known_)},
                                                    {"left_out", std::to_string(left_out_)}})
             << "\n";
        return left_out_ == 0;
    }

private:
    base::Result<void> take(text::SheetLine& line, const base::BodyId& body) {
        Organisation organisation;
        Affiliation affiliation;
        const std::string number = read_organisation(line, organisation);
        read_affiliation(line, body, affiliation);
        if (!line.sound()) return {};
        const auto [first, fresh] = numbers_.emplace(number, line.number());
        if (!fresh) {
            line.fault("twice", "rna", std::to_string(first->second));
            return {};
        }
        const auto found = store_.organisations_in_registers({number});
        if (!found) return std::unexpected(found.error());
        if (!found->empty()) {
            organisation = found->front().organisation;
            const auto& seen = found->front().affiliations;
            if (std::ranges::find(seen, body, &Affiliation::body) != seen.end()) {
                ++known_;
                return {};
            }
        }
        ++created_;
        if (options_.rehearsal) return {};
        if (found->empty()) {
            if (const auto kept = store_.keep(organisation); !kept) return kept;
        }
        affiliation.organisation = organisation.id;
        affiliation.id = base::imported::id<AffiliationId>(
            "affiliation", organisation.id.str() + ":" + body.str());
        return store_.keep(affiliation, now_);
    }

    Store& store_;
    const ImportOptions& options_;
    const words::Catalogue& words_;
    base::Instant now_;
    std::ostream& out_;
    std::map<std::string, std::size_t> numbers_;
    std::vector<text::SheetFault> faults_;
    std::size_t lines_ = 0;
    std::size_t created_ = 0;
    std::size_t known_ = 0;
    std::size_t left_out_ = 0;
};

}  // namespace

int import_associations(Store& store, const ImportOptions& options, const words::Catalogue& words,
                        base::Instant business_now, std::ostream& out) {
    Import import(store, options, words, business_now, out);
    const auto done = import.run();
    const bool complete = import.report();
    if (!done) {
        const auto& error = done.error();
        out << words.fill("import.stopped",
                          {{"why", error.detail.empty() ? error.code : error.detail}})
            << "\n";
        return 2;
    }
    out << words.text(options.rehearsal ? "import.rehearsed" : "import.stored") << "\n";
    return complete ? 0 : 1;
}

}  // namespace preau::accounts
