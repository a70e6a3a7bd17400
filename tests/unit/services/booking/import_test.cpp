// A body's existing bookings out of its spreadsheet.

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <gmock/gmock.h>

#include "services/booking/jobs/import_bookings.hpp"
#include "shared/base/import_ids.hpp"
#include "tests/unit/services/booking/office.hpp"

namespace preau::booking::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kUai = "0382042N";
constexpr const char* kHeader =
    "numero;uai;salle;partie;association;objet;personnes;date;debut;fin;jusqu_au;"
    "toutes_les_n_semaines;hors_vacances;hors_feries;sauf\n";

class ImportBookings : public Office {
protected:
    void SetUp() override {
        Office::SetUp();
        std::string folder = std::filesystem::temp_directory_path() / "preau-bookings-XXXXXX";
        ASSERT_NE(mkdtemp(folder.data()), nullptr);
        folder_ = folder;
        add_at_garenne("gymnase", {.parts = 3, .buffer_after_min = 15});
        add_at_garenne("salle-b", {.grid_min = 30, .capacity = 30});
        affiliate("bannis", 'C', "", "banned");
    }
    void TearDown() override {
        std::filesystem::remove_all(folder_);
        Office::TearDown();
    }

    /// A room that the sheets name by its UAI and code.
    void add_at_garenne(const std::string& code, const RoomOptions& options) {
        auto room = add_room(code, options);
        room.establishment = base::demo::establishment_id(kUai);
        room.site = base::demo::id<base::SiteId>("site", kUai);
        room.name = code;
        room.slug = code + "-college-la-garenne";
        ++room.version;
        put(room);
    }

    static Actor everywhere() {
        Actor out = manager();
        out.posts.front().establishments.clear();
        return out;
    }
    static Actor counter() {
        Actor out = staff(PostRole::counter);
        out.posts.front().establishments.clear();
        return out;
    }

    void write(const std::string& text) {
        std::ofstream(folder_ / "reservations.csv", std::ios::binary) << text;
    }
    static std::string line(const std::string& number, const std::string& room,
                            const std::string& club, const std::string& rest) {
        return number + ";" + kUai + ";" + room + ";" + club + ";Judo;12;" + rest + "\n";
    }

    int import(bool rehearsal = false) {
        out_.str("");
        const auto find = [this](const std::vector<std::string>& numbers)
            -> base::Result<std::map<std::string, base::OrganisationId>> {
            asked_ += numbers.size();
            std::map<std::string, base::OrganisationId> known{{"W381000001", club("tatamis")},
                                                              {"W381000002", club("volley")},
                                                              {"W381000003", club("bannis")},
                                                              {"W381000004", club("inconnus")}};
            std::erase_if(known, [&](const auto& one) {
                return std::ranges::find(numbers, one.first) == numbers.end();
            });
            return known;
        };
        return import_bookings(*store_, *desk_, find, {folder_, rehearsal}, words_, out_);
    }
    /// With plain spaces.
    std::string told() const {
        std::string out = out_.str();
        for (auto at = out.find("\u00A0"); at != std::string::npos; at = out.find("\u00A0"))
            out.replace(at, 2, " ");
        return out;
    }
    std::int64_t bookings() { return count("SELECT COUNT(*) FROM booking"); }
    std::int64_t outbox() { return count("SELECT COUNT(*) FROM outbox"); }
    std::optional<Booking> imported(const std::string& number) {
        return stored(base::imported::booking_id(id<base::BodyId>(test_body), number));
    }

    words::Catalogue words_ =
        words::Catalogue::load(words::Language::fr,
                               std::string(PREAU_SOURCE_DIR) + "/frontend/messages/fr.json")
            .value();
    std::filesystem::path folder_;
    std::ostringstream out_;
    std::size_t asked_ = 0;
};

