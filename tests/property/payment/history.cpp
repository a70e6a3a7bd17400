#include "tests/property/payment/history.hpp"

#include <algorithm>

namespace preau::payment::test {

namespace {

constexpr int kTries = 80;
constexpr int kSettleRounds = 4;
constexpr int kLastRounds = 12;
constexpr std::int64_t kRound_machine_s = 2'000;  // longer than any pause between two tries

int percent(Random& random) {
    return static_cast<int>(random() % 100);
}

}  // namespace

/// While it lives the service works, and may die; at other times the test looks.
class History::Work {
public:
    explicit Work(History& owner) : owner_(owner) { owner_.at_work_ = true; }
    ~Work() { owner_.at_work_ = false; }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

private:
    History& owner_;
};

/// Dies before, in and after its transactions.
class History::MortalStore final : public SqlStore {
public:
    MortalStore(History& owner, db::Database& database, const base::Clock& machine)
        : SqlStore(database, machine, nullptr), owner_(owner) {}

protected:
    std::optional<base::Error> run_write(const Step& step) override {
        owner_.point();
        auto out = SqlStore::run_write([&](Tx& tx) {
            const bool keep = step(tx);
            owner_.point();  // undoes what the step wrote
            return keep;
        });
        owner_.point();
        return out;
    }
    std::optional<base::Error> run_read(const Step& step) override {
        owner_.point();
        return SqlStore::run_read(step);
    }

private:
    History& owner_;
};

History::History(std::uint64_t seed, const Terms& terms)
    : seed_(seed), terms_(terms), chaos_(seed * 7'919 + terms.chaos_seed) {
    SetUp();
    api_->forget_keys(terms_.forgetful);
    mishap_ = [this] { return draw_mishap(); };
}

History::~History() = default;

std::unique_ptr<SqlStore> History::make_store() {
    return std::make_unique<MortalStore>(*this, *database_, machine_);
}

void History::point() {
    if (!at_work_) return;
    ++points_;
    const bool dies = terms_.death_at > 0
                          ? points_ == terms_.death_at
                          : static_cast<int>(chaos_() % 1'000) < terms_.deaths_per_mille;
    if (!dies) return;
    ++deaths_;
    throw Death{};
}

Mishap History::draw_mishap() {
    if (!at_work_) return Mishap::none;
    ++points_;
    if (terms_.death_at > 0) {
        if (points_ == terms_.death_at || points_ + 1 == terms_.death_at) ++deaths_;
        if (points_ == terms_.death_at) return Mishap::death_before;
        ++points_;
        return points_ == terms_.death_at ? Mishap::death_after : Mishap::none;
    }
    if (static_cast<int>(chaos_() % 1'000) < terms_.deaths_per_mille) {
        ++deaths_;
        return chaos_() % 2 == 0 ? Mishap::death_before : Mishap::death_after;
    }
    if (percent(chaos_) >= terms_.faults_percent) return Mishap::none;
    ++mishaps_;
    constexpr Mishap kAll[] = {Mishap::not_sent, Mishap::error_before, Mishap::error_after,
                               Mishap::too_many, Mishap::garbage,      Mishap::cut};
    return kAll[chaos_() % std::size(kAll)];
}

template <class Act>
auto History::until(Act act) {
    decltype(act()) out = base::fail("never");
    for (int i = 0; i < kTries; ++i) {
        machine_.set(machine_.now() + 20);
        try {
            const Work work(*this);
            out = act();
            const bool later = !out && (out.error().code == "upstream_unavailable" ||
                                        out.error().code == "overloaded");
            if (!later) return out;
        } catch (const Death&) {
            restart();
        }
    }
    return out;
}

template <class Act>
void History::survive(Act act) {
    try {
        const Work work(*this);
        act();
    } catch (const Death&) {
        restart();
    }
}

// ── Booking ─────────────────────────────────────────────────────────────────────────────────────

void History::hear_facts(Guest& guest, Random& random) {
    const bool takes_again = random() % 2 == 0;
    const auto facts = facts_of(guest.name);
    for (; guest.facts_read < facts.size(); ++guest.facts_read) {
        const auto& fact = facts[guest.facts_read];
        if (fact == "payment_paid.v1" && guest.state == BookingState::accepted) {
            guest.state = BookingState::confirmed;
            tell("booking_confirmed.v1", guest.name);
        }
        if (fact == "payment_paid_late.v1" && guest.state == BookingState::expired) {
            if (takes_again) guest.state = BookingState::confirmed;
            tell(takes_again ? "retaken.v1" : "not_retaken.v1", guest.name);
        }
    }
}

void History::run_out(Guest& guest) {
    const auto outcome = until([&] { return cashier_->cancel(id<base::BookingId>(guest.name)); });
    if (!outcome || (*outcome != CancelOutcome::cancelled && *outcome != CancelOutcome::expired)) {
        return;
    }
    guest.state = BookingState::expired;
    tell("booking_expired.v1", guest.name);
}

void History::order_refund(Guest& guest, std::int64_t amount) {
    const auto name = guest.name + "-order-" + std::to_string(++guest.orders);
    const Json order{{"refund_id", id<RefundId>(name).str()}, {"amount", amount}};
    tell("refund_ordered.v1", guest.name, order);
    tell("refund_ordered.v1", guest.name, order);  // told again
}

void History::cancel_booking(Guest& guest, Random& random) {
    const bool was_paid = guest.state == BookingState::confirmed;
    const auto share = static_cast<std::int64_t>(random() % 3);
    guest.state = BookingState::cancelled;
    tell("booking_cancelled.v1", guest.name);
    if (was_paid && share > 0) order_refund(guest, guest.amount * share / 2);
}

void History::decide(Guest& guest, Random& random) {
    const int wish = percent(random);
    const auto cents = static_cast<std::int64_t>(
        1 + random() % static_cast<std::uint64_t>(guest.amount + guest.amount / 3));
    hear_facts(guest, random);
    const auto key = payment(guest.name).id;
    if (guest.state == BookingState::accepted) {
        if (wish < 60) {
            (void)until([&] { return cashier_->checkout(key); });
        } else if (wish < 75) {
            run_out(guest);
        } else if (wish < 85) {
            cancel_booking(guest, random);
        }
    } else if (guest.state == BookingState::confirmed) {
        if (wish < 35) {
            order_refund(guest, cents);
        } else if (wish < 45) {
            cancel_booking(guest, random);
        }
    }
}

// ── Payers, banks, the provider's own pages ─────────────────────────────────────────────────────

std::vector<nlohmann::json> History::at_provider(const Guest& guest, const std::string& kind) {
    const auto key = payment(guest.name).id.str();
    auto found = world_->list(account(guest.establishment), kind, [&](const Json& one) {
        return one.value("metadata", Json::object()).value("payment_id", "") == key;
    });
    // By what is the same in every run of this seed.
    std::ranges::sort(found, [](const Json& a, const Json& b) {
        const auto rank = [](const Json& one) {
            return std::pair(one["metadata"].value("attempt", ""),
                             one.value("amount", std::int64_t{0}));
        };
        return rank(a) < rank(b);
    });
    return found;
}

void History::payer_acts(const Guest& guest, Random& random) {
    constexpr Act kActs[] = {Act::pay,           Act::pay,          Act::pay,
                             Act::decline,       Act::pay_late,     Act::pay_slowly,
                             Act::bank_says_yes, Act::bank_says_no, Act::pay};
    const auto wish = kActs[random() % std::size(kActs)];
    const auto which = random();
    const auto sessions = at_provider(guest, "checkout.session");
    if (sessions.empty()) return;
    const auto& session = sessions[which % sessions.size()];
    world_->payer_acts(session["id"].get<std::string>(), wish);
}

void History::refund_outside(const Guest& guest, Random& random) {
    const auto which = random();
    const auto intents = at_provider(guest, "payment_intent");
    const auto amount = 1 + static_cast<std::int64_t>(which % 500);
    if (intents.empty()) return;
    world_->refund_outside(account(guest.establishment),
                           intents[which % intents.size()]["id"].get<std::string>(), amount);
}

void History::refund_comes_back(const Guest& guest) {
    for (const auto& one : at_provider(guest, "refund")) {
        if (one["status"] != "succeeded") continue;
        world_->fail_refund(account(guest.establishment), one["id"].get<std::string>());
        return;
    }
}

void History::dispute_moves(const Guest& guest, Random& random) {
    const auto which = random();
    const auto intents = at_provider(guest, "payment_intent");
    if (intents.empty()) return;
    const auto intent = intents[which % intents.size()]["id"].get<std::string>();
    const auto name = account(guest.establishment);
    const auto open = world_->list(name, "dispute", [&](const Json& one) {
        return one["payment_intent"] == intent && one["status"] == "needs_response";
    });
    if (open.empty()) {
        world_->dispute(name, intent, 1 + static_cast<std::int64_t>(which % 40));
    } else {
        world_->decide_dispute(name, open.front()["id"].get<std::string>(), which % 3 != 0);
    }
}

void History::act(Random& random) {
    const int what = percent(random);
    const auto& guest = guests_[random() % guests_.size()];
    const auto time_s = static_cast<std::int64_t>(random() % (8 * 3'600));
    if (what < 65) {
        payer_acts(guest, random);
    } else if (what < 80) {
        business_.set(business_.now() + time_s);
        world_->tick();
    } else if (what < 88) {
        world_->make_payout(account(guest.establishment));
    } else if (what < 92) {
        refund_outside(guest, random);
    } else if (what < 95) {
        refund_comes_back(guest);
    } else {
        dispute_moves(guest, random);
    }
}

// ── News ────────────────────────────────────────────────────────────────────────────────────────

void History::some_news_arrive() {
    if (terms_.hold_webhooks) return;
    if (!terms_.webhooks) return told_.clear();
    std::ranges::shuffle(told_, chaos_);
    const auto count = told_.empty() ? 0 : chaos_() % (told_.size() + 1);
    for (std::size_t i = 0; i < count; ++i) {
        const auto next = told_.front();
        told_.pop_front();
        // Not acknowledged: it comes again.
        told_.push_back(next);
        survive([&] {
            if (post_webhook(next).status == 200 && chaos_() % 5 != 0) told_.pop_back();
        });
    }
    if (chaos_() % 2 == 0) survive([&] { cashier_->read_inbox(100); });
}

void History::a_job_runs() {
    survive([&] {
        switch (chaos_() % 4) {
            case 0:
                cashier_->resume_calls(10);
                break;
            case 1:
                cashier_->sweep(10);
                break;
            case 2:
                cashier_->sync_accounts(2);
                break;
            default:
                cashier_->read_inbox(20);
        }
    });
}

void History::settle(int rounds) {
    business_.set(business_.now() + 3'600);
    world_->tick();
    for (int round = 0; round < rounds; ++round) {
        machine_.set(machine_.now() + kRound_machine_s);
        business_.set(business_.now() + 301);
        some_news_arrive();
        survive([&] { cashier_->read_inbox(1'000); });
        survive([&] { cashier_->resume_calls(100); });
        survive([&] { cashier_->sweep(100); });
        survive([&] { cashier_->sync_accounts(100); });
    }
}

void History::live() {
    Random script(seed_);
    for (int i = 0; i < terms_.bookings; ++i) {
        Guest guest;
        guest.name = "b" + std::to_string(i);
        guest.establishment = i % 2 == 0 ? "vercors" : "garenne";
        guest.amount = amount_min_cents + static_cast<std::int64_t>(script() % 30'000);
        Due due;
        due.amount = guest.amount;
        due.establishment = guest.establishment;
        due.pay_by_in_s = 60 * 86'400;
        accept(guest.name, due);
        guests_.push_back(guest);
    }
    if (script() % 2 == 0) world_->lend_nothing(account("garenne"));
    for (int round = 0; round < terms_.rounds; ++round) {
        if (terms_.in_step) settle(kSettleRounds);
        for (std::size_t i = 0; i < guests_.size(); ++i) {
            Random mind(seed_ * 1'000'003 + static_cast<std::uint64_t>(round) * 101 + i);
            decide(guests_[i], mind);
        }
        for (int i = 0; i < terms_.acts; ++i) {
            Random hand(seed_ * 2'000'003 + static_cast<std::uint64_t>(round * 100 + i));
            act(hand);
            some_news_arrive();
            if (!terms_.in_step && chaos_() % 3 == 0) a_job_runs();
        }
    }
    if (terms_.hold_webhooks) return;
    settle(kLastRounds);
    for (auto& guest : guests_) {
        Random mind(seed_ * 3'000'017);
        hear_facts(guest, mind);
    }
    settle(kLastRounds);
    terms_.faults_percent = terms_.deaths_per_mille = 0;
    settle(2);
}

void History::deliver_all(std::uint64_t seed) {
    Random order(seed);
    const auto doubled = told_;
    for (const auto& one : doubled) {
        if (order() % 4 == 0) told_.push_back(one);
    }
    std::ranges::shuffle(told_, order);
    while (!told_.empty()) {
        post_webhook(told_.front());
        told_.pop_front();
        if (order() % 3 == 0) cashier_->read_inbox(50);
    }
    for (int i = 0; i < 3; ++i) {
        machine_.set(machine_.now() + kRound_machine_s);
        cashier_->read_inbox(1'000);
    }
}

}  // namespace preau::payment::test
