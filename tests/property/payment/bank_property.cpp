// Months on a bank account, by chance, with faults planted: every line must become what the truth
// says, in every format, and nothing may close by itself that is not certain.

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "services/payment/reconciliation/match.hpp"
#include "services/payment/reconciliation/statement.hpp"
#include "tests/simulators/bank/town.hpp"

namespace preau::payment::reconciliation {
namespace {

using bank_simulator::Town;
using bank_simulator::Truth;

constexpr std::uint64_t kStatements = 500;

struct Result {
    std::string state = "unmatched";
    std::string rule;
    std::set<std::string> subjects;  // references
    std::string told;                // all of it, for comparing formats
};

std::vector<Payout> payouts_of(const Town& town) {
    std::vector<Payout> out;
    for (const auto& one : town.payouts) {
        Payout payout;
        payout.id = one.id;
        payout.trace = one.trace;
        payout.amount = one.amount;
        payout.status = "itemised";
        payout.arrival = {std::int64_t{one.arrival.days} * 86'400 + 43'200};
        out.push_back(std::move(payout));
    }
    return out;
}

std::vector<Claim> claims_of(const Town& town) {
    std::vector<Claim> out;
    for (const auto& due : town.dues) {
        Claim claim;
        claim.payment = PaymentId::seeded(1, due.reference);
        claim.public_ref = due.reference;
        claim.amount = claim.rest = due.amount;
        out.push_back(std::move(claim));
    }
    return out;
}

/// Through the file and the rules, as an import does: only money that came in is asked about.
std::vector<Result> run(const Town& town, bank_simulator::Format format) {
    const auto parsed = parse_statement(render(town.statement, format));
    if (!parsed) {
        ADD_FAILURE() << parsed.error().fields.at(0).pointer << parsed.error().fields.at(0).code;
        return {};
    }
    std::vector<Result> out(parsed->lines.size());
    std::vector<BankLine> lines;
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < parsed->lines.size(); ++i) {
        const auto& read = parsed->lines[i];
        if (read.amount <= 0) continue;
        BankLine line;
        line.day = read.day;
        line.label = read.label;
        line.reference = read.reference;
        line.amount = read.amount;
        lines.push_back(std::move(line));
        at.push_back(i);
    }
    for (const auto& found : match(lines, payouts_of(town), claims_of(town))) {
        auto& result = out[at[found.line]];
        result.rule = found.rule;
        switch (found.outcome) {
            case Outcome::matched:
                result.state = "matched";
                break;
            case Outcome::partly_matched:
                result.state = "partly_matched";
                break;
            case Outcome::suggested:
                result.state = "suggested";
                break;
            case Outcome::known:
                break;
        }
        for (const auto& item : found.items) {
            result.subjects.insert(item.reference);
            result.told += item.reference + ":" + std::to_string(item.amount) + " ";
        }
        result.told += result.state + " " + found.rule + " " + found.reasons;
    }
    return out;
}

bool right(const Truth& truth, const Result& result) {
    if (truth.state != result.state) return false;
    if (!truth.rule.empty() && truth.rule != result.rule) return false;
    const std::set<std::string> wanted(truth.subjects.begin(), truth.subjects.end());
    if (truth.state == "suggested") return std::ranges::includes(result.subjects, wanted);
    return wanted == result.subjects;
}

TEST(
    BankFiles,
    planted_faults_over_500_statements__are_all_classified_and_none_closes_wrongly) {  // F-38, F-41
    std::map<std::string, int> kinds;
    int false_matches = 0;
    for (std::uint64_t seed = 1; seed <= kStatements; ++seed) {
        const auto town = bank_simulator::make_town(seed);
        const auto format =
            bank_simulator::all_formats[seed % std::size(bank_simulator::all_formats)];
        const auto results = run(town, format);
        ASSERT_EQ(results.size(), town.truth.size());
        for (std::size_t i = 0; i < results.size(); ++i) {
            const auto& truth = town.truth[i];
            ++kinds[truth.kind];
            EXPECT_TRUE(right(truth, results[i]))
                << "seed " << seed << " " << truth.kind << ": " << results[i].told << "\n"
                << town.statement.lines[i].label << " " << town.statement.lines[i].amount;
            const std::set<std::string> wanted(truth.subjects.begin(), truth.subjects.end());
            if (results[i].state == "matched" &&
                (truth.state != "matched" || wanted != results[i].subjects)) {
                ++false_matches;
            }
        }
        if (testing::Test::HasFailure()) break;
    }
    EXPECT_EQ(false_matches, 0);
    // Each kind was there, or nothing is shown by this.
    for (const auto* kind :
         {"clean", "reference", "payer", "merged", "short", "doubled", "ambiguous", "late",
          "foreign", "exact", "typo", "less", "more", "part", "bare_amount"}) {
        EXPECT_GE(kinds[kind], 100) << kind;
    }
}

TEST(BankFiles, clean_months__are_matched_whole_and_alike_in_every_format) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const auto town =
            bank_simulator::make_town(seed, {.payouts = 30, .dues = 10, .faults = false});
        std::vector<std::string> first;
        for (const auto format : bank_simulator::all_formats) {
            const auto results = run(town, format);
            std::vector<std::string> told;
            for (std::size_t i = 0; i < results.size(); ++i) {
                if (town.truth[i].state == "matched") {
                    EXPECT_EQ(results[i].state, "matched") << town.statement.lines[i].label;
                }
                told.push_back(results[i].told);
            }
            if (first.empty()) first = told;
            EXPECT_EQ(told, first) << bank_simulator::to_string(format);
        }
    }
}