TEST_F(ImportBookings, import__bookings__are_confirmed_without_message_or_payment) {
    write(std::string("\xEF\xBB\xBF") + kHeader +
          line("A1", "gymnase", ";W381000001", "05/01/2027;18:00;20:00;02/02/2027;1;oui;oui;") +
          line("A2", "salle-b", ";W38 1000 002", "08/09/2026;18h;19h30;;;;;"));
    ASSERT_EQ(import(), 0) << told();
    const auto series = imported("A1");
    ASSERT_TRUE(series);
    EXPECT_EQ(series->state, State::confirmed);
    EXPECT_EQ(series->origin, "import");
    EXPECT_EQ(series->payment, "none");
    EXPECT_EQ(series->dates_count, 5);
    EXPECT_EQ(events_of(series->id.str()), std::vector<std::string>{"occupancy_changed.v1"});
    ASSERT_TRUE(imported("A2"));  // it went by already
    expect_sound();
    EXPECT_THAT(told(), HasSubstr("2 lignes, 2 reprises (6 dates), 0 déjà reprises, 0 laissées"));
}

TEST_F(ImportBookings, import__again__changes_nothing) {
    write(kHeader + line("A1", "gymnase", ";W381000001", "05/01/2027;18:00;20:00;;;;;") +
          line("A2", "gymnase", ";W381000002", "05/01/2027;20:15;22:00;;;;;"));
    ASSERT_EQ(import(), 0) << told();
    const auto before = outbox();
    ASSERT_EQ(import(), 0) << told();
    EXPECT_EQ(outbox(), before);
    EXPECT_EQ(bookings(), 2);
    EXPECT_THAT(told(), HasSubstr("0 reprises (0 dates), 2 déjà reprises"));
}

TEST_F(ImportBookings, import__stopped_in_the_middle__goes_on_with_the_same_command) {
    std::string sheet = kHeader;
    const auto hour = [](int n) {
        return "05/01/2027;" + std::to_string(8 + n) + ":00;" + std::to_string(9 + n) + ":00;;;;;";
    };
    for (int n = 0; n < 4; ++n)
        sheet += line("A" + std::to_string(n), "salle-b", ";W381000001", hour(n));
    write(sheet);
    ASSERT_EQ(import(), 0) << told();
    for (int n = 4; n < 8; ++n)
        sheet += line("A" + std::to_string(n), "salle-b", ";W381000001", hour(n));
    write(sheet);
    ASSERT_EQ(import(), 0) << told();
    EXPECT_THAT(told(), HasSubstr("8 lignes, 4 reprises (4 dates), 4 déjà reprises"));
    EXPECT_EQ(bookings(), 8);
}

TEST_F(ImportBookings, import__rehearsal__tells_every_clash_by_line_and_stores_nothing) {
    const auto other = asked("volley", whole("salle-b"), single("2027-01-12", "18:00", "19:00"));
    ASSERT_TRUE(accept(other, everywhere()));
    const auto events_before = outbox();
    const auto bookings_before = bookings();
    write(kHeader + line("A1", "gymnase", "gymnase1;W381000001", "05/01/2027;18:00;20:00;;;;;") +
          line("A2", "gymnase", ";W381000002", "05/01/2027;19:00;21:00;;;;;") +  // 3
          line("A3", "gymnase", "gymnase2;W381000002", "05/01/2027;19:00;21:00;;;;;") +
          line("A4", "salle-b", ";W381000001", "05/01/2027;18:00;19:00;19/01/2027;;;;") +  // 5
          line("A5", "gymnase", "gymnase1;W381000002", "05/01/2027;20:00;21:00;;;;;") +    // 6
          line("A6", "salle-b", ";W381000001", "05/01/2027;06:00;07:00;;;;;"));            // 7
    EXPECT_EQ(import(true), 1);
    const std::string rehearsed = told();
    EXPECT_THAT(rehearsed, HasSubstr("reservations.csv, ligne 3 : mardi 5 janvier 2027, 19 h–21 h "
                                     ": déjà pris par la ligne 2 de ce fichier"));
    EXPECT_THAT(rehearsed, HasSubstr("ligne 5 : mardi 12 janvier 2027, 18 h–19 h : déjà pris par "
                                     "la réservation PR-"));
    EXPECT_THAT(rehearsed, HasSubstr("ligne 6 : mardi 5 janvier 2027, 20 h–21 h : déjà pris par la "
                                     "ligne 2"));  // the time to tidy up
    EXPECT_THAT(rehearsed, HasSubstr("ligne 7 : mardi 5 janvier 2027, 6 h–7 h : hors des heures"));
    EXPECT_THAT(rehearsed, Not(HasSubstr("ligne 4 :")));
    EXPECT_THAT(rehearsed, HasSubstr("Essai seulement : rien n’est enregistré."));
    EXPECT_EQ(bookings(), bookings_before);
    EXPECT_EQ(outbox(), events_before);
    // For real the same lines are left out, and the others stored.
    EXPECT_EQ(import(false), 1);
    const auto faults = [](const std::string& text) {
        return text.substr(0, text.find("reservations.csv : "));
    };
    EXPECT_EQ(faults(told()), faults(rehearsed));
    EXPECT_EQ(bookings(), bookings_before + 2);
    EXPECT_FALSE(imported("A4"));  // one date of it clashes: nothing of it is taken
    expect_sound();
}

