#pragma once
// What the benchmark of the index fills it with: the public collèges of data/ with rooms of the
// demonstration's kinds, and bookings drawn with a fixed seed.

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "services/search/index/index.hpp"
#include "services/search/index/places.hpp"

namespace preau::bench {

struct College {
    std::string uai;
    std::string name;
    double lat = 0;
    double lon = 0;
};

/// All of data/colleges_publics_france.csv that have coordinates, nearest to Grenoble first.
std::vector<College> colleges(const std::string& data);

/// `count` rooms for each college, one after the other until there are `total`: a gym of three
/// thirds, two large rooms, classrooms of 26 to 34 seats; open 08:00 to 22:00.
std::vector<wire::Space> rooms_of(const std::vector<College>& colleges, std::size_t count,
                                  std::size_t total, std::mt19937_64& random);

/// The bookings numbered from `first_number`, drawn over the rooms: every `series_one_in`-th a
/// weekly series of 36 dates (0: none), the others one date; two hours each, of the whole room or
/// of a part.
std::vector<search::Occupancy> bookings_of(const std::vector<wire::Space>& rooms,
                                           std::size_t first_number, std::size_t count,
                                           std::size_t series_one_in, time::Date first_day,
                                           std::mt19937_64& random);

}  // namespace preau::bench
