// Not a cent is lost or invented, whatever the provider, the network and death do (payments.md §9;
// F-03, F-10, F-20 to F-22, F-26, F-27, F-51; S95, S96, S121). PREAU_HISTORIES says how many lives
// are led, 1,000 in `scripts/test money`; a failure names its seed.

#include <cstdlib>

#include "tests/property/payment/history.hpp"

namespace preau::payment::test {
namespace {

std::uint64_t histories() {
    const char* wanted = std::getenv("PREAU_HISTORIES");
    if (wanted != nullptr) return std::strtoull(wanted, nullptr, 10);
    return db::test::engine() == db::Engine::sqlite ? 6 : 2;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines)
        out += line + "\n";
    return out;
}

TEST(Money, hostile_deliveries_faults_and_deaths__not_a_cent_is_lost_or_invented) {  // S121
    int deaths = 0;
    int mishaps = 0;
    for (std::uint64_t seed = 1; seed <= histories(); ++seed) {
        Terms terms;
        terms.deaths_per_mille = 3;
        History life(seed, terms);
        life.live();
        deaths += life.deaths();
        mishaps += life.mishaps();
        ASSERT_EQ(joined(life.faults()), "") << "seed " << seed << "\n" << life.digest();
    }
    EXPECT_GT(deaths, 0);
    EXPECT_GT(mishaps, 0);
    RecordProperty("deaths", deaths);
    RecordProperty("mishaps", mishaps);
}

TEST(Money, the_same_seeds_without_webhooks__end_in_the_same_states_and_journals) {  // F-51
    for (std::uint64_t seed = 1; seed <= std::max<std::uint64_t>(1, histories() / 2); ++seed) {
        std::string told;
        for (const bool webhooks : {true, false}) {
            Terms terms;
            terms.webhooks = webhooks;
            terms.in_step = true;
            terms.deaths_per_mille = 2;
            terms.chaos_seed = webhooks ? 1 : 2;
            History life(seed, terms);
            life.live();
            ASSERT_EQ(joined(life.faults()), "") << "seed " << seed;
            if (webhooks) {
                told = life.digest();
            } else {
                ASSERT_EQ(life.digest(), told) << "seed " << seed;
            }
        }
    }
}

TEST(Money, deliveries_in_any_order__give_one_digest) {  // F-10, S96
    const auto orders = std::max<std::uint64_t>(4, histories() / 5);
    std::string first;
    for (std::uint64_t order = 1; order <= orders; ++order) {
        Terms terms;
        terms.hold_webhooks = true;
        terms.faults_percent = 0;
        terms.in_step = true;
        terms.rounds = 3;
        terms.acts = 30;
        History life(7, terms);
        life.live();
        life.deliver_all(order);
        if (order == 1) first = life.digest();
        ASSERT_EQ(life.digest(), first) << "order " << order;
    }
    EXPECT_NE(first.find("succeeded"), std::string::npos) << "nothing happened:\n" << first;
}

TEST(Money, death_at_any_point__ends_as_if_nobody_had_died) {  // F-26, F-27
    Terms terms;
    terms.in_step = true;
    terms.faults_percent = 0;
    terms.bookings = 3;
    terms.rounds = 3;
    History unharmed(11, terms);
    unharmed.live();
    ASSERT_EQ(joined(unharmed.faults()), "");
    const auto expected = unharmed.digest();
    const auto deaths = static_cast<std::int64_t>(std::max<std::uint64_t>(5, histories() * 3 / 10));
    Random random(38);
    for (std::int64_t n = 0; n < deaths; ++n) {
        terms.death_at =
            1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(unharmed.points()));
        History life(11, terms);
        life.live();
        ASSERT_EQ(life.deaths(), 1) << "at point " << terms.death_at;
        ASSERT_EQ(joined(life.faults()), "") << "death at point " << terms.death_at;
        ASSERT_EQ(life.digest(), expected) << "death at point " << terms.death_at;
    }
}

// The control: with a provider that forgets keys, the same lives must not pass.
TEST(Money, provider_that_forgets_keys__is_noticed) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Terms terms;
        terms.forgetful = true;
        terms.faults_percent = 40;
        History life(seed, terms);
        life.live();
        if (!life.faults().empty()) return;
    }
    FAIL() << "nobody noticed";
}

}  // namespace
}  // namespace preau::payment::test
