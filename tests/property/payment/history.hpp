#pragma once
// A life of several payments, drawn from a seed, against the whole service: the real cashier, store
// and Stripe client over a scratch database and the simulated provider. Webhooks come doubled, late
// and in any order or not at all; requests to the provider fail; the process dies between any two
// statements and calls. What is played is booking, the payers, the provider's own pages and time.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/services/payment/till.hpp"

namespace preau::payment::test {

using Random = std::mt19937_64;

struct Terms {
    bool webhooks = true;  // false: none is ever told
    /// Booking and the payers wait until all that happened is known, so that the same seed gives
    /// the same history however the news travel.
    bool in_step = false;
    int faults_percent = 5;        // of the requests to the provider
    int deaths_per_mille = 0;      // of the transactions and of the requests
    std::int64_t death_at = 0;     // or at this point exactly; 0: not
    bool forgetful = false;        // the provider knows no idempotency keys
    bool hold_webhooks = false;    // none is delivered until the test does it
    std::uint64_t chaos_seed = 0;  // of faults, deaths and deliveries
    int bookings = 6;
    int rounds = 5;
    int acts = 8;  // in each round
};

class History final : public Till {
public:
    History(std::uint64_t seed, const Terms& terms);
    ~History() override;
    History(const History&) = delete;
    History& operator=(const History&) = delete;

    /// From the first acceptance until nothing is left to do.
    void live();
    /// Delivers what hold_webhooks kept back, in the order of `seed`, doubled here and there.
    void deliver_all(std::uint64_t seed);

    /// What is wrong: cents lost or invented, effects twice, calls left open. Empty when all is
    /// well.
    std::vector<std::string> faults();
    /// States and journals, without ids and times.
    std::string digest();
    std::int64_t points() const { return points_; }
    int deaths() const { return deaths_; }
    int mishaps() const { return mishaps_; }

private:
    struct Guest {
        std::string name;
        std::string establishment;
        std::int64_t amount = 0;
        BookingState state = BookingState::accepted;
        std::size_t facts_read = 0;
        int orders = 0;
    };
    class MortalStore;
    class Work;

    void SetUp() override { Till::SetUp(); }
    void TestBody() override {}
    std::unique_ptr<SqlStore> make_store() override;

    /// Dies here, perhaps.
    void point();
    Mishap draw_mishap();
    /// Runs `act` until it is done, as a person or a feed that tries again would.
    template <class Act>
    auto until(Act act);
    template <class Act>
    void survive(Act act);

    void decide(Guest& guest, Random& random);
    void hear_facts(Guest& guest, Random& random);
    void run_out(Guest& guest);
    void cancel_booking(Guest& guest, Random& random);
    void order_refund(Guest& guest, std::int64_t amount);
    void act(Random& random);
    void payer_acts(const Guest& guest, Random& random);
    void refund_outside(const Guest& guest, Random& random);
    void refund_comes_back(const Guest& guest);
    void dispute_moves(const Guest& guest, Random& random);
    void some_news_arrive();
    void a_job_runs();
    void settle(int rounds);
    std::vector<Json> at_provider(const Guest& guest, const std::string& kind);

    void check_establishment(const std::string& name, std::vector<std::string>& out);
    void check_guest(const Guest& guest, std::vector<std::string>& out);

    std::uint64_t seed_;
    Terms terms_;
    Random chaos_;
    std::vector<Guest> guests_;
    bool at_work_ = false;
    std::int64_t points_ = 0;
    int deaths_ = 0;
    int mishaps_ = 0;
};

}  // namespace preau::payment::test
