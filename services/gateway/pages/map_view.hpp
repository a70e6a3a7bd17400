#pragma once
// Places on the drawing of the département (frontend/assets/isere.svg), by the projection that
// frontend/README.md describes.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace preau::gateway {

struct MapPoint {
    double x = 0;
    double y = 0;
};

MapPoint project(double lat, double lon);
/// "523.2"
std::string coordinate(double value);

struct NamedPlace {
    std::string name;
    double lat = 0;
    double lon = 0;
    int weight = 1;  // the heavier are named first
};

/// `{title_text, points, labels}` of a whole-département map: every place a point, and as many
/// names as fit without touching one another.
nlohmann::json department_map(const std::string& title, const std::vector<NamedPlace>& places);

/// The frame of 446 × 520 around a place with `radius_km`, as the results page draws it.
class ResultFrame {
public:
    ResultFrame(double lat, double lon, double radius_km);
    /// The position in the frame.
    MapPoint at(double lat, double lon) const;
    bool shows(const MapPoint& point) const;
    std::string view() const;
    /// The frame on the small map of the département, and the corner of that map (`dx`, `dy`): the
    /// first that covers none of `points`, else the one that covers fewest.
    nlohmann::json inset(const std::vector<MapPoint>& points) const;
    /// The radius of a circle of `km`.
    double ring(double km) const;

private:
    MapPoint centre_;
    double scale_;
};

}  // namespace preau::gateway
