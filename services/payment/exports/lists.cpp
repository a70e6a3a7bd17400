#include "services/payment/exports/lists.hpp"

#include "services/payment/exports/text.hpp"
#include "shared/time/zone.hpp"

namespace preau::payment::exports {

namespace {

std::string day_of(const Establishment& at, base::Instant instant) {
    const auto zone = time::Zone::find(at.zone).value_or(time::Zone::paris());
    return zone.local(instant).date.iso();
}

bool due(const Payment& payment) {
    return payment.amount > 0 && !closed(payment.status);
}

std::string object_of(const Payment& payment) {
    return payment.booking_reference + " " + payment.space_name;
}

}  // namespace

std::string orders_csv(const Establishment& at, const std::vector<Payment>& payments,
                       const std::string& account) {
    std::string out(byte_order_mark);
    out += row({"date", "reference", "debiteur", "objet", "compte", "montant", "etat",
                "etablissement_uai"});
    for (const auto& one : payments) {
        if (!due(one)) continue;
        // The debtor by id: names stay where people are known.
        out += row({day_of(at, one.created_at), cell(one.public_ref), cell(one.organisation.str()),
                    cell(object_of(one)), cell(account), euros(one.amount),
                    std::string(to_string(one.status)), cell(at.uai)});
    }
    return out;
}

std::string payouts_csv(const Establishment& at, const std::vector<PayoutDetail>& payouts) {
    std::string out(byte_order_mark);
    out += row({"virement", "emis_le", "attendu_le", "en_banque_le", "etat", "mouvement", "nature",
                "reservation", "reference", "brut", "frais", "net", "etablissement_uai"});
    for (const auto& one : payouts) {
        const auto line = [&](const std::string& id, const std::string& type,
                              const std::string& booking, const std::string& reference,
                              std::int64_t gross, std::int64_t fee) {
            out += row({cell(one.payout.id), day_of(at, one.payout.created),
                        day_of(at, one.payout.arrival), one.bank_day, one.payout.status, cell(id),
                        cell(type), cell(booking), cell(reference), euros(gross), euros(-fee),
                        euros(gross - fee), cell(at.uai)});
        };
        std::int64_t gross = 0;
        std::int64_t fees = 0;
        for (const auto& item : one.lines) {
            gross += item.txn.gross;
            fees += item.txn.fee;
            line(item.txn.id, item.txn.type, item.booking_reference, item.public_ref,
                 item.txn.gross, item.txn.fee);
        }
        line("total", "", "", "", gross, fees);
    }
    return out;
}

std::string mandate_csv(const Establishment& at, const MandateYear& year) {
    std::string out(byte_order_mark);
    out += row({"rubrique", "date", "reference", "objet", "montant", "etablissement_uai"});
    std::int64_t received = 0;
    std::int64_t refunded = 0;
    std::int64_t paid_out = 0;
    const auto line = [&](const char* what, const std::string& day, const std::string& reference,
                          const std::string& object, std::int64_t cents) {
        out += row({what, day, cell(reference), cell(object), euros(cents), cell(at.uai)});
    };
    for (const auto& one : year.payments) {
        if (!one.paid_at || one.method != "card") continue;  // the rest never passed the provider
        received += one.amount;
        line("encaissement", day_of(at, *one.paid_at), one.public_ref, object_of(one), one.amount);
    }
    for (const auto& one : year.payments) {
        for (const auto& refund : one.refunds) {
            if (refund.status != RefundStatus::succeeded || refund.route != Route::provider)
                continue;
            refunded += refund.amount;
            line("remboursement", day_of(at, refund.requested_at), one.public_ref, refund.reason,
                 -refund.amount);
        }
    }
    for (const auto& one : year.payouts) {
        if (one.payout.status == "failed") continue;
        paid_out += one.payout.amount;
        line("reversement", day_of(at, one.payout.created), one.payout.id, one.bank_day,
             -one.payout.amount);
    }
    const auto last = std::to_string(year.year) + "-12-31";
    line("total encaissements", last, "", "", received);
    line("total remboursements", last, "", "", -refunded);
    line("total reversements", last, "", "", -paid_out);
    line("solde chez le prestataire", last, "", "", year.at_provider_cents);
    return out;
}

}  // namespace preau::payment::exports
