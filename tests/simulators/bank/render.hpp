#pragma once
// A statement written down as banks do: the same content in CAMT.053, CFONB120, OFX (1.x or 2.x)
// and CSV. Knows nothing of the readers: what it writes follows the formats' own descriptions.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/time/civil.hpp"

namespace preau::bank_simulator {

struct Line {
    time::Date day;
    std::string label;      // as it was told to the bank, ≤ 140 characters
    std::string reference;  // end-to-end reference of the payer, ≤ 35 characters, or empty
    std::int64_t amount = 0;
    int number = 0;  // the bank's own, of this movement for good
};

struct Statement {
    std::string bank = "10071";
    std::string branch = "38000";
    std::string account = "00001234567";
    std::string iban = "FR7610071380000000123456741";
    time::Date from;
    time::Date until;
    std::int64_t opening = 0;  // cents
    std::vector<Line> lines;

    std::int64_t closing() const;
};

enum class Format { camt053, cfonb120, ofx1, ofx2, csv };
inline constexpr Format all_formats[] = {Format::camt053, Format::cfonb120, Format::ofx1,
                                         Format::ofx2, Format::csv};
std::string_view to_string(Format format);

std::string render(const Statement& statement, Format format);

}  // namespace preau::bank_simulator
