#include "services/accounts/domain/records.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "services/accounts/domain/registers.hpp"
#include "shared/time/civil.hpp"

namespace preau::accounts {
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"association", "commune", "public_body",
                                                    "training"};
constexpr std::array<std::string_view, 3> kStatuses = {"active", "suspended", "banned"};
constexpr std::array<std::string_view, 4> kMemberRoles = {"president", "booker", "payer", "member"};
constexpr std::array<std::string_view, 5> kStaffRoles = {"manager", "finance", "caretaker",
                                                         "counter", "admin"};

template <class Enum, std::size_t n>
std::optional<Enum> lookup(const std::array<std::string_view, n>& names, std::string_view text) {
    const auto* const at = std::ranges::find(names, text);
    if (at == names.end()) return std::nullopt;
    return static_cast<Enum>(at - names.begin());
}

template <class Enum, std::size_t n>
std::string_view name(const std::array<std::string_view, n>& names, Enum value) {
    return names.at(static_cast<std::size_t>(value));
}

constexpr std::size_t kNameLengthMax = 200;

}  // namespace

std::string_view to_string(OrganisationKind kind) {
    return name(kKinds, kind);
}
std::string_view to_string(AffiliationStatus status) {
    return name(kStatuses, status);
}
std::string_view to_string(MemberRole role) {
    return name(kMemberRoles, role);
}
std::string_view to_string(StaffRole role) {
    return name(kStaffRoles, role);
}

std::optional<OrganisationKind> organisation_kind(std::string_view text) {
    return lookup<OrganisationKind>(kKinds, text);
}
std::optional<AffiliationStatus> affiliation_status(std::string_view text) {
    return lookup<AffiliationStatus>(kStatuses, text);
}
std::optional<MemberRole> member_role(std::string_view text) {
    return lookup<MemberRole>(kMemberRoles, text);
}
std::optional<StaffRole> staff_role(std::string_view text) {
    return lookup<StaffRole>(kStaffRoles, text);
}

std::optional<std::string> normalised_email(std::string_view typed) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t begin = typed.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return std::nullopt;
    typed = typed.substr(begin, typed.find_last_not_of(kBlanks) - begin + 1);
    std::string email;
    for (const char c : typed) {
        if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return std::nullopt;
        email += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const std::size_t at = email.find('@');
    if (at == std::string::npos || at == 0 || at > 64 || email.size() > 254) return std::nullopt;
    const std::string_view domain = std::string_view(email).substr(at + 1);
    if (domain.find('@') != std::string_view::npos || domain.find('.') == std::string_view::npos ||
        domain.front() == '.' || domain.back() == '.') {
        return std::nullopt;
    }
    return email;
}

base::Result<void> check(const Organisation& organisation) {
    base::Error error{"invalid", {}, {}};
    const auto refuse = [&](const char* pointer, const char* code) {
        error.fields.push_back({pointer, code, {}});
    };
    if (organisation.name.empty()) refuse("/name", "required");
    if (organisation.name.size() > kNameLengthMax) refuse("/name", "length");
    if (!organisation.rna.empty() && !is_rna(organisation.rna)) refuse("/rna", "format");
    if (!organisation.siren.empty() && !is_siren(organisation.siren)) refuse("/siren", "format");
    if (!organisation.siret.empty() && !is_siret(organisation.siret)) refuse("/siret", "format");
    if (!organisation.court_register.empty() && !court_entry(organisation.court_register)) {
        refuse("/court_register", "format");
    }
    if (!organisation.siren.empty() && !organisation.siret.empty() &&
        !organisation.siret.starts_with(organisation.siren)) {
        refuse("/siret", "format");
    }
    const bool by_insee = !organisation.siren.empty() || !organisation.siret.empty();
    const bool by_registry = !organisation.rna.empty() || !organisation.court_register.empty();
    if (organisation.kind == OrganisationKind::association) {
        if (!by_insee && !by_registry) refuse("/rna", "required");
    } else {
        if (!by_insee) refuse("/siret", "required");
        if (by_registry) refuse(organisation.rna.empty() ? "/court_register" : "/rna", "unknown");
    }
    if (!error.fields.empty()) return std::unexpected(std::move(error));
    return {};
}

base::Result<void> check(const Affiliation& affiliation) {
    const auto refused = [](const char* pointer) {
        return std::unexpected(base::Error{"invalid", {}, {{pointer, "format", {}}}});
    };
    if (affiliation.category < 'A' || affiliation.category > 'E') {
        return refused("/category");
    }
    if (affiliation.category == 'A' && affiliation.category_ground.empty()) {
        return base::fail_field("ground_required", "/category_ground");
    }
    const auto bad_date = [](const std::string& iso) {
        return !iso.empty() && !time::Date::parse(iso);
    };
    if (bad_date(affiliation.contract_signed_on)) {
        return refused("/contract_signed_on");
    }
    if (bad_date(affiliation.insurance_valid_until)) {
        return refused("/insurance_valid_until");
    }
    return {};
}

}  // namespace preau::accounts
