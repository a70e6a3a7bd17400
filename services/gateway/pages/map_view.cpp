#include "services/gateway/pages/map_view.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace preau::gateway {

namespace {

constexpr double kUnitsPerKm = 7.79;
constexpr double kFrameWidth = 446;
constexpr double kFrameHeight = 520;
constexpr double kRingPixels = 200;  // the asked radius, on the frame
constexpr std::size_t kLabelsMax = 9;

struct Box {
    double left, top, right, bottom;
    bool touches(const Box& other) const {
        return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
};

std::size_t letters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

}  // namespace

MapPoint project(double lat, double lon) {
    return {(lon - 4.73) * 610, (45.895 - lat) * 867};
}

std::string coordinate(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

nlohmann::json department_map(const std::string& title, const std::vector<NamedPlace>& places) {
    auto points = nlohmann::json::array();
    std::map<std::string, NamedPlace> towns;
    for (const auto& place : places) {
        const auto at = project(place.lat, place.lon);
        points.push_back({{"x", coordinate(at.x)}, {"y", coordinate(at.y)}});
        auto [town, first] = towns.try_emplace(place.name, place);
        if (!first) town->second.weight += place.weight;
    }
    std::vector<NamedPlace> order;
    for (const auto& [name, town] : towns)
        order.push_back(town);
    std::sort(order.begin(), order.end(), [](const NamedPlace& a, const NamedPlace& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.name < b.name;
    });
    auto labels = nlohmann::json::array();
    std::vector<Box> taken;
    constexpr double kLetter = 14.5;  // mean width of a letter of the map's 28-unit type
    constexpr double kLine = 60;
    constexpr double kGap = 17;
    constexpr double kRightEdge = 990;
    for (const auto& town : order) {
        if (labels.size() == kLabelsMax) break;
        const auto at = project(town.lat, town.lon);
        const double width = kLetter * static_cast<double>(letters(town.name));
        const bool left = at.x + kGap + width > kRightEdge;
        const double x = left ? at.x - kGap : at.x + kGap;
        const Box box{left ? x - width : x, at.y - kLine, left ? x : x + width, at.y + kLine};
        if (std::any_of(taken.begin(), taken.end(),
                        [&box](const Box& other) { return box.touches(other); })) {
            continue;
        }
        taken.push_back(box);
        labels.push_back({{"name", town.name},
                          {"x", coordinate(x)},
                          {"y", coordinate(at.y + 10)},
                          {"anchor", left ? "end" : "start"}});
    }
    return {{"title_text", title}, {"points", points}, {"labels", labels}};
}

ResultFrame::ResultFrame(double lat, double lon, double radius_km)
    : centre_(project(lat, lon)), scale_(kRingPixels / (kUnitsPerKm * std::max(1.0, radius_km))) {}

MapPoint ResultFrame::at(double lat, double lon) const {
    const auto point = project(lat, lon);
    return {(point.x - centre_.x) * scale_ + kFrameWidth / 2,
            (point.y - centre_.y) * scale_ + kFrameHeight / 2};
}

bool ResultFrame::shows(const MapPoint& point) const {
    constexpr double kMargin = 16;
    return point.x > kMargin && point.x < kFrameWidth - kMargin && point.y > kMargin &&
           point.y < kFrameHeight - kMargin;
}

std::string ResultFrame::view() const {
    const double width = kFrameWidth / scale_;
    const double height = kFrameHeight / scale_;
    return coordinate(centre_.x - width / 2) + " " + coordinate(centre_.y - height / 2) + " " +
           coordinate(width) + " " + coordinate(height);
}

nlohmann::json ResultFrame::inset() const {
    const double width = kFrameWidth / scale_;
    const double height = kFrameHeight / scale_;
    return {{"x", coordinate(centre_.x - width / 2)},
            {"y", coordinate(centre_.y - height / 2)},
            {"w", coordinate(width)},
            {"h", coordinate(height)}};
}

double ResultFrame::ring(double km) const {
    return kUnitsPerKm * km * scale_;
}

}  // namespace preau::gateway
