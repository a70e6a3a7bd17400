#include "services/booking/jobs/import_bookings.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <span>
#include <sstream>
#include <tuple>

#include "services/booking/domain/import_sheet.hpp"
#include "shared/base/import_ids.hpp"
#include "shared/text/french.hpp"
#include "shared/words/format.hpp"
#include "shared/words/import_report.hpp"

namespace preau::booking {

namespace {

constexpr const char* kFile = "reservations.csv";
constexpr std::uintmax_t kFileBytesMax = 64U * 1024 * 1024;
constexpr std::size_t kBatch = 50;        // bookings in one transaction
constexpr std::size_t kNumbersMax = 100;  // in one question to accounts
constexpr std::string_view kRehearsed = "rehearsed";

/// A line whose room and hirer are known.
struct Wish {
    const ImportLine* line = nullptr;
    SpaceRef space;
    ImportRequest request;
};

/// What a batch came to. Filled inside a transaction that may run again: cleared at its start.
struct Done {
    std::size_t created = 0;
    std::size_t known = 0;
    std::size_t dates = 0;
    std::size_t left_out = 0;
    std::vector<text::SheetFault> faults;

    void add(Done more) {
        created += more.created;
        known += more.known;
        dates += more.dates;
        left_out += more.left_out;
        std::ranges::move(more.faults, std::back_inserter(faults));
    }
};

base::Result<std::string> read_whole(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    std::ifstream file(path, std::ios::binary);
    if (error || !file) return base::fail("not_found", path.string());
    if (size > kFileBytesMax) return base::fail("payload_too_large", path.string());
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

const rules::Offer* offer_of(const Space& space, const std::string& part) {
    const rules::Offer* whole = nullptr;
    for (const rules::Offer& offer : space.offers) {
        if (!part.empty() && text::slug(offer.name) == part) return &offer;
        if (whole == nullptr || offer.parts.size() > whole->parts.size()) whole = &offer;
    }
    return part.empty() ? whole : nullptr;
}

class Import {
public:
    Import(SqlStore& store, const Desk& desk, const FindOrganisations& find,
           const ImportOptions& options, const words::Catalogue& words, std::ostream& out)
        : store_(store),
          desk_(desk),
          find_(find),
          options_(options),
          words_(words),
          format_(words),
          out_(out) {}

    base::Result<void> run() {
        const auto bytes = read_whole(std::filesystem::path(options_.folder) / kFile);
        if (!bytes) return std::unexpected(bytes.error());
        const auto sheet = text::Sheet::read(*bytes, import_columns());
        if (!sheet) {
            total_.faults.push_back({0, "columns_missing", {}, sheet.error().detail});
            ++total_.left_out;
            return {};
        }
        read_ = read_import(*sheet);
        lines_ = sheet->rows().size() + sheet->faults().size();
        total_.left_out = lines_ - std::min(lines_, read_.lines.size());
        total_.faults = std::move(read_.faults);
        if (auto done = know_organisations(); !done) return done;
        if (auto done = know_rooms(); !done) return done;
        return take_all();
    }

    /// Also after a run that stopped: what it did until then.
    bool report() {
        words::report_faults(out_, words_, kFile, total_.faults);
        out_ << words_.fill("import.bookings", {{"read", std::to_string(lines_)},
                                                {"created", std::to_string(total_.created)},
                                                {"dates", std::to_string(total_.dates)},
                                                {"known", std::to_string(total_.known)},
                                                {"left_out", std::to_string(total_.left_out)}})
             << "\n";
        return total_.left_out == 0;
    }

private:
    void leave_out(const ImportLine& line, std::string code, std::string column,
                   std::string value) {
        ++total_.left_out;
        total_.faults.push_back({line.line, std::move(code), std::move(column), std::move(value)});
    }

    base::Result<void> know_organisations() {
        std::vector<std::string> asked;
        for (const ImportLine& line : read_.lines)
            asked.push_back(line.register_number);
        std::ranges::sort(asked);
        asked.erase(std::ranges::unique(asked).begin(), asked.end());
        for (std::size_t at = 0; at < asked.size(); at += kNumbersMax) {
            const auto end = std::min(asked.size(), at + kNumbersMax);
            const auto found = find_({asked.begin() + static_cast<std::ptrdiff_t>(at),
                                      asked.begin() + static_cast<std::ptrdiff_t>(end)});
            if (!found) return std::unexpected(found.error());
            organisations_.insert(found->begin(), found->end());
        }
        return {};
    }

    /// The rooms of an establishment as this service knows them, read once.
    base::Result<const std::vector<SpaceRef>*> rooms_of(const std::string& uai) {
        if (const auto known = rooms_.find(uai); known != rooms_.end()) return &known->second;
        auto read = store_.read([&](Tx& tx) -> Outcome<std::vector<SpaceRef>> {
            return tx.spaces_of_establishment(base::demo::establishment_id(uai));
        });
        if (!read) return std::unexpected(read.error().error);
        return &rooms_.emplace(uai, *std::move(read)).first->second;
    }

    base::Result<void> know_rooms() {
        for (const ImportLine& line : read_.lines) {
            const auto rooms = rooms_of(line.uai);
            if (!rooms) return std::unexpected(rooms.error());
            const auto id = base::imported::space_id(line.uai, line.room);
            const auto room = std::ranges::find_if(**rooms, [&](const SpaceRef& space) {
                return space->id == id || space->slug == line.room ||
                       text::slug(space->name) == line.room;
            });
            const auto organisation = organisations_.find(line.register_number);
            if ((*rooms)->empty()) {
                leave_out(line, "unknown_uai", "uai", line.uai);
            } else if (room == (*rooms)->end()) {
                leave_out(line, "unknown_room", "salle", line.room);
            } else if (const auto* offer = offer_of(**room, line.part); offer == nullptr) {
                leave_out(line, "unknown_part", "partie", line.part);
            } else if (organisation == organisations_.end()) {
                leave_out(line, "unknown_organisation", "association", line.register_number);
            } else {
                wish(line, *room, *offer, organisation->second);
            }
        }
        return {};
    }

    void wish(const ImportLine& line, const SpaceRef& space, const rules::Offer& offer,
              const base::OrganisationId& organisation) {
        ImportRequest request;
        request.id = base::imported::booking_id(space->body, line.number);
        request.organisation = organisation;
        request.offer = offer.id;
        request.requester = "service:booking";
        request.when = line.when;
        request.purpose = line.purpose;
        request.headcount = line.headcount;
        request.whole = true;
        line_of_[request.id] = line.line;
        wishes_.push_back({&line, space, std::move(request)});
    }

    /// Only rooms with a part in common can clash, and these lie at one site: a rehearsal that
    /// undoes a site at a time sees every clash within the file.
    base::Result<void> take_all() {
        std::ranges::sort(wishes_, {}, [](const Wish& wish) {
            return std::tuple(wish.space->site, wish.space->id, wish.line->line);
        });
        const std::span<const Wish> all(wishes_);
        for (std::size_t from = 0; from < all.size();) {
            std::size_t end = from + 1;
            const auto together = [&](const Wish& wish) {
                if (options_.rehearsal) return wish.space->site == all[from].space->site;
                return end - from < kBatch;
            };
            while (end < all.size() && together(all[end]))
                ++end;
            auto done = take(all.subspan(from, end - from));
            if (!done) return std::unexpected(done.error());
            total_.add(*std::move(done));
            from = end;
        }
        return {};
    }

    base::Result<Done> take(std::span<const Wish> batch) {
        Done done;
        const auto taken = store_.transact([&](Tx& tx) -> Outcome<bool> {
            done = {};
            for (const Wish& wish : batch)
                take_one(tx, wish, done);
            if (options_.rehearsal) return refuse(std::string(kRehearsed));
            return true;
        });
        if (!taken && taken.error().error.code != kRehearsed) {
            return std::unexpected(taken.error().error);
        }
        return done;
    }

    void take_one(Tx& tx, const Wish& wish, Done& done) {
        if (tx.booking_exists(wish.request.id)) {
            ++done.known;
            return;
        }
        std::optional<Refusal> refused;
        tx.attempt([&] {
            const auto booking = desk_.import_booking(tx, wish.request);
            if (!booking) {
                refused = booking.error();
                return false;
            }
            ++done.created;
            done.dates += static_cast<std::size_t>(booking->dates_count);
            return true;
        });
        if (!refused) return;
        ++done.left_out;
        tell(tx, wish, *refused, done.faults);
    }

    void tell(Tx& tx, const Wish& wish, const Refusal& refusal,
              std::vector<text::SheetFault>& faults) const {
        for (const Conflict& conflict : refusal.conflicts)
            faults.push_back(fault_of(tx, *wish.line, conflict));
        if (!refusal.conflicts.empty()) return;
        const auto& error = refusal.error;
        const std::string detail =
            error.fields.empty() ? error.detail : error.fields.front().detail;
        std::string code = error.code;
        if (code == "forbidden") {
            code = detail == "none" ? "unknown_organisation" : "suspended_organisation";
        }
        if (!words_.has("import.fault." + code)) {
            faults.push_back({wish.line->line, "refused", {}, error.code});
            return;
        }
        faults.push_back({wish.line->line,
                          std::move(code),
                          {},
                          detail == "none" ? wish.line->register_number : detail});
    }

    text::SheetFault fault_of(Tx& tx, const ImportLine& line, const Conflict& conflict) const {
        const auto& slot = conflict.slot;
        const std::string when = format_.date(slot.local_date) + ", " +
                                 format_.range(slot.start_minute, slot.end_minute);
        if (const auto in_file = line_of_.find(conflict.with); in_file != line_of_.end()) {
            return {line.line, "clash_line", std::to_string(in_file->second), when};
        }
        if (!conflict.with.empty()) {
            if (const auto other = tx.find(conflict.with)) {
                return {line.line, "clash_booking", other->reference, when};
            }
        }
        std::string key = "reason." + conflict.reason;
        if (!words_.has(key)) key = "reason." + std::string(rules::to_string(conflict.state));
        return {line.line, "slot", words_.text(key), when};
    }

    SqlStore& store_;
    const Desk& desk_;
    const FindOrganisations& find_;
    const ImportOptions& options_;
    const words::Catalogue& words_;
    words::Format format_;
    std::ostream& out_;
    ImportSheet read_;
    std::size_t lines_ = 0;
    std::map<std::string, base::OrganisationId> organisations_;
    std::map<std::string, std::vector<SpaceRef>> rooms_;
    std::map<base::BookingId, std::size_t> line_of_;
    std::vector<Wish> wishes_;
    Done total_;
};

}  // namespace

base::Result<ImportOptions> import_options(const std::vector<std::string>& arguments) {
    ImportOptions out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--dry-run") {
            out.rehearsal = true;
        } else if (arguments[i] == "--from" && i + 1 < arguments.size()) {
            out.folder = arguments[++i];
        } else {
            return base::fail("invalid", "usage: import --from <folder> [--dry-run]");
        }
    }
    if (out.folder.empty()) return base::fail("invalid", "--from is required");
    return out;
}

