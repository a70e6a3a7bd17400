#pragma once
// The JSON of this service's answers, as api/openapi/payment.yaml describes it.

#include <nlohmann/json.hpp>

#include "services/payment/domain/bank_book.hpp"
#include "services/payment/http/api.hpp"

namespace preau::payment::http {

nlohmann::json money(std::int64_t cents);
nlohmann::json moment(base::Instant at);
nlohmann::json to_json(const Payment& payment, const Provider& provider);
nlohmann::json to_json(const Payout& payout);
nlohmann::json to_json(const PayoutLine& line);
nlohmann::json to_json(const BankLine& line);
nlohmann::json to_json(const BankMatch& match);
nlohmann::json text_or_null(const std::string& text);
nlohmann::json to_json(const Statement& statement);
nlohmann::json to_json(const ledger::Written& written, const AccountNumbers& numbers);

}  // namespace preau::payment::http
