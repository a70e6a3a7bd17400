// Files for other programs, each read again by a reader of its own, and months that are closed.

#include <charconv>
#include <map>
#include <set>
#include <sstream>

#include "services/payment/exports/text.hpp"
#include "shared/security/digest.hpp"
#include "tests/unit/services/payment/desk.hpp"

namespace preau::payment::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Row = std::map<std::string, std::string>;

/// Knows the format by its description only: a line a row, a tab between fields, names in the first
/// line.
std::vector<Row> read_fec(const std::string& file) {
    const auto split = [](const std::string& line) {
        std::vector<std::string> out;
        std::string field;
        for (const char c : line + "\t") {
            if (c == '\t') {
                out.push_back(field);
                field.clear();
            } else {
                field += c;
            }
        }
        return out;
    };
    std::istringstream in(file);
    std::vector<std::string> names;
    std::vector<Row> out;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        const auto fields = split(line);
        EXPECT_EQ(fields.size(), 18U) << line;
        if (names.empty()) {
            names = fields;
            continue;
        }
        Row row;
        for (std::size_t i = 0; i < fields.size() && i < names.size(); ++i)
            row[names[i]] = fields[i];
        out.push_back(std::move(row));
    }
    return out;
}

std::int64_t cents(const std::string& text) {
    const auto comma = text.find(',');
    EXPECT_EQ(text.size() - comma, 3U) << text;
    return std::stoll(text.substr(0, comma)) * 100 + std::stoll(text.substr(comma + 1));
}

/// Balanced entry by entry; numbers of each journal from `first` on without a hole.
void expect_sound_fec(const std::vector<Row>& rows) {
    std::map<std::string, std::int64_t> last;
    std::map<std::string, std::int64_t> sums;
    for (const auto& row : rows) {
        const auto number = std::stoll(row.at("EcritureNum"));
        auto& before = last[row.at("JournalCode")];
        if (before != 0) EXPECT_TRUE(number == before || number == before + 1) << number;
        before = number;
        sums[row.at("JournalCode") + row.at("EcritureNum")] +=
            cents(row.at("Debit")) - cents(row.at("Credit"));
        EXPECT_EQ(row.at("EcritureDate").size(), 8U);
        EXPECT_EQ(row.at("PieceDate").size(), 8U);
        EXPECT_FALSE(row.at("CompteNum").empty());
        EXPECT_FALSE(row.at("EcritureLib").empty());
    }
    for (const auto& [entry, sum] : sums)
        EXPECT_EQ(sum, 0) << entry;
}

class Exports : public Bank {
protected:
    net::Response file(const std::string& path, const security::Identity& who = staff()) {
        return call(net::Method::get, at(path), "", who);
    }
    net::Response close(const std::string& month, const Json& body = Json::object(),
                        const security::Identity& who = staff()) {
        return call(net::Method::post, at("/v1/periods/" + month + "/close"), body.dump(), who,
                    "close-key-" + std::to_string(++acts_));
    }
    static std::string header(const net::Response& response, std::string_view wanted) {
        for (const auto& [name, value] : response.headers) {
            if (name == wanted) return value;
        }
        return {};
    }
    std::string code(const net::Response& response) { return Json::parse(response.body)["code"]; }
    int acts_ = 0;
};

TEST_F(Exports, fec__is_read_again_balanced_and_without_a_hole) {
    paid_out({"b1", "b2"});
    import(simulated_statement());
    const auto answer = file("/v1/exports/fec.txt?month=2026-10");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_THAT(header(answer, "Content-Disposition"), HasSubstr("0382042NFEC20261031.txt"));
    EXPECT_THAT(
        answer.body,
        StartsWith("JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\t"
                   "CompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\t"
                   "EcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise\r\n"));
    const auto rows = read_fec(answer.body);
    ASSERT_FALSE(rows.empty());
    expect_sound_fec(rows);
    std::set<std::string> journals;
    std::int64_t debit = 0;
    for (const auto& row : rows) {
        journals.insert(row.at("JournalCode"));
        debit += cents(row.at("Debit"));
    }
    EXPECT_EQ(journals, (std::set<std::string>{"BQ", "PSP", "VT"}));
    EXPECT_EQ(debit, get("/v1/ledger/trial-balance")["debit"]["amount"]);
    EXPECT_EQ(file("/v1/exports/fec.txt").status, 422) << "of a month";
}

