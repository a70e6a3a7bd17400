#pragma once
// The real open data for tests, read from the repository's data folder.

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "services/inventory/domain/open_data.hpp"
#include "shared/text/csv.hpp"

namespace preau::inventory::test {

inline std::string data_file(const std::string& name) {
    std::ifstream file(std::string(PREAU_SOURCE_DIR) + "/data/" + name, std::ios::binary);
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

inline text::CsvTable data_table(const std::string& name) {
    return text::parse_csv(data_file(name));
}

inline const Gazetteer& gazetteer() {
    static const Gazetteer read =
        read_gazetteer(data_table("communes_isere.csv"), data_table("academies_zones.csv"),
                       data_table("departements.csv"))
            .value();
    return read;
}

/// The 97 public collèges of Isère.
inline const std::vector<EstablishmentFacts>& isere() {
    static const Colleges read =
        read_colleges(data_table("colleges_publics_isere.csv"), {"38"}, gazetteer()).value();
    return read.open;
}

}  // namespace preau::inventory::test
