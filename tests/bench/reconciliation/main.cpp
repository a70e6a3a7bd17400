// How long a statement takes to be read and matched, in process and of one core: 1,000 lines
// against 300 payouts. The worst case for the rules: no line names
// its payout, so that amounts and sums are looked for, and all payouts of a quarter stand close
// together.
//
//   preau-bench-reconciliation       exit 0: every bar is met; 1: one is missed

#include <algorithm>
#include <cstdio>
#include <random>
#include <vector>

#include <time.h>

#include "services/payment/reconciliation/match.hpp"
#include "services/payment/reconciliation/statement.hpp"
#include "tests/simulators/bank/render.hpp"

namespace {

using namespace preau;

double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Month {
    std::string file;
    std::vector<payment::Payout> payouts;
    std::vector<payment::Claim> claims;
};

Month make(std::size_t lines, std::size_t payouts, std::int32_t days) {
    std::mt19937_64 random(20261128);
    const auto below = [&](std::size_t bound) {
        return static_cast<std::int64_t>(random() % bound);
    };
    const auto first = *time::Date::parse("2026-01-05");
    Month out;
    bank_simulator::Statement statement;
    statement.from = first;
    for (std::size_t i = 0; i < payouts; ++i) {
        payment::Payout payout;
        payout.id = "po_" + std::to_string(100'000'000'000 + i);
        payout.amount = 1'000 + below(300'000);
        const auto day = first + static_cast<std::int32_t>(below(static_cast<std::size_t>(days)));
        payout.arrival = {std::int64_t{day.days} * 86'400 + 43'200};
        out.payouts.push_back(payout);
        statement.lines.push_back({day, "VIR SEPA STRIPE TECHNOLOGY EUROPE", "", payout.amount, 0});
    }
    for (std::size_t i = payouts; i < lines; ++i) {
        const auto day = first + static_cast<std::int32_t>(below(static_cast<std::size_t>(days)));
        // A third of the rest is the provider's too, and is no payout of ours: sums are looked for
        // in vain.
        const bool provider = i % 3 == 0;
        statement.lines.push_back({day, provider ? "VIR SEPA STRIPE AUTRE" : "VIR ASS SPORTIVE", "",
                                   1 + below(900'000), 0});
    }
    std::ranges::sort(statement.lines, {}, [](const auto& one) { return one.day; });
    int number = 0;
    for (auto& line : statement.lines)
        line.number = ++number;
    statement.until = first + days;
    out.file = render(statement, bank_simulator::Format::cfonb120);
    for (std::size_t i = 0; i < payouts; ++i) {
        payment::Claim claim;
        claim.payment = payment::PaymentId::seeded(1, std::to_string(i));
        claim.public_ref = "PA-" + std::to_string(100'000 + i) + "-7";
        claim.amount = claim.rest = 1 + below(900'000);
        out.claims.push_back(claim);
    }
    return out;
}

bool measure(const char* what, const Month& month, double bar_ms) {
    constexpr int kRounds = 5;
    std::vector<double> times;
    std::size_t found = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto start = cpu_ms();
        const auto parsed = payment::reconciliation::parse_statement(month.file);
        if (!parsed) {
            std::fprintf(stderr, "the file is not read: %s\n",
                         parsed.error().fields[0].code.c_str());
            return false;
        }
        std::vector<payment::BankLine> lines;
        for (const auto& read : parsed->lines) {
            payment::BankLine line;
            line.day = read.day;
            line.label = read.label;
            line.reference = read.reference;
            line.amount = read.amount;
            lines.push_back(std::move(line));
        }
        found = payment::reconciliation::match(lines, month.payouts, month.claims).size();
        times.push_back(cpu_ms() - start);
    }
    std::ranges::sort(times);
    const auto median = times[kRounds / 2];
    const bool met = median <= bar_ms && found > 0;
    std::printf("    %-34s %8.0f ms of %8.0f ms %5.1f %%  %s (%zu proposals)\n", what, median,
                bar_ms, 100 * median / bar_ms, met ? "met" : "MISSED", found);
    return met;
}

}  // namespace

int main() {
    return measure("1,000 lines, 300 payouts", make(1'000, 300, 90), 2'000) ? 0 : 1;
}
