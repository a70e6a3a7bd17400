# Text that the binaries carry with them, turned into C++ at configure time.

# preau_embed_sql(<target> <component> <folder>): every NNNN_name.sql of the folder becomes an entry
# of `preau::db::Migration preau_migrations_<component>[]`, declared by
# "preau_migrations_<component>.hpp". Reconfigures by itself when a file changes.
function(preau_embed_sql target component folder)
  file(GLOB files CONFIGURE_DEPENDS "${folder}/*.sql")
  list(SORT files)
  set(entries "")
  foreach(file ${files})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(stem "${file}" NAME_WE)
    string(REGEX MATCH "^([0-9]+)_(.*)$" _ "${stem}")
    math(EXPR number "${CMAKE_MATCH_1}")
    set(title "${CMAKE_MATCH_2}")
    file(READ "${file}" sql)
    string(APPEND entries "    {\"${component}\", ${number}, \"${title}\", R\"preausql(${sql})preausql\"},\n")
  endforeach()
  set(out "${CMAKE_BINARY_DIR}/generated/preau_migrations_${component}.hpp")
  file(CONFIGURE OUTPUT "${out}" @ONLY CONTENT
"#pragma once
// Generated from the migrations folder of ${component}.
#include <array>

#include \"shared/db/migration.hpp\"

namespace preau {
inline constexpr db::Migration migrations_${component}[] = {
${entries}};
}  // namespace preau
")
  target_include_directories(${target} PUBLIC "${CMAKE_BINARY_DIR}/generated")
endfunction()

# preau_generate_problems(): api/problems.yaml -> generated/preau_problems.inc, one
# PREAU_PROBLEM(code, status, "title") line for each code. The YAML is the only list of codes.
function(preau_generate_problems)
  set(source "${CMAKE_SOURCE_DIR}/api/problems.yaml")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
  file(STRINGS "${source}" lines ENCODING UTF-8)
  set(out "")
  foreach(line IN LISTS lines)
    if(line MATCHES "^([a-z_]+): *{ *status: *([0-9]+), *title: *\"([^\"]+)\" *}")
      string(APPEND out "PREAU_PROBLEM(${CMAKE_MATCH_1}, ${CMAKE_MATCH_2}, \"${CMAKE_MATCH_3}\")\n")
    elseif(line MATCHES "^[a-z_]")
      message(FATAL_ERROR "api/problems.yaml: cannot read: ${line}")
    endif()
  endforeach()
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/preau_problems.inc" @ONLY CONTENT "${out}")
endfunction()
