#include "tests/simulators/bank/town.hpp"

#include <algorithm>
#include <set>

#include "shared/text/reference.hpp"

namespace preau::bank_simulator {

namespace {

constexpr std::int32_t kApart = 20;  // days between payouts whose windows must not meet

struct Draft {
    Line line;
    Truth truth;
};

class Builder {
public:
    Builder(std::uint64_t seed, const TownOptions& options) : random_(seed), options_(options) {
        first_ = *time::Date::parse("2026-03-02");  // a Monday
    }

    Town build() {
        for (int i = 0; i < options_.payouts; ++i)
            next_payout();
        if (options_.faults) {
            plant_merged();
            plant_ambiguous();
            plant_doubled();
        }
        for (int i = 0; i < options_.dues; ++i)
            next_due(i);
        for (int i = 0; i < 4; ++i)
            foreign();
        std::ranges::sort(drafts_, {}, [](const Draft& one) {
            return std::make_pair(one.line.day, one.line.number);
        });
        for (auto& one : drafts_) {
            one.line.number = static_cast<int>(town_.statement.lines.size()) + 1;
            town_.statement.lines.push_back(one.line);
            town_.truth.push_back(one.truth);
        }
        town_.statement.opening = below(10'000'000);
        town_.statement.from = first_;
        town_.statement.until = last_ + 1;
        return std::move(town_);
    }

private:
    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
    }
    std::string letters(int n) {
        constexpr std::string_view kAll = "ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz23456789";
        std::string out;
        for (int i = 0; i < n; ++i)
            out += kAll[static_cast<std::size_t>(below(std::ssize(kAll)))];
        return out;
    }
    std::string digits(int n) {
        std::string out;
        for (int i = 0; i < n; ++i)
            out += static_cast<char>('0' + below(10));
        return out;
    }
    static time::Date weekday(time::Date day) {
        while (day.weekday() == time::Weekday::sat || day.weekday() == time::Weekday::sun)
            day = day + 1;
        return day;
    }

    /// An amount from which no sum of up to four others can be told apart is drawn again: what is
    /// planted is what is true.
    std::int64_t amount() {
        while (true) {
            const auto cents = 500 + below(5'000'000);
            if (amounts_.insert(cents).second) return cents;
        }
    }
    PayoutFact payout(std::int64_t cents, time::Date arrival) {
        PayoutFact out{"po_" + letters(14), "STR" + digits(10), cents, arrival};
        town_.payouts.push_back(out);
        return out;
    }
    void line(time::Date day, std::string label, std::string reference, std::int64_t cents,
              Truth truth) {
        last_ = std::max(last_, day);
        const auto drawn = static_cast<int>(drafts_.size());
        drafts_.push_back(
            {{day, std::move(label), std::move(reference), cents, drawn}, std::move(truth)});
    }
    time::Date next_day() { return weekday(day_ = day_ + static_cast<std::int32_t>(1 + below(3))); }

    void next_payout() {
        const auto arrival = next_day();
        const auto cents = amount();
        const auto one = payout(cents, arrival);
        const auto fault = options_.faults ? below(8) : 7;
        if (fault == 0) {  // short, or over, by a cent or more
            const auto gap = below(2) == 0 ? -1 : 1 + below(50);
            line(arrival, "VIR STRIPE " + one.id, "", cents + gap,
                 {"short", "partly_matched", "R4", {one.id}});
        } else if (fault == 1) {  // too late to be told from another
            line(arrival + kApart, "VIR SEPA STRIPE", "", cents, {"late", "unmatched", "", {}});
            last_ = std::max(last_, arrival + kApart);
        } else if (fault == 2) {  // never arrives
        } else if (fault <= 4) {  // no reference: the payer and the amount tell
            line(weekday(arrival + static_cast<std::int32_t>(below(3))),
                 "VIR SEPA STRIPE TECHNOLOGY EUROPE", "", cents,
                 {"payer", "matched", "R2", {one.id}});
        } else if (fault == 5) {
            line(arrival, "VIR INST DE STRIPE TECHNOLOGY EUROPE LTD POUR COLLEGE MOTIF VERSEMENT",
                 one.trace, cents, {"reference", "matched", "R1", {one.id}});
        } else {
            line(arrival, "VIR STRIPE " + one.id, one.trace, cents,
                 {"clean", "matched", "R1", {one.id}});
        }
    }

