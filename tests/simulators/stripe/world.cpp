#include "tests/simulators/stripe/world.hpp"

#include <cstdio>
#include <fstream>

#include "shared/base/id.hpp"
#include "tests/simulators/stripe/shapes.hpp"

namespace preau::stripe_simulator {
namespace {

/// Sum of the line items with inline prices, or the fault.
ApiResult<std::int64_t> total_of(const Json& items) {
    std::int64_t total = 0;
    if (!items.is_array() || items.empty()) return invalid("line_items", "line_items is required");
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string at = "line_items[" + std::to_string(i) + "]";
        const Json price = items[i].value("price_data", Json::object());
        if (price.value("currency", "") != "eur") {
            return invalid(at + "[price_data][currency]", "only eur is simulated");
        }
        if (!price.contains("product_data")) {
            return invalid(at + "[price_data][product_data]", "product_data is required");
        }
        try {
            total += std::stoll(price.value("unit_amount", "")) *
                     std::stoll(items[i].value("quantity", "1"));
        } catch (const std::exception&) {
            return invalid(at + "[price_data][unit_amount]", "Invalid integer");
        }
    }
    if (total < amount_min_cents || total > amount_max_cents) {
        return invalid("line_items", "the total must lie between 0.50 and 999,999.99 eur");
    }
    return total;
}

}  // namespace

ApiError missing(const std::string& param, const std::string& id) {
    return {404, "invalid_request_error", "resource_missing", param,
            "No such object: '" + id + "'"};
}

ApiError invalid(const std::string& param, const std::string& message) {
    return {400, "invalid_request_error", "parameter_invalid", param, message};
}

World::World(std::string file, std::uint64_t seed, const base::Clock& clock, std::string own_url)
    : file_(std::move(file)), seed_(seed), clock_(clock), own_url_(std::move(own_url)) {
    std::ifstream in(file_);
    if (!in) return;
    const Json saved = Json::parse(in);
    next_ = saved.at("next").get<std::uint64_t>();
    for (const auto& [id, account] : saved.at("accounts").items()) {
        Account& loaded = accounts_[id];
        for (const Json& object : account)
            put(loaded, object);
    }
}

void World::on_event(std::function<void(const Json& event)> tell) {
    tell_ = std::move(tell);
}

std::string World::new_id(const std::string& prefix) {
    return prefix + base::seeded_ulid(seed_, std::to_string(seed_) + "/" + std::to_string(next_++));
}

Json& World::put(Account& account, Json object) {
    const auto id = object.at("id").get<std::string>();
    account.order.push_back(id);
    return account.objects[id] = std::move(object);
}

Json* World::get(Account& account, const std::string& id) {
    const auto found = account.objects.find(id);
    return found == account.objects.end() ? nullptr : &found->second;
}

void World::add_event(Events& events, const std::string& account, const std::string& type,
                      const Json& object) {
    Json event = {
        {"id", new_id("evt_")},  {"object", "event"},
        {"account", account},    {"api_version", api_version},
        {"created", now()},      {"livemode", false},
        {"pending_webhooks", 1}, {"request", {{"id", nullptr}, {"idempotency_key", nullptr}}},
        {"type", type},          {"data", {{"object", public_form(object)}}}};
    put(accounts_[account], event);
    events.push_back(std::move(event));
}

Json& World::add_transaction(Account& account, const std::string& type, const std::string& source,
                             std::int64_t amount) {
    // controller[fees][payer]=application: the fee is billed to the platform, never taken here.
    return put(account, {{"id", new_id("txn_")},
                         {"object", "balance_transaction"},
                         {"amount", amount},
                         {"fee", 0},
                         {"fee_details", Json::array()},
                         {"net", amount},
                         {"currency", "eur"},
                         {"type", type},
                         {"reporting_category", type},
                         {"source", source},
                         {"status", "available"},
                         {"created", now()},
                         {"available_on", now()},
                         {"_payout", nullptr}});
}

ApiResult<Json> World::create_session(const std::string& account, const Json& parameters) {
    Events events;
    Json made;
    {
        const std::lock_guard lock(mutex_);
        const auto total = total_of(parameters.value("line_items", Json()));
        if (const auto* fault = std::get_if<ApiError>(&total)) return *fault;
        const std::int64_t amount = std::get<std::int64_t>(total);
        if (!account_object(account)["charges_enabled"].get<bool>()) {
            return ApiError{400, "invalid_request_error", "account_invalid", "",
                            "The account cannot currently make charges."};
        }
        if (parameters.value("mode", "") != "payment") return invalid("mode", "only payment");
        if (parameters.value("ui_mode", "hosted_page") != "hosted_page") {
            return invalid("ui_mode", "only hosted_page");
        }
        if (parameters.contains("payment_method_types")) {
            return invalid("payment_method_types", "Received unknown parameter");
        }
        if (!parameters.contains("success_url")) return invalid("success_url", "required");
        std::int64_t expires_at = now() + session_life_s_max;
        if (parameters.contains("expires_at")) {
            expires_at =
                std::strtoll(parameters["expires_at"].get<std::string>().c_str(), nullptr, 10);
        }
        if (expires_at < now() + session_life_s_min || expires_at > now() + session_life_s_max) {
            return invalid("expires_at", "must lie between 30 minutes and 24 hours from now");
        }
        const std::string id = new_id("cs_test_");
        made = {{"id", id},
                {"object", "checkout.session"},
                {"amount_subtotal", amount},
                {"amount_total", amount},
                {"cancel_url", parameters.value("cancel_url", Json())},
                {"client_reference_id", parameters.value("client_reference_id", Json())},
                {"created", now()},
                {"currency", "eur"},
                {"customer_email", parameters.value("customer_email", Json())},
                {"expires_at", expires_at},
                {"livemode", false},
                {"locale", parameters.value("locale", Json())},
                {"metadata", parameters.value("metadata", Json::object())},
                {"mode", "payment"},
                {"payment_intent", nullptr},
                {"payment_status", "unpaid"},
                {"status", "open"},
                {"success_url", parameters["success_url"]},
                {"ui_mode", "hosted_page"},
                {"url", own_url_ + "/pay/" + id}};
        // Kept for the page and for the intent that a payment makes; not part of the answer's
        // shape.
        const Json intent = parameters.value("payment_intent_data", Json::object());
        Json kept = made;
        kept["_intent_metadata"] = intent.value("metadata", Json::object());
        kept["_description"] = intent.value("description", "");
        put(accounts_[account], kept);
        save();
    }
    tell(events);
    return made;
}

