#include "services/booking/jobs/demo_plan.hpp"

#include <algorithm>
#include <array>

#include "shared/base/demo_ids.hpp"

namespace preau::booking::demo {

namespace {

using time::Date;
using time::Weekday;

constexpr time::Minute kHour = 60;
constexpr std::string_view kLaGarenne = "0382042N";
constexpr std::string_view kPonsard = "0381907S";
// Gyms around Voiron that stay free on Tuesdays from 18 to 20 h.
constexpr std::array<std::string_view, 8> kTuesdayFree{
    "0382495F", "0383454Y", "0381908T", "0380067S", "0382266G", "0382663N", "0380062L", "0380026X"};
// Fewer dates than this make no series to show.
constexpr std::size_t kSeriesDatesMin = 12;

struct Evening {
    Weekday day;
    time::Minute start;
    time::Minute end;
};
// Half an hour between two groups leaves room for the gym's buffer.
constexpr std::array kGymHours{
    Evening{Weekday::mon, 18 * kHour, 20 * kHour},
    Evening{Weekday::mon, 20 * kHour + 30, 21 * kHour + 30},
    Evening{Weekday::tue, 18 * kHour, 20 * kHour},
    Evening{Weekday::tue, 20 * kHour + 30, 21 * kHour + 30},
    Evening{Weekday::wed, 14 * kHour, 16 * kHour},
    Evening{Weekday::wed, 18 * kHour, 20 * kHour},
    Evening{Weekday::thu, 18 * kHour, 20 * kHour},
    Evening{Weekday::thu, 20 * kHour + 30, 21 * kHour + 30},
    Evening{Weekday::fri, 18 * kHour, 20 * kHour},
    Evening{Weekday::sat, 10 * kHour, 12 * kHour},
};
constexpr std::array kHallHours{
    Evening{Weekday::mon, 18 * kHour, 20 * kHour}, Evening{Weekday::tue, 19 * kHour, 21 * kHour},
    Evening{Weekday::wed, 18 * kHour, 20 * kHour}, Evening{Weekday::thu, 18 * kHour, 20 * kHour},
    Evening{Weekday::fri, 18 * kHour, 21 * kHour},
};
constexpr std::array<std::string_view, 8> kSportPurposes{"Entraînement de volley-ball",
                                                         "Entraînement de badminton",
                                                         "Cours de judo",
                                                         "Gymnastique d'entretien",
                                                         "Futsal loisir",
                                                         "Entraînement de basket-ball",
                                                         "École de hand-ball",
                                                         "Cours de danse"};
constexpr std::array<std::string_view, 6> kHallPurposes{
    "Répétition de chorale",  "Atelier théâtre",         "Cours de yoga",
    "Répétition d'orchestre", "Club de jeux de société", "Danse de salon"};
constexpr std::array<std::string_view, 5> kMeetingPurposes{
    "Assemblée générale", "Réunion du bureau", "Aide aux devoirs", "Atelier d'écriture",
    "Formation des bénévoles"};

/// splitmix64 on a key of its own for each choice, so that one choice does not move the others.
class Dice {
public:
    Dice(std::uint64_t seed, std::string_view key) : state_(1469598103934665603ULL ^ seed) {
        for (const char c : key) {
            state_ ^= static_cast<unsigned char>(c);
            state_ *= 1099511628211ULL;
        }
    }
    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31U);
    }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
    bool chance(unsigned percent) { return next() % 100 < percent; }

private:
    std::uint64_t state_;
};

template <class Range>
std::string pick(Dice& dice, const Range& from) {
    return std::string(from[dice.below(from.size())]);
}

rules::Recurrence weekly(const SchoolYear& year, const Evening& hours) {
    rules::Recurrence out;
    out.kind = rules::RecurrenceKind::weekly;
    out.weekdays = {hours.day};
    out.from = year.first;
    out.until = year.last;
    out.start_minute = hours.start;
    out.end_minute = hours.end;
    out.skip_school_holidays = true;
    out.skip_public_holidays = true;
    return out;
}

