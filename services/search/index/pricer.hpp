#pragma once
// List prices of the free dates of what was found, by shared/rules.

#include <optional>
#include <string>
#include <unordered_map>

#include "services/search/index/index.hpp"

namespace preau::search {

struct Found;

/// Each distinct case is worked out once. Holds pointers into the view and the answer.
class Pricer {
public:
    Pricer(const Index::View& view, char category) : view_(view), category_(category) {}

    /// Of the room's free dates; nothing where none is, or no tariff covers the room.
    std::optional<base::Cents> of(const Found& found);

private:
    struct Case {
        const void* tariffs;
        std::string tariff_kind;
        const AskedDates* dates;
        time::Date today;
        FreeDates free;
        bool operator==(const Case&) const = default;
    };
    struct HashCase {
        std::size_t operator()(const Case& one) const;
    };
    const Index::View& view_;
    char category_;
    std::unordered_map<Case, std::optional<base::Cents>, HashCase> known_;
};

}  // namespace preau::search
