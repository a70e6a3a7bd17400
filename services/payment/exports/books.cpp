#include "services/payment/exports/books.hpp"

#include "services/payment/exports/text.hpp"

namespace preau::payment::exports {

namespace {

constexpr std::string_view kColumns[] = {
    "JournalCode", "JournalLib",  "EcritureNum", "EcritureDate", "CompteNum",     "CompteLib",
    "CompAuxNum",  "CompAuxLib",  "PieceRef",    "PieceDate",    "EcritureLib",   "Debit",
    "Credit",      "EcritureLet", "DateLet",     "ValidDate",    "Montantdevise", "Idevise"};

std::string tabbed(const std::vector<std::string>& fields) {
    std::string out;
    for (std::size_t i = 0; i < fields.size(); ++i)
        out += (i == 0 ? "" : "\t") + field(fields[i]);
    return out + "\r\n";
}

/// As the plan calls them.
std::string_view name_of(ledger::Account account) {
    using enum ledger::Account;
    switch (account) {
        case receivable:
            return "Redevables";
        case revenue:
            return "Locations";
        case psp_clearing:
            return "Cartes a l'encaissement";
        case payout_transit:
            return "Virements internes";
        case bank:
            return "Compte au Tresor";
        case offline_clearing:
            return "Valeurs a l'encaissement";
        case fees:
            return "Services bancaires";
        case refund_due:
            return "Excedents a reverser";
        case suspense_in:
            return "Recettes a classer";
        case suspense_out:
            return "Depenses a classer";
        default:
            return ledger::to_string(account);
    }
}

}  // namespace

std::string_view journal_of(const ledger::Entry& entry) {
    using enum ledger::Account;
    bool rent = false;
    bool provider = false;
    for (const auto& posting : entry.postings) {
        if (posting.account == bank) return "BQ";
        provider = provider || posting.account == psp_clearing || posting.account == payout_transit;
        rent = rent || posting.account == revenue;
    }
    if (provider) return "PSP";
    return rent ? "VT" : "OD";
}

std::string_view journal_name(std::string_view code) {
    if (code == "BQ") return "Banque";
    if (code == "PSP") return "Prestataire de paiement";
    return code == "VT" ? "Locations" : "Opérations diverses";
}

std::string fec_head() {
    std::vector<std::string> names;
    for (const auto name : kColumns)
        names.emplace_back(name);
    return tabbed(names);
}

std::string fec_name(const Books& books, time::Date last) {
    return books.uai + "FEC" + compact(last) + ".txt";
}

std::string fec(const Books& books, const std::vector<ledger::Written>& entries,
                Numbering numbering) {
    std::string out;
    for (const auto& one : entries) {
        const auto journal = journal_of(one.entry);
        const auto number = std::to_string(numbering.next(journal));
        const auto happened = books.zone.local(base::Instant{one.entry.happened_at}).date;
        const auto posted = books.zone.local(base::Instant{one.posted_at}).date;
        for (const auto& posting : one.entry.postings) {
            out += tabbed({std::string(journal), std::string(journal_name(journal)), number,
                           compact(one.entry.day), books.numbers.at(posting.account),
                           std::string(name_of(posting.account)), "", "", one.entry.event_key,
                           compact(happened), one.entry.label, euros(posting.debit),
                           euros(posting.credit), "", "", compact(posted), "", ""});
        }
    }
    return out;
}

std::string journal_csv(const Books& books, const std::vector<ledger::Written>& entries) {
    std::string out(byte_order_mark);
    out += row({"date", "piece", "journal", "compte", "libelle", "debit", "credit", "reference",
                "etablissement_uai"});
    const auto side = [](std::int64_t cents) { return cents == 0 ? std::string() : euros(cents); };
    for (const auto& one : entries) {
        for (const auto& posting : one.entry.postings) {
            out += row({one.entry.day.iso(), std::to_string(one.number),
                        std::string(journal_of(one.entry)), cell(books.numbers.at(posting.account)),
                        cell(one.entry.label), side(posting.debit), side(posting.credit),
                        cell(one.entry.event_key), cell(books.uai)});
        }
    }
    return out;
}

}  // namespace preau::payment::exports
