#include "tests/simulators/stripe/bank_statement.hpp"

#include <algorithm>
#include <ctime>

namespace preau::stripe_simulator {

namespace {

using Json = nlohmann::json;

std::string french_date(std::int64_t seconds) {
    const std::time_t t = seconds;
    std::tm parts{};
    gmtime_r(&t, &parts);
    char text[16];
    std::strftime(text, sizeof text, "%d/%m/%Y", &parts);
    return text;
}

std::string french_amount(std::int64_t cents) {
    std::string rest = std::to_string(cents % 100);
    if (rest.size() < 2) rest.insert(0, "0");
    return std::to_string(cents / 100) + "," + rest;
}

}  // namespace

std::string bank_statement(std::vector<Json> payouts, std::int64_t today) {
    constexpr std::int64_t kOpening = 100'000;
    std::reverse(payouts.begin(), payouts.end());
    std::string lines;
    std::int64_t balance = kOpening;
    std::string first = french_date(today);
    std::string last = first;
    for (const Json& payout : payouts) {
        const std::string date = french_date(payout["arrival_date"].get<std::int64_t>());
        const std::string id = payout["id"].get<std::string>();
        const auto amount = payout["amount"].get<std::int64_t>();
        if (lines.empty()) first = date;
        last = date;
        balance += amount;
        lines += date + ";VIR STRIPE " + payout["trace_id"]["value"].get<std::string>() + " " + id +
                 ";" + french_amount(amount) + ";" + id + "\n";
    }
    return "date;libelle;montant;reference\n" + first + ";SOLDE INITIAL;" +
           french_amount(kOpening) + ";\n" + lines + last + ";SOLDE FINAL;" +
           french_amount(balance) + ";\n";
}

}  // namespace preau::stripe_simulator
