#pragma once
// The messages in a database, on both engines.

#include "services/notification/domain/message.hpp"
#include "shared/db/database.hpp"

namespace preau::notification {

class SqlMessages final : public Messages {
public:
    SqlMessages(db::Database& database, const base::Clock& business, const base::Clock& machine)
        : database_(database), business_(business), machine_(machine) {}

    base::Result<std::optional<Message>> claim(std::int64_t claim_s) override;
    base::Result<bool> sent(const Message& message, const std::string& file) override;
    base::Result<bool> retry(const Message& message, std::string_view reason,
                             std::int64_t pause_s) override;
    base::Result<bool> failed(const Message& message, std::string_view reason) override;
    base::Result<std::vector<Message>> filed(std::int64_t before, int limit) override;
    base::Result<std::optional<Message>> find_filed(const std::string& id) override;
    base::Result<std::int64_t> waiting() override;
    base::Result<int> prune(base::Instant before) override;

private:
    struct Outcome;
    base::Result<bool> settle(const Message& message, const Outcome& outcome);

    db::Database& database_;
    const base::Clock& business_;
    const base::Clock& machine_;
};

}  // namespace preau::notification
