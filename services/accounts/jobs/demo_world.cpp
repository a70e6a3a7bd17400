#include "services/accounts/jobs/demo_world.hpp"

#include <array>
#include <random>
#include <utility>

#include "shared/base/demo_ids.hpp"

namespace preau::accounts {
namespace {

namespace demo = base::demo;

constexpr std::string_view kBodySlug = "isere";
constexpr std::string_view kLaGarenne = "0382042N";  // collège La Garenne, Voiron
constexpr std::string_view kPonsard = "0381907S";    // collège François Ponsard, Vienne
constexpr std::size_t kSigningAssociations = 20;

struct Seat {
    const char* slug;
    const char* name;
    char category;
    OrganisationKind kind = OrganisationKind::association;
};

using enum OrganisationKind;
// The first twenty can sign in; the order is part of the contract with scripts and tests.
constexpr std::array kOrganisations = {
    Seat{"as-la-garenne", "Association sportive du collège La Garenne", 'A'},
    Seat{"tatamis", "Les Tatamis du Voironnais", 'B'},
    Seat{"foyer-la-garenne", "Foyer socio-éducatif du collège La Garenne", 'A'},
    Seat{"volley-voiron", "Volley-ball Pays voironnais", 'B'},
    Seat{"choeur-chartreuse", "Chœur de Chartreuse", 'C'},
    Seat{"badminton-moirans", "Les Volants de Moirans", 'B'},
    Seat{"theatre-tullins", "Théâtre du Noyer, Tullins", 'C'},
    Seat{"handball-rives", "Handball-club de Rives", 'B'},
    Seat{"as-vaussenat", "Association sportive du collège Flavius Vaussenat", 'A'},
    Seat{"gym-coublevie", "Gymnastique volontaire de Coublevie", 'C'},
    Seat{"basket-echirolles", "Basket-club d'Échirolles", 'B'},
    Seat{"echecs-grenoble", "Échiquier des Alpes", 'B'},
    Seat{"fanfare-vinay", "Fanfare des Noyeraies, Vinay", 'C'},
    Seat{"escalade-crolles", "Dévers, club d'escalade de Crolles", 'B'},
    Seat{"aikido-meylan", "Aïkido Meylan", 'C'},
    Seat{"cirque-fontaine", "L'École de cirque de Fontaine", 'B'},
    Seat{"danse-vizille", "Pas de deux, danse à Vizille", 'B'},
    Seat{"roller-saint-egreve", "Roller saint-égrévois", 'B'},
    Seat{"philatelie-vienne", "Cercle philatélique viennois", 'C'},
    Seat{"robotique-bourgoin", "Atelier robotique de Bourgoin-Jallieu", 'B'},
    Seat{"parents-la-garenne", "Parents d'élèves du collège La Garenne", 'A'},
    Seat{"parents-fantin-latour", "Parents d'élèves du collège Fantin-Latour", 'A'},
    Seat{"as-ponsard", "Association sportive du collège François Ponsard", 'A'},
    Seat{"foyer-champollion", "Foyer du collège Champollion", 'A'},
    Seat{"as-les-buclos", "Association sportive du collège Les Buclos", 'A'},
    Seat{"judo-voreppe", "Judo-club de Voreppe", 'B'},
    Seat{"tennis-table-vif", "Ping vifois", 'B'},
    Seat{"futsal-pont-de-claix", "Futsal Pont-de-Claix", 'B'},
    Seat{"karate-la-mure", "Karaté matheysin", 'B'},
    Seat{"eveil-saint-marcellin", "Éveil musical de Saint-Marcellin", 'B'},
    Seat{"scouts-la-tour-du-pin", "Éclaireurs des Vals du Dauphiné", 'B'},
    Seat{"tir-arc-domene", "Les Archers de Domène", 'B'},
    Seat{"hip-hop-villefontaine", "Collectif hip-hop de Villefontaine", 'B'},
    Seat{"lutte-roussillon", "Lutte roussillonnaise", 'B'},
    Seat{"gr-seyssinet", "Gymnastique rythmique de Seyssinet", 'B'},
    Seat{"twirling-beaurepaire", "Twirling-bâton de Beaurepaire", 'B'},
    Seat{"aide-devoirs-fontaine", "Coup de pouce Fontaine", 'B'},
    Seat{"jeux-claix", "La Tour de jeux, Claix", 'C'},
    Seat{"yoga-corenc", "Souffle et yoga, Corenc", 'C'},
    Seat{"folklore-la-mure", "La Rigodonne matheysine", 'C'},
    Seat{"cine-club-cremieu", "Ciné-club de Crémieu", 'C'},
    Seat{"amap-chirens", "AMAP de Chirens", 'C'},
    Seat{"dons-vercors", "Donneurs de sang du Vercors", 'C'},
    Seat{"memoire-morestel", "Mémoire et patrimoine de Morestel", 'C'},
    Seat{"aines-coublevie", "Amicale des aînés de Coublevie", 'C'},
    Seat{"repair-cafe-grenoble", "Répare-café des Eaux-Claires", 'C'},
    Seat{"photo-sassenage", "Objectif Sassenage", 'C'},
    Seat{"orchestre-isere", "Orchestre d'harmonie du Grésivaudan", 'C'},
    Seat{"salsa-eybens", "Salsa Eybens", 'C'},
    Seat{"randonnee-trieves", "Randonneurs du Trièves", 'C'},
    Seat{"commune-val-blanc", "Commune de Val-Blanc (fictive)", 'D', commune},
    Seat{"ccas-hauterive", "CCAS de Hauterive (fictif)", 'D', public_body},
    Seat{"interco-trois-cols", "Communauté de communes des Trois Cols (fictive)", 'D', public_body},
    Seat{"formation-alpine", "Institut alpin de formation (fictif)", 'D', training},
    Seat{"formation-isere-numerique", "Isère numérique formation (fictif)", 'D', training},
    Seat{"formation-langues", "Maison des langues (fictive)", 'D', training},
    Seat{"commerce-voiron", "Union des commerçants voironnais", 'E'},
    Seat{"salon-bien-etre", "Salon du bien-être dauphinois", 'E'},
    Seat{"brocante-tullins", "Brocante des quais", 'E'},
    Seat{"boxe-suspendue", "Boxing-club des Glières", 'B'},
};
constexpr std::string_view kSuspended = "boxe-suspendue";

constexpr std::array kFirstNames = {"Claire", "Yanis",  "Hélène",  "Mathieu", "Aïcha",  "Luc",
                                    "Inès",   "Bruno",  "Sophie",  "Karim",   "Élodie", "Pierre",
                                    "Nora",   "Damien", "Camille", "Thomas",  "Léa",    "Samir",
                                    "Agnès",  "Julien", "Manon",   "Rachid",  "Odile",  "Nicolas"};
constexpr std::array kLastNames = {"Fontanel",   "Belkacem", "Marchand", "Rey",      "Perrin",
                                   "Guillermin", "Da Silva", "Charvet",  "Bouvier",  "Haddad",
                                   "Jacquemet",  "Michal",   "Ferreira", "Gaillard", "Nguyen",
                                   "Brun",       "Repellin", "Cohen",    "Allibert", "Moreau",
                                   "Garcin",     "Traoré",   "Vial",     "Dumolard"};

// One digit that makes the Luhn sum of `digits` and itself a multiple of ten.
char luhn_digit(std::string_view digits) {
    int sum = 0;
    bool doubled = true;
    for (std::size_t i = digits.size(); i > 0; --i) {
        int n = digits[i - 1] - '0';
        if (doubled) n = n > 4 ? 2 * n - 9 : 2 * n;
        sum += n;
        doubled = !doubled;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string padded(std::size_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
}

class World {
public:
    World(std::uint32_t seed, time::Date today) : random_(seed), today_(today) {}

    DemoWorld build() {
        add_body();
        for (std::size_t i = 0; i < kOrganisations.size(); ++i)
            add_organisation(i);
        add_counter_client();
        add_staff();
        return std::move(out_);
    }

private:
    void add_body() {
        Body& body = out_.body;
        body.id = demo::body_id(kBodySlug);
        body.slug = kBodySlug;
        body.name = "Département de l'Isère";
        body.contact_email = "salles@isere.example";
        body.contact_phone = "04 99 00 00 38";  // 04 99 00: a range without subscribers
        body.contact_hours = "du lundi au vendredi, 9 h–12 h et 14 h–17 h";
        body.texts = {
            {"hours.en", "Monday to Friday, 9 am–12 noon and 2 pm–5 pm"},
            {"presentation.fr",
             "Le Département prête les salles et les gymnases de ses collèges en dehors du temps "
             "scolaire."},
            {"presentation.en",
             "The Département lends out the rooms and gyms of its collèges outside school hours."}};
        body.demonstration = true;
    }

    void add_organisation(std::size_t index) {
        const Seat& seat = kOrganisations[index];
        Organisation organisation;
        organisation.id = demo::organisation_id(seat.slug);
        organisation.kind = seat.kind;
        organisation.name = seat.name;
        organisation.demonstration = true;
        if (seat.kind == OrganisationKind::association) {
            organisation.rna = "W389" + padded(index + 1, 6);  // W389: a prefecture that is none
        } else {
            const std::string stem = "9990" + padded(index, 4);
            organisation.siren = stem + luhn_digit(stem);
            const std::string office = organisation.siren + "0001";
            organisation.siret = office + luhn_digit(office);
        }
        add_affiliation(organisation, seat);
        add_president(index, organisation);
        out_.organisations.push_back(std::move(organisation));
    }

    void add_affiliation(const Organisation& organisation, const Seat& seat) {
        Affiliation affiliation;
        affiliation.id = demo::id<AffiliationId>("affiliation", seat.slug);
        affiliation.organisation = organisation.id;
        affiliation.body = out_.body.id;
        affiliation.category = seat.category;
        affiliation.category_ground = ground(seat.category);
        const int school_year = today_.month() >= 9 ? today_.year() : today_.year() - 1;
        affiliation.contract_signed_on = time::Date::of(school_year, 9, 1).iso();
        affiliation.insurance_valid_until = time::Date::of(school_year + 2, 12, 31).iso();
        if (seat.slug == kSuspended) affiliation.status = AffiliationStatus::suspended;
        out_.affiliations.push_back(std::move(affiliation));
    }

    static const char* ground(char category) {
        switch (category) {
            case 'A':
                return "Activité liée au collège (association sportive, foyer, parents)";
            case 'B':
                return "Association locale, adhérents majoritairement mineurs";
            case 'D':
                return "Organisme public ou de formation";
            case 'E':
                return "Autre organisme autorisé";
            default:
                return "Association à but non lucratif";
        }
    }

    Person person(const std::string& slug, std::string name, std::string email) {
        Person person;
        person.id = demo::person_id(slug);
        person.name = std::move(name);
        person.email = std::move(email);
        person.demonstration = true;
        return person;
    }

    std::string random_name() {
        const std::string first = kFirstNames[random_() % kFirstNames.size()];
        return first + " " + kLastNames[random_() % kLastNames.size()];
    }

    void seat_president(const Person& person, const Organisation& organisation) {
        Membership membership;
        membership.id = demo::id<MembershipId>("membership", person.id.str());
        membership.person = person.id;
        membership.organisation = organisation.id;
        membership.role = MemberRole::president;
        out_.memberships.push_back(std::move(membership));
    }

    void add_president(std::size_t index, const Organisation& organisation) {
        const std::string slug = kOrganisations[index].slug;
        const bool suspended = slug == kSuspended;
        Person it = person("president-" + slug, random_name(), "contact@" + slug + ".example");
        std::string role = "association_" + padded(index + 1, 2);
        if (index == 0) {
            role = "association_free";
            it.name = "Hélène Marchand";
        } else if (index == 1) {
            role = "association_paying";
            it.name = "Claire Fontanel";
            it.email = "claire@tatamis-voironnais.example";
        } else if (suspended) {
            role = "suspended_association";
        }
        seat_president(it, organisation);
        if (index < kSigningAssociations || suspended) {
            out_.accounts.push_back(
                {role, "Association : " + organisation.name, it.id, organisation.id.str(), {}});
        }
        out_.people.push_back(std::move(it));
    }

    // Someone without an e-mail address: requests are made for him at a counter.
    void add_counter_client() {
        Person it = person("client-guichet", "Georges Repellin", {});
        Membership membership;
        membership.id = demo::id<MembershipId>("membership", it.id.str());
        membership.person = it.id;
        membership.organisation = demo::organisation_id("aines-coublevie");
        membership.role = MemberRole::booker;
        out_.memberships.push_back(std::move(membership));
        out_.people.push_back(std::move(it));
    }

    void add_post(const char* role, const char* label, const char* name, const char* email,
                  StaffRole post_role, std::string_view uai = {}) {
        const std::string slug = std::string("staff-") + role;
        const Person it = person(slug, name, email);
        StaffPost post;
        post.id = demo::id<PostId>("post", slug);
        post.person = it.id;
        post.body = out_.body.id;
        post.role = post_role;
        if (!uai.empty()) post.establishments = {demo::establishment_id(uai)};
        out_.accounts.push_back({role,
                                 label,
                                 it.id,
                                 {},
                                 uai.empty() ? std::string() : post.establishments.front().str()});
        out_.posts.push_back(std::move(post));
        out_.people.push_back(it);
    }

    void add_staff() {
        add_post("manager", "Gestionnaire du collège La Garenne, Voiron", "Nadia Perret",
                 "gestion@la-garenne.example", StaffRole::manager, kLaGarenne);
        add_post("manager_other", "Gestionnaire du collège François Ponsard, Vienne",
                 "Olivier Chabert", "gestion@ponsard.example", StaffRole::manager, kPonsard);
        add_post("manager_all", "Gestionnaire de tous les collèges", "Isabelle Roux",
                 "salles@isere.example", StaffRole::manager);
        add_post("finance", "Régie et comptabilité", "Marc Teyssier", "finances@isere.example",
                 StaffRole::finance);
        add_post("admin", "Administration du Département", "Anne Colin", "admin@isere.example",
                 StaffRole::admin);
        add_post("counter", "Agent d'accueil (guichet)", "Fatou Diallo", "guichet@isere.example",
                 StaffRole::counter);
        add_post("caretaker", "Gardien du collège La Garenne", "Jean-Luc Vial",
                 "gardien@la-garenne.example", StaffRole::caretaker, kLaGarenne);
    }

    std::mt19937 random_;
    time::Date today_;
    DemoWorld out_;
};

}  // namespace

DemoWorld demo_world(std::uint32_t seed, time::Date today) {
    return World(seed, today).build();
}

}  // namespace preau::accounts
