#pragma once
// The finance officer's desk over the till: statements brought in, and what became of their lines.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/bank/render.hpp"
#include "tests/simulators/stripe/bank_statement.hpp"
#include "tests/unit/services/payment/till.hpp"

namespace preau::payment::test {

class Bank : public Till {
protected:
    std::string at(const std::string& path, const std::string& establishment = "vercors") {
        return path + (path.find('?') == std::string::npos ? "?" : "&") +
               "establishment_id=" + id<base::EstablishmentId>(establishment).str();
    }
    /// Paid, and paid out by the provider; its id.
    std::string paid_out(const std::vector<std::string>& bookings, std::int64_t amount = 4'500) {
        for (const auto& one : bookings) {
            accept(one, {.amount = amount});
            pay(one);
        }
        deliver();
        const auto payout = world_->make_payout(account("vercors"));
        deliver();
        return payout ? payout->at("id").get<std::string>() : "";
    }
    net::Response import(const std::string& csv, const std::string& key = "import-01",
                         const security::Identity& who = staff()) {
        return call(net::Method::post, at("/v1/bank-statements"), csv, who, key, "text/csv");
    }
    Json get(const std::string& path, const security::Identity& who = staff()) {
        return Json::parse(call(net::Method::get, at(path), "", who).body);
    }
    std::string simulated_statement() {
        return stripe_simulator::bank_statement(
            world_->list(account("vercors"), "payout", [](const Json&) { return true; }),
            business_.now().seconds);
    }
    static std::string line(const std::string& date, const std::string& label,
                            const std::string& amount, const std::string& reference = "") {
        return date + ";" + label + ";" + amount + ";" + reference + "\n";
    }
    /// Outside of transactions, which MariaDB would end.
    void drop_trigger(const std::string& name) {
        const std::string sql = "DROP TRIGGER " + name;
        if (db::test::engine() == db::Engine::sqlite) return execute(*database_, sql);
        *db::test::raw_session(place_.url(), "") << sql;
    }
    static constexpr const char* kHead = "date;libelle;montant;reference\n";
};

}  // namespace preau::payment::test
