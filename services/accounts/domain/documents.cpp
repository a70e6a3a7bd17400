#include "services/accounts/domain/documents.hpp"

namespace preau::accounts {

namespace {

std::unexpected<base::Error> refused(const char* pointer, const char* code, std::string detail) {
    return std::unexpected(base::Error{"invalid", {}, {{pointer, code, std::move(detail)}}});
}

}  // namespace

base::Result<Affiliation> with_document(Affiliation affiliation, const Document& document,
                                        time::Date today) {
    if (const auto* insurance = std::get_if<Insurance>(&document)) {
        const auto last = time::Date::of(today.year() + insured_years_max, 12, 31);
        if (insurance->valid_until < today || insurance->valid_until > last) {
            return refused("/valid_until", "range", today.iso() + ".." + last.iso());
        }
        affiliation.insurance_valid_until = insurance->valid_until.iso();
        return affiliation;
    }
    const auto& signature = std::get<ContractSignature>(document);
    if (signature.version != contract_version) {
        return refused("/contract_version", "unknown", std::string(contract_version));
    }
    if (signature.signed_on > today) return refused("/signed_on", "range", today.iso());
    affiliation.contract_signed_on = signature.signed_on.iso();
    return affiliation;
}

}  // namespace preau::accounts