    void plant_merged() {
        day_ = day_ + kApart;
        const auto arrival = next_day();
        const auto n = 2 + below(3);
        std::int64_t sum = 0;
        Truth truth{"merged", "matched", "R3", {}};
        for (std::int64_t i = 0; i < n; ++i) {
            const auto one = payout(amount(), arrival);
            sum += one.amount;
            truth.subjects.push_back(one.id);
        }
        line(arrival, "VIR SEPA STRIPE GROUPE", "", sum, truth);
        day_ = day_ + kApart;
    }

    void plant_ambiguous() {
        const auto arrival = next_day();
        const auto cents = amount();
        const auto one = payout(cents, arrival);
        payout(cents, arrival);
        line(arrival, "VIR SEPA STRIPE", "", cents, {"ambiguous", "suggested", "R2", {one.id}});
        day_ = day_ + kApart;
    }

    void plant_doubled() {
        const auto arrival = next_day();
        const auto one = payout(amount(), arrival);
        line(arrival, "VIR STRIPE " + one.id, "", one.amount, {"clean", "matched", "R1", {one.id}});
        line(arrival, "VIR STRIPE " + one.id, "", one.amount, {"doubled", "unmatched", "R1", {}});
        day_ = day_ + kApart;
    }

    /// "PA7F3K2" with one letter of the payload changed.
    std::string mistyped(const std::string& reference) {
        constexpr std::string_view kAll = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
        auto out = reference;
        auto& letter = out[static_cast<std::size_t>(3 + below(4))];
        const auto before = letter;
        while (letter == before)
            letter = kAll[static_cast<std::size_t>(below(std::ssize(kAll)))];
        return out;
    }
    static std::string as_typed(std::string reference, bool letters) {
        for (auto& c : reference) {
            if (letters && c == '0') c = 'O';
            if (letters && c == '1') c = 'I';
            if (c == '-') c = ' ';
        }
        return reference;
    }

    void next_due(int i) {
        const auto day = next_day();
        DueFact due;
        do {
            due.reference = text::make_reference(text::payment_prefix, random_(), 6);
        } while (!references_.insert(due.reference).second);
        due.amount = amount();
        town_.dues.push_back(due);
        const auto& name = due.reference;
        const auto printed = "VIR DE ASS SPORTIVE " + as_typed(name, below(2) == 0) + " SALLE";
        switch (options_.faults ? i % 8 : i % 2) {
            case 0:
                return line(day, printed, "", due.amount, {"exact", "matched", "R5", {name}});
            case 1:
                return line(day, "VIR ASS JUDO", name, due.amount,
                            {"exact", "matched", "R5", {name}});
            case 2:
                return line(day, "VIR JUDO " + mistyped(name), "", due.amount,
                            {"typo", "suggested", "R5", {name}});
            case 3:
                return line(day, printed, "", due.amount - 1 - below(due.amount - 1),
                            {"less", "matched", "R5", {name}});
            case 4:
                return line(day, printed, "", due.amount + 1 + below(10'000),
                            {"more", "matched", "R5", {name}});
            case 5: {
                const auto part = 1 + below(due.amount - 1);
                line(day, printed, "", part, {"part", "matched", "R5", {name}});
                return line(day, printed + " SOLDE", "", due.amount - part,
                            {"part", "matched", "R5", {name}});
            }
            case 6:
                return line(day, "ASS GYM PAVIOT", "", due.amount,
                            {"bare_amount", "suggested", "R5", {name}});
            default:
                return;  // never comes
        }
    }

    void foreign() {
        const bool out = below(2) == 0;
        line(next_day(), out ? "PRLV SEPA FOURNISSEUR" : "DGFIP DOTATION DE FONCTIONNEMENT",
             digits(12), (out ? -1 : 1) * amount(), {"foreign", "unmatched", "", {}});
    }

    std::mt19937_64 random_;
    TownOptions options_;
    Town town_;
    std::vector<Draft> drafts_;
    std::set<std::int64_t> amounts_;
    std::set<std::string> references_;
    time::Date first_;
    time::Date day_ = *time::Date::parse("2026-03-02");
    time::Date last_ = day_;
};

}  // namespace

nlohmann::json Town::truth_file() const {
    auto out = nlohmann::json::array();
    for (std::size_t i = 0; i < truth.size(); ++i) {
        out.push_back({{"number", statement.lines[i].number},
                       {"kind", truth[i].kind},
                       {"state", truth[i].state},
                       {"rule", truth[i].rule},
                       {"subjects", truth[i].subjects}});
    }
    return out;
}

Town make_town(std::uint64_t seed, const TownOptions& options) {
    return Builder(seed, options).build();
}

}  // namespace preau::bank_simulator
