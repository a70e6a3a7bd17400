#pragma once
// What the readers of all formats share: a sheet on which they write balances and lines, which
// checks that everything adds up and gives each line its fingerprint.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/payment/reconciliation/statement.hpp"

namespace preau::payment::reconciliation {

class Sheet {
public:
    explicit Sheet(Format format) { out_.format = format; }

    /// Something in this line of the file is not as it must be. `code` ends a key of the catalogue:
    /// statement_error.<code>.
    void fault(std::size_t at, std::string code, std::string detail = {});
    /// Whether nothing more needs to be read: so many faults, or too many lines.
    bool full() const { return faults_.size() >= faults_max || too_long_; }

    /// The account that the file speaks of; a second one is a fault.
    void account(std::string key, std::size_t at);
    /// A second opening must be what the last closing was.
    void opening(std::int64_t cents, std::optional<time::Date> day, std::size_t at);
    void closing(std::int64_t cents, std::optional<time::Date> day, std::size_t at);
    /// Checks texts and takes the line.
    void line(StatementLine line, std::size_t at);

    base::Result<ParsedStatement> finish();

    static constexpr std::size_t faults_max = 50;

private:
    void cover(time::Date day);

    ParsedStatement out_;
    std::vector<base::FieldError> faults_;
    std::map<std::string, std::int64_t> seen_;
    std::optional<std::int64_t> open_;  // of the statement being read
    std::int64_t sum_ = 0;              // of its lines
    bool covered_ = false;
    bool too_long_ = false;
};

// One reader for each format. The text is UTF-8 with `\n` or `\r\n`.
base::Result<ParsedStatement> read_csv(std::string_view text, const CsvProfile& profile);
base::Result<ParsedStatement> read_cfonb120(std::string_view text);
base::Result<ParsedStatement> read_ofx(std::string_view text);
base::Result<ParsedStatement> read_camt053(std::string_view text);

/// ISO-8859-15 as UTF-8.
std::string from_latin9(std::string_view text);
/// The number of the line in which a byte stands, from 1.
std::size_t line_at(std::string_view text, std::size_t byte);

}  // namespace preau::payment::reconciliation