TEST_F(ImportBookings, import__broken_lines__are_told_with_their_reason) {
    write(kHeader + line("A1", "gymnase", ";W381000001", "31/02/2027;18:00;20:00;;;;;") +  // 2
          line("A2", "piscine", ";W381000001", "05/01/2027;18:00;20:00;;;;;") +            // 3
          line("A3", "gymnase", ";W389999999", "05/01/2027;18:00;20:00;;;;;") +            // 4
          "A4;0380001V;gymnase;;W381000001;Judo;12;05/01/2027;18:00;20:00;;;;;\n" +        // 5
          line("A5", "gymnase", ";W381000001", "05/01/2027;25:00;20:00;;;;;") +            // 6
          line("A6", "gymnase", "mezzanine;W381000001", "05/01/2027;18:00;20:00;;;;;") +   // 7
          line("A7", "gymnase", ";W381000003", "05/01/2027;18:00;20:00;;;;;") +            // 8
          line("A8", "gymnase", ";W381000004", "05/01/2027;18:00;20:00;;;;;") +            // 9
          line("A9", "gymnase", ";W381000001", "05/09/2027;18:00;20:00;;;;;") +            // 10
          line("A9", "gymnase", ";W381000001", "06/01/2027;18:00;20:00;;;;;") +            // 11
          line("B1", "salle-b", ";W381000001", "05/01/2027;18:15;20:00;;;;;") +            // 12
          "B2;0382042N;salle-b;;W381000001;Judo;80;05/01/2027;18:00;20:00;;;;;\n" +        // 13
          "B3;0382042N;salle-b;;W381000001;\"Judo;12;05/01/2027;18:00;20:00;;;;;\n" +      // 14
          line("B4", "gymnase", ";W381000001", "05/01/2027;18:00;20:00;14/09/2027;;oui;;") +
          line("B5", "salle-b", ";W381000001", "05/01/2027;18:00;20:00;01/01/2027;;;;"));
    const auto before = outbox();
    EXPECT_EQ(import(), 1);
    for (const char* why :
         {"ligne 2 : « 31/02/2027 » n’est pas une date", "ligne 3 : aucune salle « piscine »",
          "ligne 4 : aucune association connue de la collectivité n’a le numéro « W389999999 »",
          "ligne 5 : aucun établissement de la collectivité n’a l’UAI « 0380001V »",
          "ligne 6 : « 25:00 » n’est pas une heure", "ligne 7 : aucune partie « mezzanine »",
          "ligne 8 : la collectivité a suspendu cette association",
          "ligne 9 : aucune association connue",
          "ligne 10 : dimanche 5 septembre 2027, 18 h–20 h : le calendrier scolaire n’est pas",
          "ligne 11 : la ligne 10 dit déjà la même chose", "ligne 12 : cette salle commence à",
          "ligne 13 : la salle reçoit au plus 30 personnes", "ligne 14 : les guillemets",
          "ligne 15 : le calendrier scolaire n’est pas publié", "ligne 16 : « jusqu_au » vient"}) {
        EXPECT_THAT(told(), HasSubstr(std::string("reservations.csv, ") + why));
    }
    EXPECT_EQ(bookings(), 0);
    EXPECT_EQ(outbox(), before);
}