TEST_F(Exports, month_closed__keeps_its_bytes_and_late_facts_go_to_the_open_one) {
    accept("b1", {.amount = 2'300});
    EXPECT_EQ(code(close("2026-10")), "period_not_over");
    business_.set(instant("2026-11-03 09:00"));
    const auto fec = file("/v1/exports/fec.txt?month=2026-10").body;
    const auto journal = file("/v1/exports/journal.csv?month=2026-10").body;
    EXPECT_EQ(close("2026-10", {}, staff(security::StaffRole::manager)).status, 403);
    EXPECT_EQ(close("2026-10", {}, staff(security::StaffRole::finance, "garenne")).status, 404);
    const auto done = close("2026-10");
    ASSERT_EQ(done.status, 201) << done.body;
    EXPECT_EQ(code(close("2026-10")), "invalid_transition");
    const auto hashes = get("/v1/periods")["items"][0]["sha256"];
    EXPECT_EQ(hashes["fec"], security::sha256_hex(fec));
    EXPECT_EQ(hashes["journal"], security::sha256_hex(journal));
    // A transfer of October comes to be known in November.
    import(std::string(kHead) + line("30/10/2026", "VIR " + payment("b1").public_ref, "23,00"));
    EXPECT_EQ(payment("b1").status, Status::paid);
    EXPECT_EQ(file("/v1/exports/fec.txt?month=2026-10").body, fec);
    EXPECT_EQ(file("/v1/exports/journal.csv?month=2026-10").body, journal);
    const auto november = read_fec(file("/v1/exports/fec.txt?month=2026-11").body);
    ASSERT_EQ(november.size(), 2U);
    EXPECT_EQ(november[0].at("EcritureDate"), "20261103");
    EXPECT_EQ(november[0].at("PieceDate"), "20261030") << "the day on which it happened";
    expect_sound();
    for (const auto* sql : {"UPDATE period SET note = 'x'", "DELETE FROM period"}) {
        const auto changed = database_->transact([&](db::Session& session) -> base::Result<bool> {
            session.sql() << sql;
            return true;
        });
        EXPECT_FALSE(changed) << sql;
    }
}

TEST_F(Exports, numbers_of_entries__go_on_from_month_to_month) {
    accept("b1");
    accept("b2");
    business_.set(instant("2026-11-03 09:00"));
    accept("b3");
    const auto october = read_fec(file("/v1/exports/fec.txt?month=2026-10").body);
    const auto november = read_fec(file("/v1/exports/fec.txt?month=2026-11").body);
    EXPECT_EQ(october.back().at("EcritureNum"), "2");
    EXPECT_EQ(november.front().at("EcritureNum"), "3");
    business_.set(instant("2026-12-03 09:00"));
    EXPECT_EQ(code(close("2026-11")), "period_before_open");
    EXPECT_EQ(close("2026-10").status, 201);
    EXPECT_EQ(close("2026-11").status, 201);
}

TEST_F(Exports, month_with_something_open__is_closed_with_a_reason_only) {
    paid_out({"b1"});
    import(std::string(kHead) + line("05/10/2026", "VIR STRIPE INCONNU", "1,00"));
    business_.set(instant("2026-11-03 09:00"));
    call(net::Method::post, at("/v1/reconciliation/runs"), "{}", staff(), "run-key-1");
    const auto refused = close("2026-10");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(code(refused), "period_open_items");
    EXPECT_EQ(close("2026-10", {{"note", "Demandé à la banque"}}).status, 201);
    EXPECT_EQ(get("/v1/periods")["items"][0]["note"], "Demandé à la banque");
}

TEST_F(Exports, orders__name_each_rent_once_and_none_that_ended_unpaid) {  // S111, S112
    accept("b1", {.amount = 2'300});
    accept("b2", {.amount = 4'500});
    accept("b3", {.amount = 700});
    tell("booking_cancelled.v1", "b3");  // its room was closed: nothing is billed
    const auto once = file("/v1/exports/titres.csv?month=2026-10");
    ASSERT_EQ(once.status, 200);
    EXPECT_THAT(once.content_type, HasSubstr("text/csv"));
    EXPECT_EQ(std::ranges::count(once.body, '\n'), 3);
    EXPECT_THAT(once.body, HasSubstr(payment("b1").public_ref));
    EXPECT_THAT(once.body, Not(HasSubstr(payment("b3").public_ref)));
    EXPECT_EQ(file("/v1/exports/titres.csv?month=2026-10").body, once.body)
        << "the run is repeatable";
    // The rent is one entry, however often booking says so.
    const auto before = count("SELECT COUNT(*) FROM journal");
    accept("b1", {.amount = 2'300});
    EXPECT_EQ(count("SELECT COUNT(*) FROM journal"), before);
}

TEST_F(Exports, cells_that_a_spreadsheet_would_run__are_text) {
    using exports::cell;
    for (const auto* evil : {"=1+1", "+33", "-2", "@SUM(A1)", "\tx"})
        EXPECT_THAT(cell(evil), StartsWith("'"));
    EXPECT_EQ(cell("a;b\"c"), "\"a;b\"\"c\"");
    EXPECT_EQ(exports::euros(-5), "-0,05");
    EXPECT_EQ(exports::euros(123'456), "1234,56");
    // Not only the function: a room of that name, through the whole export.
    accept("b1");
    execute(*database_, "UPDATE payment SET public_ref = '=HYPERLINK(1)'");
    EXPECT_THAT(file("/v1/exports/titres.csv").body, HasSubstr(";'=HYPERLINK(1);"));
}

TEST_F(Exports, payouts_and_the_mandates_year__add_up) {
    const auto payout = paid_out({"b1", "b2"});
    import(simulated_statement());
    const auto list = file("/v1/exports/payouts.csv?month=2026-10").body;
    EXPECT_THAT(list, HasSubstr(payout + ";2026-10-01"));
    EXPECT_THAT(list, HasSubstr(";total;;;;90,00;0,00;90,00;"));
    const auto year = file("/v1/exports/mandate.csv?month=2026-10").body;
    EXPECT_THAT(year, HasSubstr("total encaissements;2026-12-31;;;90,00;"));
    EXPECT_THAT(year, HasSubstr("total reversements;2026-12-31;;;-90,00;"));
    EXPECT_THAT(year, HasSubstr("solde chez le prestataire;2026-12-31;;;0,00;"));
}

TEST_F(Exports, refunds_by_transfer__are_one_file_for_the_bank) {
    accept("b1", {.amount = 2'300});
    import(std::string(kHead) + line("02/10/2026", "VIR " + payment("b1").public_ref, "23,50"));
    EXPECT_EQ(code(file("/v1/exports/sepa-refunds.xml")), "unknown_account");
    call(net::Method::put, at("/v1/bank-account"), R"({"account":"FR7630006000011234567890189"})",
         staff(), "account-1");
    EXPECT_EQ(code(file("/v1/exports/sepa-refunds.xml")), "nothing_to_export");
    const auto path = "/v1/refunds/" + payment("b1").refunds.at(0).id.str() + "/payee";
    const auto payee = [&](const std::string& iban, const security::Identity& who = staff()) {
        return call(net::Method::put, path,
                    Json{{"name", "Judo Club & Fils"}, {"iban", iban}}.dump(), who,
                    "payee-key-" + std::to_string(++acts_));
    };
    EXPECT_EQ(payee("FR7630006000011234567890188").status, 422) << "control digits";
    EXPECT_EQ(
        payee("DE89370400440532013000", staff(security::StaffRole::finance, "garenne")).status,
        404);
    const auto saved = payee("DE89 3704 0044 0532 0130 00");
    ASSERT_EQ(saved.status, 200) << saved.body;
    EXPECT_EQ(saved.body.find("0532"), std::string::npos) << "shown in full";
    const auto order = file("/v1/exports/sepa-refunds.xml");
    ASSERT_EQ(order.status, 200);
    EXPECT_THAT(order.body, HasSubstr("pain.001.001.03"));
    EXPECT_THAT(order.body, HasSubstr("<NbOfTxs>1</NbOfTxs><CtrlSum>0.50</CtrlSum>"));
    EXPECT_THAT(order.body, HasSubstr("<IBAN>FR7630006000011234567890189</IBAN>"));
    EXPECT_THAT(order.body, HasSubstr("<IBAN>DE89370400440532013000</IBAN>"));
    EXPECT_EQ(file("/v1/exports/sepa-refunds.xml").body, order.body) << "the same message";
}

TEST_F(Exports, officer_of_another_college__gets_no_file) {  // F-47
    const auto stranger = staff(security::StaffRole::finance, "garenne");
    for (const auto* name : {"journal.csv", "fec.txt", "titres.csv", "payouts.csv", "mandate.csv",
                             "sepa-refunds.xml"}) {
        EXPECT_EQ(file(std::string("/v1/exports/") + name + "?month=2026-10", stranger).status,
                  404);
        EXPECT_EQ(file(std::string("/v1/exports/") + name + "?month=2026-10",
                       staff(security::StaffRole::manager))
                      .status,
                  403);
    }
    EXPECT_EQ(file("/v1/periods", stranger).status, 404);
    EXPECT_EQ(file("/v1/reconciliation/differences", stranger).status, 404);
    EXPECT_EQ(file("/v1/bank-account", stranger).status, 404);
}

}  // namespace
}  // namespace preau::payment::test
