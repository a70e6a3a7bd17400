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

// Labels of the whole map, in its plane of 1000 × 1044 units.
constexpr double kPlaneWidth = 1'000;
constexpr double kLabelGap = 17;     // from a dot's centre to its name
constexpr double kLabelDrop = 10;    // from the centre to the base line
constexpr double kLetterWidth = 15;  // mean of the map's type
constexpr double kLabelRise = 14;    // above and below the centre
constexpr double kDotRadius = 6;

Box dot(MapPoint at) {
    return {at.x - kDotRadius, at.y - kDotRadius, at.x + kDotRadius, at.y + kDotRadius};
}

Box label_box(MapPoint at, std::size_t count, bool left) {
    const double width = kLetterWidth * static_cast<double>(count);
    const double start = left ? at.x - kLabelGap - width : at.x + kLabelGap;
    return {start, at.y - kLabelRise, start + width, at.y + kLabelRise};
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
    for (const auto& place : places)
        taken.push_back(dot(project(place.lat, place.lon)));
    for (const auto& town : order) {
        if (labels.size() == kLabelsMax) break;
        const auto at = project(town.lat, town.lon);
        for (const bool left : {false, true}) {
            const auto box = label_box(at, letters(town.name), left);
            const bool outside = box.left < 0 || box.right > kPlaneWidth;
            if (outside || std::any_of(taken.begin(), taken.end(),
                                       [&box](const Box& other) { return box.touches(other); })) {
                continue;
            }
            taken.push_back(box);
            labels.push_back({{"name", town.name},
                              {"x", coordinate(left ? at.x - kLabelGap : at.x + kLabelGap)},
                              {"y", coordinate(at.y + kLabelDrop)},
                              {"anchor", left ? "end" : "start"}});
            break;
        }
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

nlohmann::json ResultFrame::inset(const std::vector<MapPoint>& points) const {
    // The small map is 124 × 130 and keeps 10 from the edges; a point's disc and name need room.
    constexpr double kLeft = 10, kRight = kFrameWidth - 134;
    constexpr double kTop = 10, kBottom = kFrameHeight - 140;
    constexpr double kRoom = 22;
    const MapPoint corners[] = {{kLeft, kBottom}, {kRight, kBottom}, {kLeft, kTop}, {kRight, kTop}};
    const auto covered = [&points](const MapPoint& corner) {
        return std::count_if(points.begin(), points.end(), [&corner](const MapPoint& point) {
            return point.x > corner.x - kRoom && point.x < corner.x + 124 + kRoom &&
                   point.y > corner.y - kRoom && point.y < corner.y + 130 + kRoom;
        });
    };
    const auto corner = *std::min_element(
        std::begin(corners), std::end(corners),
        [&covered](const MapPoint& a, const MapPoint& b) { return covered(a) < covered(b); });
    const double width = kFrameWidth / scale_;
    const double height = kFrameHeight / scale_;
    return {{"dx", coordinate(corner.x)},
            {"dy", coordinate(corner.y)},
            {"x", coordinate(centre_.x - width / 2)},
            {"y", coordinate(centre_.y - height / 2)},
            {"w", coordinate(width)},
            {"h", coordinate(height)}};
}

double ResultFrame::ring(double km) const {
    return kUnitsPerKm * km * scale_;
}

}  // namespace preau::gateway
