#pragma once
// Reading the services' answers without surprises: a member that is absent, null or of another type
// counts as empty. Contract tests say when an answer is wrong; a page shows what there is.

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace preau::gateway {

/// The member, or an empty object.
nlohmann::json member_of(const nlohmann::json& object, std::string_view name);
/// The member as a list, or an empty one.
nlohmann::json list_of(const nlohmann::json& object, std::string_view name);
/// The member as text ("" when absent); integers are written out.
std::string text_of(const nlohmann::json& object, std::string_view name);
/// The member as text, or false for the view model.
nlohmann::json optional_text(const nlohmann::json& object, std::string_view name);
std::int64_t integer_of(const nlohmann::json& object, std::string_view name,
                        std::int64_t otherwise = 0);
double number_of(const nlohmann::json& object, std::string_view name, double otherwise = 0.0);
bool flag_of(const nlohmann::json& object, std::string_view name, bool otherwise = false);
/// The cents of a {"amount","currency"} member, or `otherwise`.
std::int64_t cents_of(const nlohmann::json& object, std::string_view name,
                      std::int64_t otherwise = 0);

/// `text` with its first letter in upper case (ASCII and the Latin letters of French).
std::string capitalised(std::string text);
/// The reverse, for a label inside a sentence; names with another capital ("Wi-Fi") stay.
std::string uncapitalised(std::string text);

}  // namespace preau::gateway
