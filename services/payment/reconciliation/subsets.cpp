// Which of some amounts make a sum, by meeting in the middle: pairs are looked up instead of walked
// through, so that a hundred payouts in a window cost thousands of steps and not millions.

#include <algorithm>
#include <unordered_map>

#include "services/payment/reconciliation/match.hpp"

namespace preau::payment::reconciliation {

std::vector<std::vector<std::size_t>> subsets(const std::vector<std::int64_t>& amounts,
                                              std::int64_t wanted, std::size_t size_max,
                                              std::size_t sets_max) {
    std::vector<std::vector<std::size_t>> out;
    // Pairs (i < j) by their sum; filled as the walk goes on, so that each set is found once.
    std::unordered_map<std::int64_t, std::vector<std::pair<std::size_t, std::size_t>>> pairs;
    const auto full = [&] { return out.size() >= sets_max; };
    for (std::size_t k = 0; k < amounts.size() && !full(); ++k) {
        // Of two: k is the second. Of three: k is the last, with a pair before it.
        for (std::size_t i = 0; i < k && !full(); ++i) {
            if (amounts[i] + amounts[k] == wanted) out.push_back({i, k});
        }
        if (size_max >= 3) {
            if (const auto found = pairs.find(wanted - amounts[k]); found != pairs.end()) {
                for (const auto& [i, j] : found->second) {
                    if (full()) break;
                    out.push_back({i, j, k});
                }
            }
        }
        // Of four: k is the third, with a pair before it and one after.
        if (size_max >= 4) {
            for (std::size_t l = k + 1; l < amounts.size() && !full(); ++l) {
                const auto found = pairs.find(wanted - amounts[k] - amounts[l]);
                if (found == pairs.end()) continue;
                for (const auto& [i, j] : found->second) {
                    if (full()) break;
                    out.push_back({i, j, k, l});
                }
            }
        }
        for (std::size_t i = 0; i < k; ++i)
            pairs[amounts[i] + amounts[k]].emplace_back(i, k);
    }
    return out;
}

}  // namespace preau::payment::reconciliation
