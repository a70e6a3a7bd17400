#include "shared/time/interval.hpp"

namespace preau::time {

std::vector<Interval> merged(std::vector<Interval> intervals) {
    std::erase_if(intervals, [](const Interval& i) { return i.empty(); });
    std::sort(intervals.begin(), intervals.end());
    std::vector<Interval> out;
    for (const Interval& next : intervals) {
        if (!out.empty() && next.start <= out.back().end) {
            out.back().end = std::max(out.back().end, next.end);
        } else {
            out.push_back(next);
        }
    }
    return out;
}

std::vector<Interval> without(std::vector<Interval> from, std::vector<Interval> holes) {
    from = merged(std::move(from));
    holes = merged(std::move(holes));
    std::vector<Interval> out;
    auto hole = holes.begin();
    for (Interval rest : from) {
        while (hole != holes.end() && hole->end <= rest.start)
            ++hole;
        for (auto cut = hole; cut != holes.end() && cut->start < rest.end; ++cut) {
            if (rest.start < cut->start) out.push_back({rest.start, cut->start});
            rest.start = std::max(rest.start, cut->end);
        }
        if (!rest.empty()) out.push_back(rest);
    }
    return out;
}

}  // namespace preau::time
