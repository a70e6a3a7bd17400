#include "services/notification/jobs/followers.hpp"

#include <stdexcept>

#include "services/notification/store/projections.hpp"
#include "shared/observe/log.hpp"

namespace preau::notification {

namespace {

void report(const events::Event& event, bool readable) {
    if (readable) return;
    // Not fatal: one bad fact must not stop all that follow.
    observe::log(observe::Level::error, "projection.unreadable",
                 {{"type", event.type}, {"aggregate_id", event.aggregate_id}});
}

class FactsSink final : public events::Sink {
public:
    FactsSink(db::Database& database, std::string feed, const base::Clock& business,
              const base::Clock& machine)
        : database_(database),
          // What was told is told: nothing is forgotten when a feed starts anew.
          inner_(
              database, std::move(feed), [](db::Session&) {},
              [&business, &machine](db::Session& session, const events::Event& event) {
                  report(event, apply_facts(session, event, {business.now(), machine.now()}));
              }) {}

    std::optional<events::Cursor> cursor() override { return inner_.cursor(); }
    void replace(std::vector<events::Event> snapshot, events::Cursor as_of) override {
        inner_.replace(std::move(snapshot), std::move(as_of));
    }
    void apply(const std::vector<events::Event>& events, events::Cursor after) override {
        if (!known_ && !(known_ = ask())) {
            throw std::runtime_error("the staff is not known yet");  // read again after a pause
        }
        inner_.apply(events, std::move(after));
    }

private:
    bool ask() {
        return database_
            .read([](db::Session& session) -> base::Result<bool> { return staff_known(session); })
            .value_or(false);
    }

    db::Database& database_;
    events::DatabaseSink inner_;
    bool known_ = false;
};

}  // namespace

std::unique_ptr<events::Sink> accounts_sink(db::Database& database) {
    return std::make_unique<events::DatabaseSink>(
        database, "accounts", forget_accounts,
        [](db::Session& session, const events::Event& event) {
            report(event, apply_accounts(session, event));
        });
}

std::unique_ptr<events::Sink> facts_sink(db::Database& database, std::string feed,
                                         const base::Clock& business, const base::Clock& machine) {
    return std::make_unique<FactsSink>(database, std::move(feed), business, machine);
}

}  // namespace preau::notification
