# Third-party libraries, all Debian 12 packages. Libraries without a CMake package get an
# INTERFACE target here, so that the rest of the house links names and never paths.
find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS url)
find_package(spdlog 1.10 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(mariadb REQUIRED IMPORTED_TARGET libmariadb)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
find_package(date REQUIRED)
find_package(pugixml 1.13 REQUIRED)

# Debian ships no CMake package for SOCI. Its MySQL back end is loaded at run time (shared/db/mariadb.hpp).
find_path(SOCI_INCLUDE_DIR soci/soci.h REQUIRED)
foreach(part core sqlite3)
  find_library(SOCI_${part}_LIBRARY soci_${part} REQUIRED)
endforeach()
add_library(soci INTERFACE)
target_include_directories(soci SYSTEM INTERFACE "${SOCI_INCLUDE_DIR}" "${SOCI_INCLUDE_DIR}/soci")
target_link_libraries(soci INTERFACE ${SOCI_core_LIBRARY} ${SOCI_sqlite3_LIBRARY})

find_path(MUSTACHE_INCLUDE_DIR kainjow/mustache.hpp PATHS /usr/include REQUIRED)
