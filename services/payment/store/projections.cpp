#include "services/payment/store/projections.hpp"

#include "services/payment/store/sql.hpp"
#include "shared/db/dialect.hpp"

namespace preau::payment {

bool apply_inventory(db::Session& session, const events::Event& event) {
    if (event.type != "establishment_changed.v1") return true;
    const auto text = [&](const char* name) {
        const auto it = event.data.find(name);
        return it != event.data.end() && it->is_string() ? it->get<std::string>() : std::string();
    };
    const auto id = text("establishment_id");
    const auto body = text("body_id");
    const auto uai = text("uai");
    if (id.empty() || body.empty() || uai.empty()) return false;
    constexpr std::string_view kAll[] = {"establishment_id", "body_id", "uai", "name", "zone",
                                         "version"};
    constexpr std::string_view kKey[] = {"establishment_id"};
    Query(session.sql(),
          db::upsert_if_newer(session.engine(), "establishment_projection", kAll, kKey, "version"),
          {id, body, uai, text("name"), text("zone"), event.version})
        .run();
    return true;
}

void forget_inventory(db::Session& session) {
    Query(session.sql(), "DELETE FROM establishment_projection", {}).run();
}

}  // namespace preau::payment
