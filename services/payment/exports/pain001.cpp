#include "services/payment/exports/pain001.hpp"

#include "services/payment/exports/text.hpp"
#include "shared/text/french.hpp"
#include "shared/text/html.hpp"
#include "shared/time/zone.hpp"

namespace preau::payment::exports {

namespace {

constexpr std::size_t kNameMax = 70;
constexpr std::size_t kTextMax = 140;
constexpr std::size_t kIdMax = 35;

/// SEPA takes a small set of Latin letters: folded() has fewer and no capitals, which banks accept.
std::string plain(const std::string& text, std::size_t size_max) {
    return text::escape_html(text::folded(text).substr(0, size_max));
}

std::string tag(const char* name, const std::string& inside) {
    return std::string("<") + name + ">" + inside + "</" + name + ">";
}

std::string account(const std::string& iban) {
    return tag("Id", tag("IBAN", iban));
}

}  // namespace

std::string pain001(const TransferOrder& order) {
    std::int64_t sum = 0;
    std::string transfers;
    for (const auto& one : order.transfers) {
        sum += one.cents;
        transfers +=
            tag("CdtTrfTxInf",
                tag("PmtId", tag("EndToEndId", text::escape_html(one.id.substr(0, kIdMax)))) +
                    tag("Amt", "<InstdAmt Ccy=\"EUR\">" + decimal(one.cents) + "</InstdAmt>") +
                    tag("Cdtr", tag("Nm", plain(one.name, kNameMax))) +
                    tag("CdtrAcct", account(one.iban)) +
                    tag("RmtInf", tag("Ustrd", plain(one.told, kTextMax)))) +
            "\n";
    }
    const auto totals =
        tag("NbOfTxs", std::to_string(order.transfers.size())) + tag("CtrlSum", decimal(sum));
    const auto debtor = tag("Nm", plain(order.debtor_name, kNameMax));
    const auto moment = time::Zone::paris().rfc3339(order.made_at).substr(0, 19);
    const auto id = order.id.substr(0, kIdMax);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\">\n"
           "<CstmrCdtTrfInitn>" +
           tag("GrpHdr",
               tag("MsgId", id) + tag("CreDtTm", moment) + totals + tag("InitgPty", debtor)) +
           "\n<PmtInf>" + tag("PmtInfId", id) + tag("PmtMtd", "TRF") + totals +
           tag("PmtTpInf", tag("SvcLvl", tag("Cd", "SEPA"))) + tag("ReqdExctnDt", order.on.iso()) +
           tag("Dbtr", debtor) + tag("DbtrAcct", account(order.debtor_iban)) +
           tag("DbtrAgt", tag("FinInstnId", tag("Othr", tag("Id", "NOTPROVIDED")))) +
           tag("ChrgBr", "SLEV") + "\n" + transfers + "</PmtInf></CstmrCdtTrfInitn></Document>\n";
}

}  // namespace preau::payment::exports
