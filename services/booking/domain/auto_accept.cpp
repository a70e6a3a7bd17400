#include "services/booking/domain/auto_accept.hpp"

namespace preau::booking {

std::vector<std::string_view> auto_accept_obstacles(const AutoAcceptFacts& facts) {
    std::vector<std::string_view> out;
    const auto unless = [&](bool fine, std::string_view code) {
        if (!fine) out.push_back(code);
    };
    unless(!facts.two_levels, "two_levels");
    unless(facts.category == 'A' || facts.category == 'B', "category");
    unless(facts.affiliation == "active", "affiliation");
    unless(facts.contract_signed, "contract");
    unless(facts.insured, "insurance");
    unless(facts.incidents == 0, "incident");
    unless(facts.headcount <= auto_accept_people_max, "headcount");
    unless(facts.space_kind == "classroom" || facts.known_slot, "room");
    unless(facts.debt == DebtState::none, "debt");
    unless(facts.ground_known, "ground");
    return out;
}

}  // namespace preau::booking
