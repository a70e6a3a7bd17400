#include "tests/simulators/bank/render.hpp"

#include <cstdio>

#include "shared/text/html.hpp"

namespace preau::bank_simulator {

namespace {

constexpr std::size_t kLabel = 31;       // of a CFONB120 movement
constexpr std::size_t kComplement = 70;  // of a record 05

std::string two(unsigned n) {
    return (n < 10 ? "0" : "") + std::to_string(n);
}

std::string plain(std::int64_t cents) {
    const auto sign = cents < 0 ? "-" : "";
    const auto rest = std::to_string((cents < 0 ? -cents : cents) % 100);
    return sign + std::to_string((cents < 0 ? -cents : cents) / 100) + "." +
           (rest.size() < 2 ? "0" : "") + rest;
}

/// "1 234,56"
std::string french(std::int64_t cents) {
    auto out = plain(cents);
    out[out.size() - 3] = ',';
    for (auto i = static_cast<std::ptrdiff_t>(out.size()) - 6; i > (cents < 0 ? 1 : 0); i -= 3)
        out.insert(static_cast<std::size_t>(i), " ");
    return out;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(width, ' ');
    return text;
}

// ── CAMT.053 ────────────────────────────────────────────────────────────────────────────────────

std::string camt_amount(std::int64_t cents) {
    return "<Amt Ccy=\"EUR\">" + plain(cents < 0 ? -cents : cents) + "</Amt><CdtDbtInd>" +
           (cents < 0 ? "DBIT" : "CRDT") + "</CdtDbtInd>";
}

std::string camt_balance(const char* code, std::int64_t cents, time::Date day) {
    return std::string("<Bal><Tp><CdOrPrtry><Cd>") + code + "</Cd></CdOrPrtry></Tp>" +
           camt_amount(cents) + "<Dt><Dt>" + day.iso() + "</Dt></Dt></Bal>\n";
}

std::string camt(const Statement& s) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">\n<BkToCstmrStmt>"
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>" +
        s.until.iso() + "T06:00:00</CreDtTm></GrpHdr>\n<Stmt><Id>1</Id><CreDtTm>" + s.until.iso() +
        "T06:00:00</CreDtTm><Acct><Id><IBAN>" + s.iban + "</IBAN></Id><Ccy>EUR</Ccy></Acct>\n" +
        camt_balance("OPBD", s.opening, s.from - 1) + camt_balance("CLBD", s.closing(), s.until);
    for (const auto& line : s.lines) {
        out += "<Ntry>" + camt_amount(line.amount) + "<Sts>BOOK</Sts><BookgDt><Dt>" +
               line.day.iso() + "</Dt></BookgDt><ValDt><Dt>" + line.day.iso() +
               "</Dt></ValDt><AcctSvcrRef>B" + std::to_string(line.number) +
               "</AcctSvcrRef><BkTxCd><Prtry><Cd>VIR</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>"
               "<Refs><EndToEndId>" +
               (line.reference.empty() ? "NOTPROVIDED" : text::escape_html(line.reference)) +
               "</EndToEndId></Refs><RmtInf><Ustrd>" + text::escape_html(line.label) +
               "</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n";
    }
    return out + "</Stmt></BkToCstmrStmt></Document>\n";
}

// ── CFONB120 ────────────────────────────────────────────────────────────────────────────────────

std::string short_day(time::Date day) {
    return two(day.day()) + two(day.month()) + two(static_cast<unsigned>(day.year() % 100));
}

std::string cfonb_amount(std::int64_t cents) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%014lld",
                  static_cast<long long>(cents < 0 ? -cents : cents));
    std::string out = digits;
    out.back() = (cents < 0 ? "}JKLMNOPQR" : "{ABCDEFGHI")[out.back() - '0'];
    return out;
}

std::string cfonb_head(const Statement& s, const char* code) {
    return code + s.bank + "0123" + s.branch + "EUR2 " + s.account;
}

std::string cfonb_balance(const Statement& s, const char* code, std::int64_t cents,
                          time::Date day) {
    return padded(padded(cfonb_head(s, code) + "  " + short_day(day), 90) + cfonb_amount(cents),
                  120) +
           "\r\n";
}

