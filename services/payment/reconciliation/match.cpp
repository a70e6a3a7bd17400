#include "services/payment/reconciliation/match.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "services/payment/reconciliation/references.hpp"
#include "shared/time/zone.hpp"

namespace preau::payment::reconciliation {

namespace {

constexpr std::int32_t kDaysEarly = 1;
constexpr int kWorkingDaysLate = 5;
constexpr std::size_t kReferenceMin = 8;  // a shorter one could stand in any label
constexpr std::size_t kTogetherMax = 4;   // payouts in one line
constexpr std::size_t kSuggestionsMax = 5;

struct Line {
    const BankLine* given = nullptr;
    std::string bare;
    std::string plain;
    bool provider = false;
    bool done = false;  // there is a proposal that leaves nothing to the next rules
};

struct Window {
    time::Date from;
    time::Date until;
    bool holds(time::Date day) const { return day >= from && day <= until; }
};

MatchItem item_of(const Payout& payout) {
    return {"payout", payout.id, payout.id, payout.amount};
}

class Matcher {
public:
    Matcher(const std::vector<BankLine>& lines, const std::vector<Payout>& payouts,
            std::vector<Claim> claims)
        : payouts_(payouts), claims_(std::move(claims)) {
        for (const auto& line : lines) {
            const auto text = line.label + " " + line.reference;
            lines_.push_back({&line, bare(text), plain(text), from_provider(line), false});
        }
        for (const auto& payout : payouts) {
            const auto arrival = time::Zone::paris().local(payout.arrival).date;
            windows_.push_back(
                {arrival - kDaysEarly, working_days_after(arrival, kWorkingDaysLate)});
            names_.push_back({bare(payout.id), bare(payout.trace)});
            free_.push_back(payout.status != "bank_confirmed");
        }
        disputed_.resize(payouts.size(), false);
        for (const auto& claim : claims_)
            references_.push_back(plain(claim.public_ref));
    }

    std::vector<Proposal> run() {
        for (std::size_t i = 0; i < lines_.size(); ++i)
            by_reference(i);
        by_amount();
        by_sum();
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (!lines_[i].done && !lines_[i].provider) direct(i);
        }
        by_rest();
        return std::move(out_);
    }

private:
    void propose(std::size_t i, Outcome outcome, const char* rule, std::string reasons,
                 std::vector<MatchItem> items) {
        std::int64_t gap = lines_[i].given->amount;
        for (const auto& item : items)
            gap -= item.amount;
        lines_[i].done = true;
        out_.push_back({i, outcome, rule, std::move(reasons), std::move(items), gap});
    }

    bool named(const Line& line, std::size_t p) const {
        for (const auto& name : {names_[p].first, names_[p].second}) {
            if (name.size() >= kReferenceMin && line.bare.find(name) != std::string::npos)
                return true;
        }
        return false;
    }

    /// R1 and R4.
    void by_reference(std::size_t i) {
        std::vector<MatchItem> items;
        std::vector<std::size_t> found;
        std::int64_t sum = 0;
        bool all_free = true;
        for (std::size_t p = 0; p < payouts_.size(); ++p) {
            if (!named(lines_[i], p)) continue;
            found.push_back(p);
            items.push_back(item_of(payouts_[p]));
            sum += payouts_[p].amount;
            all_free = all_free && free_[p];
        }
        if (found.empty()) return;
        if (!all_free) {
            return propose(i, Outcome::known, "R1", "reference_found already_matched", {});
        }
        if (sum != lines_[i].given->amount) {
            for (const auto p : found)
                disputed_[p] = true;
            return propose(i, Outcome::partly_matched, "R4", "reference_found amount_differs",
                           std::move(items));
        }
        for (const auto p : found)
            free_[p] = false;
        propose(i, Outcome::matched, "R1",
                found.size() == 1 ? "reference_found amount_equal" : "reference_found sum_equal",
                std::move(items));
    }

    std::vector<std::size_t> in_window(std::size_t i) const {
        std::vector<std::size_t> out;
        for (std::size_t p = 0; p < payouts_.size(); ++p) {
            if (free_[p] && windows_[p].holds(lines_[i].given->day)) out.push_back(p);
        }
        return out;
    }

