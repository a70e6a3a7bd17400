#pragma once
// Who lends and where: an establishment (the creditor that invoices name) and its site. Both are
// one aggregate with one version: a fact of the site is a fact of its establishment.

#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/id.hpp"

namespace preau::inventory {

/// WGS 84, in millionths of a degree: exact on both engines, about 11 cm.
struct GeoPoint {
    std::int64_t lat_e6 = 0;
    std::int64_t lon_e6 = 0;
    bool operator==(const GeoPoint&) const = default;
};

struct Establishment {
    base::EstablishmentId id;
    base::BodyId body;
    std::string uai;
    std::optional<std::string> siret;
    std::string slug;  // "college-la-garenne-voiron": given once, never changed
    std::string name;  // "Collège La Garenne"
    std::string kind = "college";
    std::string academie;
    bool demonstration = false;
    std::int64_t version = 0;
    bool operator==(const Establishment&) const = default;
};

struct Site {
    base::SiteId id;
    base::EstablishmentId establishment;
    std::string address;
    std::string postcode;
    std::string commune_insee;
    std::string commune_name;
    std::string departement;
    GeoPoint point;
    std::string zone;         // IANA
    std::string school_zone;  // "A", or empty: no published school calendar
    std::string territory;    // of the public holidays
    bool operator==(const Site&) const = default;
};

struct EstablishmentFacts {
    Establishment establishment;
    Site site;
    bool operator==(const EstablishmentFacts&) const = default;
};

struct EstablishmentSummary {
    EstablishmentFacts facts;
    std::int64_t spaces_published = 0;
};

}  // namespace preau::inventory