FindOrganisations find_through(const host::Peers& peers) {
    using Found = base::Result<std::map<std::string, base::OrganisationId>>;
    return [&peers](const std::vector<std::string>& numbers) -> Found {
        std::string list;
        for (const std::string& number : numbers)
            list += (list.empty() ? "" : ",") + number;
        const auto answer = peers.call("accounts", net::Method::get,
                                       "/v1/organisations?registers=" + list, nullptr, nullptr);
        if (!answer) return std::unexpected(answer.error());
        const auto body = answer->json();
        if (!answer->ok() || !body || !body->contains("items")) {
            return base::fail("upstream_unavailable", std::to_string(answer->status));
        }
        std::map<std::string, base::OrganisationId> out;
        for (const auto& item : (*body)["items"]) {
            const auto id = base::OrganisationId::parse(item.value("id", ""));
            if (!id) continue;
            for (const char* key : {"id", "rna", "siren", "siret"}) {
                if (const std::string number = item.value(key, ""); !number.empty())
                    out.emplace(number, *id);
            }
        }
        return out;
    };
}

int import_bookings(SqlStore& store, const Desk& desk, const FindOrganisations& find,
                    const ImportOptions& options, const words::Catalogue& words,
                    std::ostream& out) {
    Import import(store, desk, find, options, words, out);
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

}  // namespace preau::booking
