#pragma once
// What arrives on a college's account in a month, by chance from a seed, and the truth of each
// line: clean payouts and direct transfers, and faults planted among them. Knows nothing of the
// rules that are tested with it.

#include <map>
#include <random>

#include <nlohmann/json.hpp>

#include "tests/simulators/bank/render.hpp"

namespace preau::bank_simulator {

struct PayoutFact {
    std::string id;     // "po_" and 14 letters
    std::string trace;  // "STR" and 10 digits
    std::int64_t amount = 0;
    time::Date arrival;
};
struct DueFact {
    std::string reference;  // "PA-…"
    std::int64_t amount = 0;
};

/// What a line must become. `subjects`: payouts or references that it is for; for a suggestion:
/// that must be among those suggested.
struct Truth {
    std::string kind;   // clean reference payer merged short doubled ambiguous late foreign exact
                        // typo less more part bare_amount
    std::string state;  // matched partly_matched suggested unmatched
    std::string rule;   // R1 … R5, or empty where it does not matter
    std::vector<std::string> subjects;
};

struct TownOptions {
    int payouts = 12;
    int dues = 8;
    bool faults = true;
};

struct Town {
    std::vector<PayoutFact> payouts;
    std::vector<DueFact> dues;
    Statement statement;
    std::vector<Truth> truth;  // of each line of the statement

    nlohmann::json truth_file() const;
};

Town make_town(std::uint64_t seed, const TownOptions& options = {});

}  // namespace preau::bank_simulator
