#pragma once
// A second opinion on answers of search, written to be obviously right and slow: every room, every
// way, every date, minute by minute, with the naive clock of Paris.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/search/index/question.hpp"
#include "tests/property/rules/naive.hpp"

namespace preau::search::oracle {

/// What the owners of the facts know.
struct Town {
    std::vector<wire::Space> spaces;
    std::vector<Occupancy> occupancies;
    rules::Calendar calendar;
    base::Instant now;
    std::int32_t first_day = 0;  // local days that are known minute by minute
    int days = 0;
};

struct Match {
    rules::Recurrence when;
    std::string offer_id;
    int capacity = 0;
    std::vector<bool> free;  // date by date
    double distance_km = 0;

    std::size_t free_count() const;
    bool full() const { return free_count() == free.size(); }
};

class Oracle {
public:
    explicit Oracle(const Town& town);

    /// By id of the space: the rooms that fit, each with the way and offer that serve best.
    /// `but`: as if that filter were not asked for (the radius: doubled).
    std::map<std::string, Match> answer(const Question& question,
                                        std::optional<Filter> but = std::nullopt) const;

private:
    struct PartMinutes {
        std::vector<bool> events;    // something takes place
        std::vector<bool> buffered;  // or is being prepared or cleared
        std::vector<bool> closed;
    };
    bool fits(const wire::Space& space, const Question& question, std::optional<Filter> but,
              double& distance) const;
    bool is_free(const wire::Space& space, const rules::Offer& offer,
                 const rules::Slot& slot) const;
    std::optional<std::vector<rules::Slot>> dates_of(const rules::Recurrence& rule) const;
    std::size_t minute(std::int64_t utc_min) const;

    const Town& town_;
    std::int64_t first_utc_min_;
    std::size_t minutes_;
    std::int32_t today_;
    std::map<std::string, std::vector<bool>> open_;  // by space
    std::map<std::string, PartMinutes> parts_;       // by part
};

}  // namespace preau::search::oracle