rules::Recurrence single(Date date, time::Minute start, time::Minute end) {
    rules::Recurrence out;
    out.kind = rules::RecurrenceKind::single;
    out.from = date;
    out.until = date;
    out.start_minute = start;
    out.end_minute = end;
    return out;
}

Date weekday_after(Date from, Weekday day) {
    while (from.weekday() != day)
        from = from + 1;
    return from;
}

/// The offer of all parts, and those of one part.
const rules::Offer* whole_of(const Space& space) {
    const auto it = std::ranges::max_element(
        space.offers, {}, [](const rules::Offer& offer) { return offer.parts.size(); });
    return it == space.offers.end() ? nullptr : &*it;
}

std::vector<const rules::Offer*> thirds_of(const Space& space) {
    std::vector<const rules::Offer*> out;
    for (const auto& offer : space.offers) {
        if (offer.parts.size() == 1) out.push_back(&offer);
    }
    std::ranges::sort(out, {}, [](const rules::Offer* offer) { return offer->name; });
    return out;
}

class Planner {
public:
    Planner(std::uint64_t seed, Date today, const std::vector<base::OrganisationId>& organisations)
        : seed_(seed), today_(today), organisations_(organisations) {}

    void add(const std::string& key, const base::OrganisationId& organisation,
             const std::string& requester, const rules::Offer& offer, rules::Recurrence when,
             std::string purpose, bool pending = false) {
        ImportRequest out;
        out.id = base::demo::id<base::BookingId>("booking", key);
        out.organisation = organisation;
        out.requester = requester;
        out.offer = offer.id;
        out.when = std::move(when);
        out.purpose = std::move(purpose);
        Dice dice(seed_, "people:" + key);
        out.headcount = std::max(1, offer.capacity * static_cast<int>(40 + dice.below(50)) / 100);
        out.pending = pending;
        plan.bookings.push_back(std::move(out));
    }

    void add_drawn(const std::string& key, Dice& dice, const rules::Offer& offer,
                   rules::Recurrence when, std::string purpose) {
        if (organisations_.empty()) return;
        add(key, organisations_[dice.below(organisations_.size())], "service:booking", offer,
            std::move(when), std::move(purpose));
    }

    void add_by(const std::string& key, const std::string& slug, const rules::Offer& offer,
                rules::Recurrence when, std::string purpose, bool pending = false) {
        add(key, base::demo::organisation_id(slug),
            base::demo::person_id("president-" + slug).str(), offer, std::move(when),
            std::move(purpose), pending);
    }

    void fill_gym(const Space& gym, const SchoolYear& year);
    void fill_hall(const Space& hall, const SchoolYear& year);
    void add_single(const Space& hall);
    void fill_room(const Space& room, const SchoolYear& year);
    void plant(const Space& gym, const std::vector<Date>& tuesdays);
    void add_inbox(const std::vector<SpaceRef>& spaces);
    void add_closures(const std::vector<SpaceRef>& spaces);

    Plan plan;

private:
    bool keeps_tuesday_free(const Space& gym) const {
        if (gym.establishment == base::demo::establishment_id(kLaGarenne)) return true;
        return std::ranges::any_of(kTuesdayFree, [&](std::string_view uai) {
            return gym.establishment == base::demo::establishment_id(uai);
        });
    }

    std::uint64_t seed_;
    Date today_;
    const std::vector<base::OrganisationId>& organisations_;
};

