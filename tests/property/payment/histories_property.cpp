// Random lives of payments, told by shuffled, doubled and dropped notifications. The oracle is a
// naive provider that knows nothing of states: it counts what came in and what went back.

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "services/payment/domain/settle.hpp"

namespace preau::payment {
namespace {

using enum ledger::Account;
using Random = std::mt19937_64;

constexpr int kHistories = 1'000;
constexpr int kSteps = 40;
constexpr int kOrders = 6;

/// The truth: pages, money and refunds as the provider keeps them.
struct Truth {
    std::map<int, SeenSession> sessions;  // by attempt
    std::map<std::string, SeenRefund> refunds;
    std::int64_t balance = 0;
    int next = 1;

    SeenTxn txn(const char* type, std::int64_t gross, const std::string& source) {
        balance += gross;
        return {"txn_" + std::to_string(next++), type, gross, 0, source, {1'000}};
    }
    void pay(int n, std::int64_t amount, const std::string& payment) {
        auto& session = sessions.at(n);
        SeenCharge charge;
        charge.id = "ch_" + std::to_string(n);
        charge.intent = session.intent = "pi_" + std::to_string(n);
        charge.payment_id = payment;
        charge.attempt = n;
        charge.amount = amount;
        charge.currency = "EUR";
        charge.created = {1'000};
        charge.txn = txn("charge", amount, charge.id);
        session.state = SeenSession::State::complete;
        session.url.clear();
        session.charge = charge;
    }
    void refund(const std::string& intent, std::int64_t amount, const std::string& ours) {
        SeenRefund out;
        out.id = "re_" + std::to_string(next++);
        out.refund_id = ours;
        out.intent = intent;
        out.amount = amount;
        out.currency = "EUR";
        out.status = RefundStatus::succeeded;
        out.txn = txn("refund", -amount, out.id);
        refunds[out.id] = out;
    }
    std::int64_t refunded() const {
        std::int64_t sum = 0;
        for (const auto& [id, one] : refunds)
            sum += one.amount;
        return sum;
    }
    std::int64_t charged() const {
        std::int64_t sum = 0;
        for (const auto& [n, one] : sessions)
            sum += one.charge ? one.charge->amount : 0;
        return sum;
    }
};

/// Our side: one payment and its ledger, kept like the store keeps them.
struct Books {
    Payment payment;
    std::map<std::string, ledger::Entry> entries;
    std::map<std::string, int> facts;

    void keep(const Effects& effects) {
        for (const auto& entry : effects.entries) {
            ASSERT_EQ(ledger::fault_of(entry), std::nullopt) << entry.event_key;
            entries.try_emplace(entry.event_key, entry);
        }
        for (const auto& fact : effects.facts)
            ++facts[fact.type + (fact.refund ? fact.refund->id.str() : "")];
    }
    template <class Act>
    void act(Act change) {
        Effects effects;
        change(payment, effects);
        keep(effects);
    }
    std::int64_t balance(ledger::Account account) const {
        ledger::Balances all;
        for (const auto& [key, entry] : entries)
            ledger::add(all, entry);
        const auto it = all.find(account);
        return it == all.end() ? 0 : it->second.balance();
    }
    std::string digest() const {
        std::string out(to_string(payment.status));
        out += " " + std::string(to_string(payment.refund_state())) + " " +
               std::to_string(payment.refunded) + " " + std::to_string(payment.refunds.size());
        for (int i = 0; i < ledger::account_count; ++i) {
            out += " " + std::to_string(balance(static_cast<ledger::Account>(i)));
        }
        return out;
    }
};

struct News {
    int attempt = 0;  // of a session, or
    std::string refund;
};

void fetch_and_apply(Books& books, const Truth& truth, const News& news) {
    books.act([&](Payment& payment, Effects& effects) {
        if (news.attempt > 0) {
            apply_session(payment, truth.sessions.at(news.attempt), effects);
        } else {
            apply_refund(payment, truth.refunds.at(news.refund), effects);
        }
    });
}

class Life {
public:
    explicit Life(std::uint64_t seed) : random_(seed) {
        auto& payment = books.payment;
        payment.id = PaymentId::seeded(1, std::to_string(seed));
        payment.establishment = base::EstablishmentId::seeded(1, "e");
        payment.amount = 50 + static_cast<std::int64_t>(random_() % 100'000);
        books.act([](Payment& mine, Effects& effects) { establish(mine, effects); });
    }

    bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

    void open_page() {
        auto& payment = books.payment;
        if (payment.live_attempt() != nullptr || closed(payment.status) ||
            payment.status == Status::paid || payment.status == Status::paid_late) {
            return;
        }
        const int n = static_cast<int>(payment.attempts.size()) + 1;
        Attempt attempt;
        attempt.n = n;
        payment.attempts.push_back(attempt);
        SeenSession session;
        session.id = "cs_" + std::to_string(n);
        session.payment_id = payment.id.str();
        session.attempt = n;
        session.url = "page";
        session.currency = "EUR";
        session.amount = payment.amount;
        truth.sessions[n] = session;
        fetch_and_apply(books, truth, {n, {}});
    }

    void payer_acts() {
        for (auto& [n, session] : truth.sessions) {
            const bool open = session.state == SeenSession::State::open;
            const bool late = session.state == SeenSession::State::expired && chance(5);
            if (session.charge || (!open && !late) || !chance(60)) continue;
            truth.pay(n, books.payment.amount, books.payment.id.str());
            news.push_back({n, {}});
        }
    }

    void page_runs_out() {
        for (auto& [n, session] : truth.sessions) {
            if (session.state != SeenSession::State::open) continue;
            session.state = SeenSession::State::expired;
            session.url.clear();
            news.push_back({n, {}});
        }
    }

    void booking_says() {
        const base::Instant now{2'000};
        books.act([&](Payment& payment, Effects& effects) {
            switch (random_() % 6) {
                case 0:
                    if (payment.status == Status::paid) booking_confirmed(payment, effects);
                    break;
                case 1:
                    booking_cancelled(payment, now, effects);
                    break;
                case 2:
                    // Booking frees its time only after payment said that nothing comes.
                    if (closed(payment.status)) booking_expired(payment, now, effects);
                    break;
                case 3:
                    if (payment.booking_state == BookingState::expired) retaken(payment, effects);
                    break;
                case 4:
                    if (payment.booking_state == BookingState::expired) {
                        not_retaken(payment, now, effects);
                    }
                    break;
                default: {
                    const auto amount =
                        1 + static_cast<std::int64_t>(
                                random_() %
                                static_cast<std::uint64_t>(payment.amount + payment.amount / 3));
                    (void)grant_refund(payment, RefundId::make(),
                                       "ordered:" + std::to_string(random_()), amount, "x", now,
                                       effects);
                }
            }
        });
    }

    void close_unpaid() {
        books.act([&](Payment& payment, Effects& effects) {
            if (payment.live_attempt() == nullptr && chance(50)) {
                close(payment, Status::expired, effects);
            }
        });
    }

    void send_refunds() {
        for (auto& refund : books.payment.refunds) {
            if (refund.status != RefundStatus::approved || refund.attempt == 0) continue;
            const auto* from = books.payment.attempt(refund.attempt);
            refund.status = RefundStatus::submitted;
            truth.refund(from->intent_id, refund.amount, refund.id.str());
            news.push_back({0, truth.refunds.rbegin()->first});
        }
    }

    void some_news_arrive() {
        std::ranges::shuffle(news, random_);
        while (!news.empty() && chance(70)) {
            const auto one = news.back();
            news.pop_back();
            if (chance(20)) continue;  // dropped
            fetch_and_apply(books, truth, one);
            if (chance(30)) fetch_and_apply(books, truth, one);  // doubled
        }
    }

    void step() {
        switch (random_() % 8) {
            case 0:
                return open_page();
            case 1:
            case 2:
                return payer_acts();
            case 3:
                return page_runs_out();
            case 4:
                return booking_says();
            case 5:
                return close_unpaid();
            case 6:
                return send_refunds();
            default:
                return some_news_arrive();
        }
    }

    /// What the sweeper does: everything is read, in some order.
    static void sweep(Books& books, const Truth& truth, Random& random) {
        std::vector<News> all;
        for (const auto& [n, session] : truth.sessions)
            all.push_back({n, {}});
        for (const auto& [id, refund] : truth.refunds)
            all.push_back({0, id});
        std::ranges::shuffle(all, random);
        for (const auto& one : all) {
            fetch_and_apply(books, truth, one);
            if (random() % 3 == 0) fetch_and_apply(books, truth, one);
        }
    }

    Books books;
    Truth truth;
    std::vector<News> news;
    Random random_;
};

void expect_conserved(const Books& books, const Truth& truth) {
    const auto& payment = books.payment;
    std::int64_t sum = 0;
    for (int i = 0; i < ledger::account_count; ++i)
        sum += books.balance(static_cast<ledger::Account>(i));
    EXPECT_EQ(sum, 0);
    EXPECT_EQ(books.balance(psp_clearing), truth.balance);
    EXPECT_EQ(payment.refunded, truth.refunded());
    EXPECT_LE(truth.refunded(), truth.charged());
    EXPECT_LE(books.balance(refund_due), 0);
    const bool due_open = !closed(payment.status) && payment.status != Status::paid &&
                          payment.status != Status::paid_late;
    EXPECT_EQ(books.balance(receivable), due_open ? payment.amount : 0);
    for (const auto& [fact, times] : books.facts)
        EXPECT_EQ(times, 1) << fact;
}

TEST(Histories, whatever_is_told_in_whatever_order__not_a_cent_is_lost_or_invented) {
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Life life(seed);
        for (int i = 0; i < kSteps; ++i)
            life.step();
        std::set<std::string> digests;
        for (int order = 0; order < kOrders; ++order) {
            Books copy = life.books;
            Random random(seed * 1'000 + static_cast<std::uint64_t>(order));
            Life::sweep(copy, life.truth, random);
            expect_conserved(copy, life.truth);
            digests.insert(copy.digest());
            // Once more changes nothing.
            const auto before = copy.digest();
            Life::sweep(copy, life.truth, random);
            EXPECT_EQ(copy.digest(), before);
            if (order == 0) ++seen[std::string(to_string(copy.payment.status))];
        }
        EXPECT_EQ(digests.size(), 1U);
        if (testing::Test::HasFailure()) break;
    }
    // The generator reaches what it is meant to reach.
    for (const auto* status : {"paid", "paid_late", "expired", "canceled", "awaiting_payer"})
        EXPECT_GT(seen[status], 0) << status;
}

}  // namespace
}  // namespace preau::payment