ApiResult<Json> World::expire_session(const std::string& account, const std::string& id) {
    Events events;
    Json out;
    {
        const std::lock_guard lock(mutex_);
        Json* session = get(accounts_[account], id);
        if (session == nullptr) return missing("session", id);
        if ((*session)["status"] != "open") {
            return ApiError{400, "invalid_request_error", "", "",
                            "Only Checkout Sessions with a status in [\"open\"] can be expired."};
        }
        (*session)["status"] = "expired";
        (*session)["url"] = nullptr;
        out = *session;
        add_event(events, account, "checkout.session.expired", out);
        save();
    }
    tell(events);
    return out;
}

std::pair<std::string, Json*> World::session_anywhere(const std::string& id) {
    for (auto& [owner, account] : accounts_) {
        if (Json* session = get(account, id)) return {owner, session};
    }
    return {"", nullptr};
}

std::optional<Json> World::session_of_page(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const Json* session = session_anywhere(id).second;
    return session == nullptr ? std::nullopt : std::optional(*session);
}

void World::expand(const std::string& account, Json& value, std::string_view path) {
    const std::lock_guard lock(mutex_);
    const std::function<void(Json&, std::string_view)> walk = [&](Json& at, std::string_view rest) {
        const std::string name(rest.substr(0, rest.find('.')));
        rest.remove_prefix(std::min(rest.size(), name.size() + 1));
        const auto member = at.find(name);
        if (member == at.end()) return;
        if (member->is_array()) {
            for (Json& one : *member)
                if (!rest.empty()) walk(one, rest);
            return;
        }
        if (member->is_string()) {
            const Json* found = get(accounts_[account], member->get<std::string>());
            if (found != nullptr) *member = *found;
        }
        if (member->is_object() && !rest.empty()) walk(*member, rest);
    };
    walk(value, path);
}

ApiResult<Json> World::find(const std::string& account, const std::string& object,
                            const std::string& id) {
    const std::lock_guard lock(mutex_);
    const Json* found = get(accounts_[account], id);
    if (found == nullptr || (*found)["object"] != object) return missing("id", id);
    return *found;
}

std::vector<Json> World::list(const std::string& account, const std::string& object,
                              const std::function<bool(const Json&)>& wanted) {
    const std::lock_guard lock(mutex_);
    std::vector<Json> out;
    const Account& owner = accounts_[account];
    for (auto id = owner.order.rbegin(); id != owner.order.rend(); ++id) {
        const Json& candidate = owner.objects.at(*id);
        if (candidate["object"] == object && wanted(candidate)) out.push_back(candidate);
    }
    return out;
}

std::int64_t World::unpaid_out(Account& account) {
    std::int64_t sum = 0;
    for (const auto& [id, object] : account.objects) {
        if (object["object"] == "balance_transaction" && object["type"] != "payout" &&
            object["_payout"].is_null()) {
            sum += object["net"].get<std::int64_t>();
        }
    }
    return sum;
}

Json World::balance(const std::string& account) {
    const std::lock_guard lock(mutex_);
    const std::int64_t amount = unpaid_out(accounts_[account]);
    return {{"object", "balance"},
            {"livemode", false},
            {"available", {{{"amount", amount}, {"currency", "eur"}}}},
            {"pending", {{{"amount", 0}, {"currency", "eur"}}}}};
}

std::vector<std::string> World::accounts() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [id, account] : accounts_)
        out.push_back(id);
    return out;
}

void World::save() {
    if (file_.empty()) return;
    Json accounts = Json::object();
    for (const auto& [id, account] : accounts_) {
        Json objects = Json::array();
        for (const auto& key : account.order)
            objects.push_back(account.objects.at(key));
        accounts[id] = std::move(objects);
    }
    const std::string beside = file_ + ".new";
    {
        std::ofstream out(beside, std::ios::trunc);
        out << Json{{"next", next_}, {"accounts", std::move(accounts)}}.dump();
    }
    std::rename(beside.c_str(), file_.c_str());
}

void World::tell(const Events& events) {
    if (!tell_) return;
    for (const Json& event : events)
        tell_(event);
}

}  // namespace preau::stripe_simulator
