#include "services/booking/jobs/followers.hpp"

#include <stdexcept>

#include "services/booking/store/projections.hpp"
#include "services/booking/store/sql_tx.hpp"
#include "shared/observe/log.hpp"

namespace preau::booking {

namespace {

using ApplyOne = bool (*)(db::Session&, const events::Event&);

events::DatabaseSink::Apply reporting(ApplyOne apply) {
    return [apply](db::Session& session, const events::Event& event) {
        if (apply(session, event)) return;
        // Not fatal: one unreadable room must not stop the facts about all others.
        observe::log(observe::Level::error, "projection.unreadable",
                     {{"type", event.type}, {"aggregate_id", event.aggregate_id}});
    };
}

/// Empties the cache of parsed facts when the feed starts anew: the owner's database may have been
/// restored, and version numbers come again with other facts.
class InventorySink final : public events::Sink {
public:
    InventorySink(db::Database& database, FactsCache& facts)
        : inner_(database, "inventory", forget_inventory, reporting(apply_inventory)),
          facts_(facts) {}

    std::optional<events::Cursor> cursor() override { return inner_.cursor(); }
    void replace(std::vector<events::Event> snapshot, events::Cursor as_of) override {
        inner_.replace(std::move(snapshot), std::move(as_of));
        facts_.clear();
    }
    void apply(const std::vector<events::Event>& events, events::Cursor after) override {
        inner_.apply(events, std::move(after));
    }

private:
    events::DatabaseSink inner_;
    FactsCache& facts_;
};

}  // namespace

std::unique_ptr<events::Sink> inventory_sink(db::Database& database, FactsCache& facts) {
    return std::make_unique<InventorySink>(database, facts);
}

std::unique_ptr<events::Sink> accounts_sink(db::Database& database, FactsCache& facts,
                                            const Desk& desk, const base::Clock& machine) {
    return std::make_unique<events::DatabaseSink>(
        database, "accounts", forget_accounts,
        [&facts, &desk, &machine](db::Session& session, const events::Event& event) {
            reporting(apply_accounts)(session, event);
            const auto pair = pair_of(event);
            if (!pair) return;
            SqlTx tx(session, facts, machine);
            if (const auto done = desk.papers_changed(tx, pair->first, pair->second); !done) {
                throw std::runtime_error("papers_changed: " + done.error().error.code);
            }
        });
}

std::unique_ptr<events::Sink> payment_sink(db::Database& database, FactsCache& facts,
                                           const Desk& desk, const base::Clock& machine) {
    return std::make_unique<events::DatabaseSink>(
        database, "payment", forget_payment,
        [&facts, &desk, &machine](db::Session& session, const events::Event& event) {
            const auto told = apply_payment(session, event);
            if (!told || !told->fresh) return;
            SqlTx tx(session, facts, machine);
            if (const auto done = desk.payment_changed(tx, told->facts); !done) {
                throw std::runtime_error("payment_changed: " + done.error().error.code);
            }
        });
}

}  // namespace preau::booking