std::string cfonb(const Statement& s) {
    std::string out = cfonb_balance(s, "01", s.opening, s.from - 1);
    for (const auto& line : s.lines) {
        char entry[8];
        std::snprintf(entry, sizeof entry, "%07d", line.number);
        const auto head = cfonb_head(s, "04") + "05" + short_day(line.day);
        out += padded(padded(head + "  " + short_day(line.day) +
                                 padded(line.label.substr(0, kLabel), kLabel) + "  " + entry + " 0",
                             90) +
                          cfonb_amount(line.amount),
                      120) +
               "\r\n";
        const auto more = cfonb_head(s, "05") + "05" + short_day(line.day) + "     ";
        for (std::size_t at = kLabel; at < line.label.size(); at += kComplement) {
            out += padded(more + "LCC" + padded(line.label.substr(at, kComplement), kComplement),
                          120) +
                   "\r\n";
        }
        if (!line.reference.empty()) {
            out +=
                padded(more + "RCN" + padded(line.reference, 35) + "VIREMENT SEPA", 120) + "\r\n";
        }
    }
    return out + cfonb_balance(s, "07", s.closing(), s.until);
}

// ── OFX ─────────────────────────────────────────────────────────────────────────────────────────

std::string compact(time::Date day) {
    return std::to_string(day.year()) + two(day.month()) + two(day.day());
}

std::string ofx(const Statement& s, bool xml) {
    const auto value = [&](const char* tag, const std::string& text) {
        return std::string("<") + tag + ">" + text::escape_html(text) +
               (xml ? std::string("</") + tag + ">" : std::string()) + "\n";
    };
    std::string out =
        xml ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?OFX OFXHEADER=\"200\" VERSION=\"220\" "
              "SECURITY=\"NONE\" OLDFILEUID=\"NONE\" NEWFILEUID=\"NONE\"?>\n"
            : "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\n"
              "CHARSET:1252\nCOMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n";
    out += "<OFX>\n<BANKMSGSRSV1>\n<STMTTRNRS>\n<STMTRS>\n" + value("CURDEF", "EUR") +
           "<BANKACCTFROM>\n" + value("BANKID", s.bank) + value("BRANCHID", s.branch) +
           value("ACCTID", s.account) + value("ACCTTYPE", "CHECKING") +
           "</BANKACCTFROM>\n<BANKTRANLIST>\n" + value("DTSTART", compact(s.from)) +
           value("DTEND", compact(s.until) + "235959");
    for (const auto& line : s.lines) {
        out += "<STMTTRN>\n" + value("TRNTYPE", line.amount < 0 ? "DEBIT" : "CREDIT") +
               value("DTPOSTED", compact(line.day) + "120000[+1:CET]") +
               value("TRNAMT", plain(line.amount)) +
               value("FITID", "F" + compact(line.day) + std::to_string(line.number));
        if (!line.reference.empty()) out += value("REFNUM", line.reference);
        out += value("NAME", line.label.substr(0, 32));
        if (line.label.size() > 32) out += value("MEMO", line.label.substr(32));
        out += "</STMTTRN>\n";
    }
    return out + "</BANKTRANLIST>\n<LEDGERBAL>\n" + value("BALAMT", plain(s.closing())) +
           value("DTASOF", compact(s.until)) +
           "</LEDGERBAL>\n</STMTRS>\n</STMTTRNRS>\n</BANKMSGSRSV1>\n</OFX>\n";
}

// ── CSV ─────────────────────────────────────────────────────────────────────────────────────────

std::string csv(const Statement& s) {
    const auto row = [](time::Date day, const std::string& label, std::int64_t cents,
                        const std::string& reference) {
        return two(day.day()) + "/" + two(day.month()) + "/" + std::to_string(day.year()) + ";" +
               label + ";" + french(cents) + ";" + reference + "\r\n";
    };
    std::string out =
        "\xEF\xBB\xBF"
        "Date;Libell\xC3\xA9;Montant;R\xC3\xA9"
        "f\xC3\xA9rence\r\n" +
        row(s.from, "SOLDE INITIAL", s.opening, "");
    for (const auto& line : s.lines)
        out += row(line.day, line.label, line.amount, line.reference);
    return out + row(s.until, "SOLDE FINAL", s.closing(), "");
}

}  // namespace

std::int64_t Statement::closing() const {
    std::int64_t sum = opening;
    for (const auto& line : lines)
        sum += line.amount;
    return sum;
}

std::string_view to_string(Format format) {
    constexpr std::string_view kNames[] = {"camt053", "cfonb120", "ofx1", "ofx2", "csv"};
    return kNames[static_cast<std::size_t>(format)];
}

std::string render(const Statement& statement, Format format) {
    switch (format) {
        case Format::camt053:
            return camt(statement);
        case Format::cfonb120:
            return cfonb(statement);
        case Format::ofx1:
            return ofx(statement, false);
        case Format::ofx2:
            return ofx(statement, true);
        case Format::csv:
            break;
    }
    return csv(statement);
}

}  // namespace preau::bank_simulator
