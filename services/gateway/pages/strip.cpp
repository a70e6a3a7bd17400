#include "services/gateway/pages/strip.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace preau::gateway {

char letter_of(std::string_view state) {
    if (state == "free") return 'f';
    if (state == "taken") return 't';
    if (state == "pending") return 'p';
    if (state == "closed") return 'c';
    if (state == "buffer") return 'b';
    return 'x';
}

std::vector<StripMonth> strip_months(std::string_view letters,
                                     const std::vector<time::Date>& dates) {
    std::vector<StripMonth> months;
    const bool dated = dates.size() == letters.size();
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const auto date = dated ? dates[i] : time::Date{};
        const bool new_month = months.empty() || months.back().first.month() != date.month() ||
                               months.back().first.year() != date.year();
        if (new_month) months.push_back({date, {}, 0});
        months.back().ticks.push_back(letters[i]);
        months.back().free += letters[i] == 'f' ? 1 : 0;
    }
    return months;
}

std::string strip_problems(const Visit& visit, std::string_view letters) {
    static constexpr std::array<std::pair<char, const char*>, 5> kKinds{
        {{'t', "search.problem_taken"},
         {'p', "search.problem_pending"},
         {'c', "search.problem_closed"},
         {'b', "search.problem_buffer"},
         {'x', "search.problem_other"}}};
    std::string out;
    for (const auto& [letter, key] : kKinds) {
        const auto count = std::count(letters.begin(), letters.end(), letter);
        if (count == 0) continue;
        if (!out.empty()) out += visit.text("format.list");
        out += visit.words.count(key, count);
    }
    return out;
}

std::string strip_sentence(const Visit& visit, std::string_view letters) {
    const auto free = std::count(letters.begin(), letters.end(), 'f');
    const auto problems = strip_problems(visit, letters);
    const auto total = std::to_string(letters.size());
    return problems.empty() ? visit.words.count("search.strip_all", free, {{"total", total}})
                            : visit.words.count("search.strip_some", free,
                                                {{"total", total}, {"problems", problems}});
}

}  // namespace preau::gateway
