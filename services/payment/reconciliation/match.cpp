#include "services/payment/reconciliation/match.hpp"

#include <algorithm>
#include <set>

#include "shared/time/zone.hpp"

namespace preau::payment::reconciliation {

namespace {

constexpr std::int32_t kDaysEarly = 1;
constexpr std::int32_t kDaysLate = 7;     // five working days
constexpr std::size_t kReferenceMin = 8;  // a shorter one could stand in any label

/// Capital letters and digits only, as labels get mangled on their way.
std::string bare(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
    }
    return out;
}

bool names(const std::string& text, const std::string& reference) {
    const auto wanted = bare(reference);
    return wanted.size() >= kReferenceMin && text.find(wanted) != std::string::npos;
}

bool in_time(const BankLine& line, const Payout& payout) {
    const auto arrival = time::Zone::paris().local(payout.arrival).date;
    return line.day >= arrival - kDaysEarly && line.day <= arrival + kDaysLate;
}

}  // namespace

bool from_provider(const BankLine& line) {
    return bare(line.label).find("STRIPE") != std::string::npos;
}

std::vector<Match> match(const std::vector<BankLine>& lines, const std::vector<Payout>& payouts) {
    std::vector<Match> out;
    std::set<std::string> taken;
    std::set<std::size_t> named;  // lines that name a payout, whatever came of it
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto text = bare(lines[i].label + " " + lines[i].reference);
        std::vector<const Payout*> found;
        for (const auto& payout : payouts) {
            if (names(text, payout.id) || names(text, payout.trace)) found.push_back(&payout);
        }
        if (found.size() != 1) {
            if (!found.empty()) named.insert(i);
            continue;
        }
        named.insert(i);
        const auto& payout = *found.front();
        const auto gap = lines[i].amount - payout.amount;
        if (gap == 0 && taken.insert(payout.id).second) {
            out.push_back({i, payout.id, "matched", "R1", "reference_found amount_equal", 0});
        } else if (gap != 0) {
            out.push_back(
                {i, payout.id, "partly_matched", "R4", "reference_found amount_differs", gap});
        }
    }
    const auto fits = [&](std::size_t i, const Payout& payout) {
        return !named.contains(i) && !taken.contains(payout.id) && from_provider(lines[i]) &&
               lines[i].amount == payout.amount && in_time(lines[i], payout);
    };
    std::vector<Match> by_amount;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::vector<const Payout*> found;
        for (const auto& payout : payouts) {
            if (fits(i, payout)) found.push_back(&payout);
        }
        if (found.size() != 1) continue;
        std::size_t rivals = 0;
        for (std::size_t k = 0; k < lines.size(); ++k)
            rivals += fits(k, *found.front()) ? 1 : 0;
        if (rivals == 1) {
            by_amount.push_back({i, found.front()->id, "matched", "R2",
                                 "payer_found amount_equal date_near only_candidate", 0});
        }
    }
    out.insert(out.end(), by_amount.begin(), by_amount.end());
    return out;
}

}  // namespace preau::payment::reconciliation