void Planner::fill_gym(const Space& gym, const SchoolYear& year) {
    const auto* whole = whole_of(gym);
    const auto thirds = thirds_of(gym);
    if (whole == nullptr) return;
    for (const auto& hours : kGymHours) {
        if (hours.day == Weekday::tue && hours.start == 18 * kHour && keeps_tuesday_free(gym)) {
            continue;
        }
        const std::string key = gym.slug + ":" + year.first.iso() + ":" +
                                std::string(to_string(hours.day)) + std::to_string(hours.start);
        Dice dice(seed_, key);
        if (dice.chance(24)) {
            add_drawn(key, dice, *whole, weekly(year, hours), pick(dice, kSportPurposes));
            continue;
        }
        for (const auto* third : thirds) {
            if (!dice.chance(24)) continue;
            add_drawn(key + third->name, dice, *third, weekly(year, hours),
                      pick(dice, kSportPurposes));
        }
    }
}

void Planner::fill_hall(const Space& hall, const SchoolYear& year) {
    const auto* whole = whole_of(hall);
    if (whole == nullptr) return;
    for (const auto& hours : kHallHours) {
        const std::string key = hall.slug + ":" + year.first.iso() + ":" +
                                std::string(to_string(hours.day)) + std::to_string(hours.start);
        Dice dice(seed_, key);
        if (!dice.chance(30)) continue;  // two hours of an evening of four
        add_drawn(key, dice, *whole, weekly(year, hours), pick(dice, kHallPurposes));
    }
}

void Planner::add_single(const Space& hall) {
    const auto* whole = whole_of(hall);
    Dice dice(seed_, "single:" + hall.slug);
    if (whole == nullptr || !dice.chance(25)) return;
    const Date saturday =
        weekday_after(today_ + static_cast<std::int32_t>(5 + dice.below(50)), Weekday::sat);
    add_drawn(hall.slug + ":single", dice, *whole, single(saturday, 14 * kHour, 18 * kHour),
              pick(dice, kMeetingPurposes));
}

void Planner::fill_room(const Space& room, const SchoolYear& year) {
    const auto* whole = whole_of(room);
    const std::string key = room.slug + ":" + year.first.iso();
    Dice dice(seed_, key);
    if (whole == nullptr || !dice.chance(10)) return;
    const auto& hours = kHallHours[dice.below(kHallHours.size() - 1)];
    add_drawn(key, dice, *whole, weekly(year, hours), pick(dice, kMeetingPurposes));
}

void Planner::plant(const Space& gym, const std::vector<Date>& tuesdays) {
    const auto* whole = whole_of(gym);
    if (whole == nullptr || tuesdays.size() < kSeriesDatesMin) return;
    const auto at = [&](std::size_t quarter) { return tuesdays[tuesdays.size() * quarter / 4]; };
    const std::string year = std::to_string((tuesdays.back() - 200).year());
    add_by("clash-1:" + year, "volley-voiron", *whole, single(at(1), 18 * kHour, 20 * kHour),
           "Tournoi de la ligue de volley-ball");
    add_by("clash-2:" + year, "volley-voiron", *whole, single(at(2), 18 * kHour, 20 * kHour),
           "Match de coupe de volley-ball");
    plan.closures.push_back(
        {gym.id, ClosureKind::school_need, "Conseil de classe", at(3), 18 * kHour, 20 * kHour});
}