    /// R2.
    void by_amount() {
        std::map<std::size_t, std::vector<std::size_t>> of_line;  // line -> payouts
        std::map<std::size_t, int> rivals;                        // payout -> lines
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (lines_[i].done || !lines_[i].provider) continue;
            for (const auto p : in_window(i)) {
                if (payouts_[p].amount != lines_[i].given->amount) continue;
                of_line[i].push_back(p);
                ++rivals[p];
            }
        }
        for (const auto& [i, found] : of_line) {
            const auto p = found.front();
            if (found.size() == 1 && rivals[p] == 1 && !disputed_[p]) {
                free_[p] = false;
                propose(i, Outcome::matched, "R2",
                        "payer_found amount_equal date_near only_candidate",
                        {item_of(payouts_[p])});
                continue;
            }
            for (std::size_t n = 0; n < found.size(); ++n) {
                disputed_[found[n]] = true;
                if (n >= kSuggestionsMax) continue;
                propose(i, Outcome::suggested, "R2",
                        "payer_found amount_equal date_near several_candidates",
                        {item_of(payouts_[found[n]])});
            }
        }
    }

    /// R3.
    void by_sum() {
        std::map<std::size_t, std::vector<std::vector<std::size_t>>> of_line;
        std::map<std::size_t, std::set<std::size_t>> users;  // payout -> lines
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (lines_[i].done || !lines_[i].provider) continue;
            const auto candidates = in_window(i);
            std::vector<std::int64_t> amounts;
            for (const auto p : candidates)
                amounts.push_back(payouts_[p].amount);
            auto sets = subsets(amounts, lines_[i].given->amount, kTogetherMax, kSuggestionsMax);
            for (auto& set : sets) {
                for (auto& at : set) {
                    at = candidates[at];
                    users[at].insert(i);
                }
            }
            if (!sets.empty()) of_line.emplace(i, std::move(sets));
        }
        for (const auto& [i, sets] : of_line) {
            const bool unique =
                sets.size() == 1 && std::ranges::all_of(sets.front(), [&](std::size_t p) {
                    return users[p].size() == 1 && !disputed_[p];
                });
            for (const auto& set : sets) {
                std::vector<MatchItem> items;
                for (const auto p : set) {
                    items.push_back(item_of(payouts_[p]));
                    if (unique) free_[p] = false;
                }
                propose(i, unique ? Outcome::matched : Outcome::suggested, "R3",
                        unique ? "payer_found sum_equal date_near only_candidate"
                               : "payer_found sum_equal date_near several_candidates",
                        std::move(items));
            }
        }
    }

    /// R5 of a line that names payments.
    void direct(std::size_t i) {
        const auto& line = lines_[i];
        const auto amount = line.given->amount;
        std::vector<std::size_t> found;
        for (std::size_t c = 0; c < claims_.size(); ++c) {
            if (line.plain.find(references_[c]) != std::string::npos) found.push_back(c);
        }
        if (found.empty()) return nearly(i);
        if (found.size() > 1) return several(i, found);
        auto& claim = claims_[found.front()];
        const MatchItem whole{"payment", claim.payment.str(), claim.public_ref, amount};
        if (claim.awaited == amount) {
            claim.awaited = 0;
            return propose(i, Outcome::matched, "R5", "reference_found receipt_recorded",
                           {{"receipt", whole.subject, whole.reference, amount}});
        }
        if (claim.rest > 0) {
            const char* reasons = amount == claim.rest  ? "reference_found amount_equal"
                                  : amount < claim.rest ? "reference_found amount_less"
                                                        : "reference_found amount_more";
            claim.rest = std::max<std::int64_t>(0, claim.rest - amount);
            return propose(i, Outcome::matched, "R5", reasons, {whole});
        }
        if (claim.closed && amount == claim.amount) {
            claim.closed = false;
            return propose(i, Outcome::matched, "R5", "reference_found paid_late", {whole});
        }
        // Paid already, or for what has ended: whose money it is, is known; what becomes of it, is
        // not.
        propose(i, Outcome::suggested, "R5",
                claim.closed ? "reference_found amount_differs paid_late"
                             : "reference_found already_paid",
                {whole});
    }

    void several(std::size_t i, const std::vector<std::size_t>& found) {
        std::vector<MatchItem> items;
        std::int64_t sum = 0;
        for (const auto c : found) {
            const auto& claim = claims_[c];
            if (claim.rest == 0) continue;
            items.push_back({"payment", claim.payment.str(), claim.public_ref, claim.rest});
            sum += claim.rest;
        }
        const bool exact = items.size() == found.size() && sum == lines_[i].given->amount;
        if (!exact) {
            if (items.empty())
                return propose(i, Outcome::known, "R5", "reference_found already_paid", {});
            return propose(i, Outcome::partly_matched, "R5", "reference_found amount_differs",
                           std::move(items));
        }
        for (const auto c : found)
            claims_[c].rest = 0;
        propose(i, Outcome::matched, "R5", "reference_found sum_equal", std::move(items));
    }

    void nearly(std::size_t i) {
        const auto& line = lines_[i];
        std::size_t n = 0;
        for (std::size_t c = 0; c < claims_.size() && n < kSuggestionsMax; ++c) {
            const auto& claim = claims_[c];
            if (claim.rest == 0 || !nearly_names(line.plain, references_[c])) continue;
            ++n;
            propose(i, Outcome::suggested, "R5",
                    line.given->amount == claim.rest ? "reference_near amount_equal"
                                                     : "reference_near amount_differs",
                    {{"payment", claim.payment.str(), claim.public_ref, line.given->amount}});
        }
        if (n == 0 && looks_like_reference(line.plain)) {
            propose(i, Outcome::known, "R5", "reference_unknown", {});
        }
    }

    /// An amount that is exactly what one payment lacks, and no other line has it.
    void by_rest() {
        std::map<std::int64_t, std::vector<std::size_t>> lacking;
        for (std::size_t c = 0; c < claims_.size(); ++c) {
            if (claims_[c].rest > 0 && !claims_[c].closed) lacking[claims_[c].rest].push_back(c);
        }
        std::map<std::int64_t, int> lines;
        for (const auto& line : lines_)
            lines[line.given->amount] += line.done || line.provider ? 0 : 1;
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (lines_[i].done || lines_[i].provider) continue;
            const auto amount = lines_[i].given->amount;
            const auto it = lacking.find(amount);
            if (it == lacking.end() || it->second.size() != 1 || lines[amount] != 1) continue;
            const auto& claim = claims_[it->second.front()];
            propose(i, Outcome::suggested, "R5", "amount_equal only_candidate",
                    {{"payment", claim.payment.str(), claim.public_ref, amount}});
        }
    }

    const std::vector<Payout>& payouts_;
    std::vector<Claim> claims_;
    std::vector<Line> lines_;
    std::vector<Window> windows_;
    std::vector<std::pair<std::string, std::string>> names_;  // id and trace, bare
    std::vector<std::string> references_;                     // of claims, plain
    std::vector<bool> free_;      // not at the bank yet, and no line has it
    std::vector<bool> disputed_;  // some line wants it, for another amount or beside others
    std::vector<Proposal> out_;
};

}  // namespace

bool from_provider(const BankLine& line) {
    const auto text = bare(line.label);
    return std::ranges::any_of(std::initializer_list<std::string_view>{"STRIPE", "PAYFIP"},
                               [&](auto name) { return text.find(name) != text.npos; });
}

bool names_reference(const BankLine& line) {
    return looks_like_reference(plain(line.label + " " + line.reference));
}

time::Date working_days_after(time::Date day, int n) {
    while (n > 0) {
        day = day + 1;
        const auto weekday = day.weekday();
        if (weekday != time::Weekday::sat && weekday != time::Weekday::sun) --n;
    }
    return day;
}

std::vector<Proposal> match(const std::vector<BankLine>& lines, const std::vector<Payout>& payouts,
                            std::vector<Claim> claims) {
    return Matcher(lines, payouts, std::move(claims)).run();
}

}  // namespace preau::payment::reconciliation
