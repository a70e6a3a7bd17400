#pragma once
// The desk's book on one session.

#include "services/payment/domain/bank_book.hpp"
#include "services/payment/store/sql.hpp"
#include "shared/db/database.hpp"

namespace preau::payment {

class SqlBankBook final : public BankBook {
public:
    explicit SqlBankBook(db::Session& session) : session_(session) {}

    std::vector<BankLine> open_lines(const base::EstablishmentId& establishment) override;
    std::optional<std::pair<base::EstablishmentId, BankLine>> line(const LineId& id) override;
    LineCounts counts(const base::EstablishmentId& establishment) override;
    std::int64_t arrived_from_provider(const base::EstablishmentId& establishment) override;
    std::int64_t arrived_by_ledger(const base::EstablishmentId& establishment) override;
    std::vector<Payout> payouts_since(const base::EstablishmentId& establishment,
                                      base::Instant since) override;
    std::vector<Claim> claims(const base::EstablishmentId& establishment,
                              base::Instant since) override;
    Transfers transfers(const PaymentId& payment) override;
    void save_transfers(const PaymentId& payment, const Transfers& transfers) override;
    void insert_match(const base::EstablishmentId& establishment, const BankMatch& match) override;
    bool mark_undone(const MatchId& id, const std::string& who, base::Instant now) override;
    void drop_suggestions(const base::EstablishmentId& establishment) override;
    void drop_suggestions_of(const LineId& line) override;
    std::optional<BankMatch> match(const MatchId& id) override;
    std::vector<BankMatch> matches_of(const LineId& line) override;
    std::vector<LineId> lines_of_payout(const std::string& payout) override;
    std::optional<ledger::Entry> entry(const std::string& event_key) override;
    std::vector<Period> periods(const base::EstablishmentId& establishment) override;
    bool is_closed(const base::EstablishmentId& establishment, const std::string& month) override;
    bool close(const base::EstablishmentId& establishment, const Period& period) override;
    std::vector<std::pair<std::string, std::int64_t>> differences(
        const base::EstablishmentId& establishment, base::Instant from,
        base::Instant until) override;
    std::int64_t provider_net(const base::EstablishmentId& establishment, base::Instant from,
                              base::Instant until) override;
    std::optional<std::pair<std::string, std::string>> payee(const RefundId& refund) override;
    void save_payee(const RefundId& refund, const std::string& name,
                    const std::string& iban) override;
    std::vector<std::pair<PaymentId, RefundId>> transfers_to_order(
        const base::EstablishmentId& establishment) override;
    std::vector<PaymentId> payments_between(const base::EstablishmentId& establishment,
                                            base::Instant from, base::Instant until) override;

private:
    Query query(std::string_view text, const Cells& cells = {}) {
        return Query(session_.sql(), text, cells);
    }
    std::vector<BankMatch> matches_where(const std::string& condition, const Cells& cells);

    db::Session& session_;
};

}  // namespace preau::payment