void Planner::add_inbox(const std::vector<SpaceRef>& spaces) {
    const auto of = [&](std::string_view uai, std::string_view kind) -> const Space* {
        for (const auto& space : spaces) {
            if (space->establishment == base::demo::establishment_id(uai) && space->kind == kind) {
                return space.get();
            }
        }
        return nullptr;
    };
    const auto in = [&](int days, Weekday day) { return weekday_after(today_ + days, day); };
    const auto ask = [&](const Space* space, const std::string& slug, rules::Recurrence when,
                         std::string purpose, bool third = false) {
        if (space == nullptr) return;
        const auto thirds = thirds_of(*space);
        const auto* offer = third && !thirds.empty() ? thirds.front() : whole_of(*space);
        if (offer == nullptr) return;
        add_by("inbox:" + slug + ":" + space->slug, slug, *offer, std::move(when),
               std::move(purpose), true);
    };
    ask(of(kLaGarenne, "polyvalente"), "choeur-chartreuse",
        single(in(18, Weekday::sat), 14 * kHour, 18 * kHour), "Répétition générale du concert");
    ask(of(kLaGarenne, "polyvalente"), "foyer-la-garenne",
        single(in(24, Weekday::sun), 10 * kHour, 17 * kHour), "Bourse aux livres du foyer");
    ask(of(kLaGarenne, "gym"), "badminton-moirans",
        single(in(20, Weekday::sun), 9 * kHour, 12 * kHour), "Rencontre amicale de badminton");
    ask(of(kLaGarenne, "classroom"), "parents-la-garenne",
        single(in(12, Weekday::thu), 18 * kHour, 20 * kHour), "Réunion des parents délégués");
    ask(of(kLaGarenne, "gym"), "gym-coublevie",
        single(in(26, Weekday::sun), 14 * kHour, 16 * kHour), "Stage de gymnastique", true);
    ask(of(kPonsard, "polyvalente"), "philatelie-vienne",
        single(in(19, Weekday::sat), 9 * kHour, 12 * kHour), "Bourse aux timbres");
    ask(of(kPonsard, "classroom"), "as-ponsard",
        single(in(14, Weekday::tue), 18 * kHour, 20 * kHour), "Réunion des entraîneurs");
}

void Planner::add_closures(const std::vector<SpaceRef>& spaces) {
    // A handful of rooms out of use for a day; where something is booked nothing is closed.
    for (const auto& space : spaces) {
        Dice dice(seed_, "closure:" + space->slug);
        if (!dice.chance(3)) continue;
        const Date day = today_ + static_cast<std::int32_t>(8 + dice.below(60));
        const bool works = dice.chance(50);
        plan.closures.push_back({space->id, works ? ClosureKind::works : ClosureKind::school_need,
                                 works ? "Travaux d'entretien" : "Réunion du collège", day, 0,
                                 time::minutes_per_day});
    }
}

}  // namespace

std::vector<SchoolYear> school_years(Date today) {
    const int running = today.month() >= 7 ? today.year() : today.year() - 1;
    std::vector<SchoolYear> out;
    for (int year = running; year <= running + 1; ++year) {
        out.push_back({Date::of(year, 9, 1), Date::of(year + 1, 6, 30)});
    }
    return out;
}

rules::Recurrence tuesday_series(const SchoolYear& year) {
    return weekly(year, {Weekday::tue, 18 * kHour, 20 * kHour});
}

SpaceRef planted_gym(const std::vector<SpaceRef>& spaces) {
    for (const auto& space : spaces) {
        if (space->kind == "gym" &&
            space->establishment == base::demo::establishment_id(kLaGarenne)) {
            return space;
        }
    }
    return nullptr;
}

Plan plan(std::uint64_t seed, Date today, const std::vector<SpaceRef>& spaces,
          const std::vector<base::OrganisationId>& organisations,
          const std::vector<std::vector<Date>>& tuesdays) {
    Planner planner(seed, today, organisations);
    if (const auto gym = planted_gym(spaces)) {
        for (const auto& dates : tuesdays)
            planner.plant(*gym, dates);
    }
    planner.add_inbox(spaces);
    planner.add_closures(spaces);
    for (const auto& space : spaces) {
        if (space->kind == "polyvalente") planner.add_single(*space);
    }
    for (const auto& year : school_years(today)) {
        for (const auto& space : spaces) {
            if (space->kind == "gym") planner.fill_gym(*space, year);
            if (space->kind == "polyvalente") planner.fill_hall(*space, year);
            if (space->kind == "classroom" || space->kind == "auditorium") {
                planner.fill_room(*space, year);
            }
        }
    }
    return std::move(planner.plan);
}

}  // namespace preau::booking::demo
