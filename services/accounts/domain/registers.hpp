#pragma once
// The public registers in which French hirers stand: RNA (associations), SIREN and SIRET (INSEE),
// and the court registers of Alsace-Moselle, where the RNA does not exist. Syntax and check digits
// only: whether the number was ever given out is another question. Sources: docs of
// associations.gouv.fr, INSEE; La Poste's exception is documented by INSEE (SIRET of SIREN 356 000
// 000).

#include <optional>
#include <string>
#include <string_view>

namespace preau::accounts {

/// Without the spaces, dots and dashes that people put between groups, letters in upper case.
std::string compacted(std::string_view typed);

/// `W[0-9][0-9A-Z][0-9]{7}`; the third character is a letter in Corsica and overseas. No checksum.
bool is_rna(std::string_view compact);
/// Nine digits whose Luhn sum is a multiple of ten.
bool is_siren(std::string_view compact);
/// Fourteen digits: a SIREN and an office number, Luhn over all; of La Poste (SIREN 356000000) the
/// plain sum of the digits is a multiple of five instead.
bool is_siret(std::string_view compact);

/// An entry of a court register of Alsace-Moselle.
struct CourtEntry {
    std::string departement;  // "57", "67" or "68"
    std::string court;        // "Strasbourg"
    std::string volume;       // "82"
    std::string folio;        // "1234"
    bool operator==(const CourtEntry&) const = default;
};
/// From "67/Strasbourg/82/1234"; nothing when it is not of this form.
std::optional<CourtEntry> court_entry(std::string_view text);

}  // namespace preau::accounts