TEST(BankFiles, truth_that_is_wrong__is_noticed) {  // negative control
    auto town = bank_simulator::make_town(7);
    const auto results = run(town, bank_simulator::Format::csv);
    int wrong = 0;
    std::ranges::rotate(town.truth, town.truth.begin() + 1);
    for (std::size_t i = 0; i < results.size(); ++i)
        wrong += right(town.truth[i], results[i]) ? 0 : 1;
    EXPECT_GT(wrong, 5);
}

/// Every set of two to four, one after the other.
std::set<std::vector<std::size_t>> naive(const std::vector<std::int64_t>& amounts,
                                         std::int64_t wanted) {
    std::set<std::vector<std::size_t>> out;
    for (std::uint32_t bits = 1; bits < (1U << amounts.size()); ++bits) {
        std::vector<std::size_t> set;
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < amounts.size(); ++i) {
            if ((bits >> i & 1U) == 0) continue;
            set.push_back(i);
            sum += amounts[i];
        }
        if (set.size() >= 2 && set.size() <= 4 && sum == wanted) out.insert(set);
    }
    return out;
}

TEST(Subsets, sums_of_two_to_four__are_those_of_the_naive_search) {
    std::mt19937_64 random(38);
    int hits = 0;
    for (int round = 0; round < 3'000; ++round) {
        std::vector<std::int64_t> amounts(random() % 11);
        for (auto& one : amounts)
            one = 1 + static_cast<std::int64_t>(random() % 12);
        const auto wanted = 1 + static_cast<std::int64_t>(random() % 40);
        const auto found = subsets(amounts, wanted, 4, 100'000);
        const std::set<std::vector<std::size_t>> unique(found.begin(), found.end());
        EXPECT_EQ(unique.size(), found.size()) << "one set twice";
        ASSERT_EQ(unique, naive(amounts, wanted));
        hits += unique.empty() ? 0 : 1;
    }
    EXPECT_GT(hits, 1'000);
    EXPECT_EQ(subsets({1, 1, 1, 1, 1}, 2, 4, 3).size(), 3U);
}

}  // namespace
}  // namespace preau::payment::reconciliation
