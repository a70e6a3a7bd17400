#pragma once
// The ledger as accounting software reads it: the eighteen columns of the "fichier des écritures
// comptables" (art. A47 A-1 LPF), and a journal for French spreadsheets. Pure: entries in, bytes
// out; the same entries give the same bytes.

#include <map>
#include <string>
#include <vector>

#include "services/payment/ledger/entry.hpp"
#include "shared/time/zone.hpp"

namespace preau::payment::exports {

/// What the files say besides the entries.
struct Books {
    std::string uai;
    std::map<ledger::Account, std::string> numbers;
    time::Zone zone = time::Zone::paris();
};

/// VT: rents established. PSP: at the provider and on the way. BQ: at the bank. OD: the rest.
std::string_view journal_of(const ledger::Entry& entry);
std::string_view journal_name(std::string_view code);

/// Numbers the entries of each journal within a year, without a hole, months one after the other: a
/// month's numbers stand when the months before it are closed.
class Numbering {
public:
    /// Counts an entry of an earlier month of the year.
    void pass(const ledger::Entry& entry) { ++last_[journal_of(entry)]; }
    std::int64_t next(std::string_view journal) { return ++last_[journal]; }

private:
    std::map<std::string_view, std::int64_t, std::less<>> last_;
};

/// `entries` of one month, in the order of their numbers; tab between, AAAAMMJJ, decimal comma. A
/// late fact stands in the month in which it was posted; PieceDate keeps the day on which it
/// happened.
std::string fec(const Books& books, const std::vector<ledger::Written>& entries,
                Numbering numbering);
/// The first line of the file.
std::string fec_head();
/// "0382042NFEC20261031.txt", of the last day.
std::string fec_name(const Books& books, time::Date last);

std::string journal_csv(const Books& books, const std::vector<ledger::Written>& entries);

}  // namespace preau::payment::exports