TEST_F(ImportBookings, import__in_iso_8859_15__reads_accents) {
    write(std::string(kHeader) +
          "A1;0382042N;gymnase;;W381000001;Entra\xEEnement;12;05/01/2027;18:00;20:00;;;;;\n");
    ASSERT_EQ(import(), 0) << told();
    EXPECT_EQ(imported("A1")->purpose, "Entraînement");
}

TEST_F(ImportBookings, import__a_file_without_its_columns_or_no_file__is_told) {
    EXPECT_EQ(import(), 2);
    write("numero;salle\nA1;gymnase\n");
    EXPECT_EQ(import(), 1);
    EXPECT_THAT(told(), HasSubstr("il manque des colonnes : uai, association, objet, date, debut"));
}

TEST_F(ImportBookings, import__a_season_that_began__is_judged_by_today_for_what_is_to_come) {
    // Today is 1 October 2026; the room may be booked 60 days ahead.
    add_at_garenne("petite", {.horizon_days = 60});
    write(kHeader + line("A1", "petite", ";W381000001", "08/09/2026;18:00;19:00;24/11/2026;;;;") +
          line("A2", "petite", ";W381000001", "09/09/2026;18:00;19:00;09/12/2026;;;;"));
    EXPECT_EQ(import(), 1);
    EXPECT_EQ(imported("A1")->dates_count, 12);
    EXPECT_THAT(told(), HasSubstr("ligne 3 : mercredi 2 décembre 2026, 18 h–19 h : date au-delà"));
    EXPECT_THAT(told(), Not(HasSubstr("septembre")));
}

// What a request at the counter would be given an import is given, and nothing else: random wishes
// on a calendar that fills up, each asked for first (and undone), then imported.
TEST_F(ImportBookings, property__import_accepts_exactly_what_a_request_would) {
    std::mt19937_64 random(std::random_device{}());
    const auto below = [&](std::uint64_t n) { return static_cast<int>(random() % n); };
    close("gymnase", "2027-01-13", "2027-01-13", false, everywhere());
    int accepted = 0;
    for (int round = 0; round < 250; ++round) {
        const auto first = day("2027-01-04") + below(14);
        rules::Recurrence when = single(first.iso(), "18:00", "19:00");
        when.start_minute = 7 * 60 + 15 * below(60);
        when.end_minute = when.start_minute + 15 * (1 + below(10));
        if (below(3) == 0) {
            when.kind = rules::RecurrenceKind::weekly;
            when.weekdays = {first.weekday()};
            when.until = first + 7 * (1 + below(3));
        }
        const std::string hirer = below(2) == 0 ? "tatamis" : "volley";
        const bool gym = below(2) == 0;
        const auto offer = gym ? (below(2) == 0 ? whole("gymnase") : part("gymnase", 1 + below(3)))
                               : whole("salle-b");
        auto asked = request(hirer, offer, when);
        asked.headcount = 1 + below(40);
        std::string wanted;
        (void)store_->transact([&](Tx& tx) -> Outcome<bool> {
            const auto outcome = desk_->submit(tx, counter(), asked);
            wanted = code_of(outcome);
            return booking::refuse("undone");
        });
        ImportRequest given;
        given.id = base::BookingId::make();
        given.organisation = asked.organisation;
        given.offer = offer;
        given.requester = "service:booking";
        given.when = when;
        given.purpose = asked.purpose;
        given.headcount = asked.headcount;
        given.whole = true;
        const auto taken =
            store_->transact([&](Tx& tx) { return desk_->import_booking(tx, given); });
        // The counter names the same request sent twice before it looks at its time.
        if (wanted == "duplicate") wanted = "overlap";
        ASSERT_EQ(code_of(taken), wanted) << first.iso() << " " << when.start_minute;
        accepted += taken ? 1 : 0;
    }
    EXPECT_GT(accepted, 10);
    EXPECT_LT(accepted, 240);
    expect_sound();
}

}  // namespace
}  // namespace preau::booking::test
