# One CMake library per folder. Sources are listed by name in each folder's CMakeLists.txt.
#
#   preau_library(preau_base SOURCES a.cpp DEPS preau_x PRIVATE_DEPS soci)
#   preau_service(booking  SOURCES … LIBS preau_booking_http …)   -> executable preau-booking
#   preau_test(unit_base   SOURCES … LIBS preau_base)             -> gtest executable, label by prefix
#   preau_test_on_engines(x SOURCES … LIBS …)                     -> the same cases twice: unit_x on SQLite,
#                                                                    mariadb_x on a server
include(GoogleTest OPTIONAL)
include(Precompiled)

# GoogleTest's macros use C-style casts and shadowed names of their own.
set(preau_test_options -Wno-old-style-cast -Wno-shadow -Wno-sign-conversion)

# What ships is optimised a little in debug builds too: the tests start the services dozens of times, and
# a service that parses its neighbours' facts unoptimised takes four times as long.
set(preau_library_options $<$<CONFIG:Debug>:-O1>)

function(preau_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC preau_settings ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
    target_compile_options(${name} PRIVATE ${preau_library_options})
    preau_precompile(${name} library ${preau_library_options})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE preau_settings ${ARG_DEPS})
  endif()
endfunction()

function(preau_service name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(preau-${name} ${ARG_SOURCES})
  target_link_libraries(preau-${name} PRIVATE preau_settings preau_host ${ARG_LIBS})
  target_compile_options(preau-${name} PRIVATE ${preau_library_options})
  preau_precompile(preau-${name} library ${preau_library_options})
endfunction()

function(preau_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS;LABELS" ${ARGN})
  if(NOT PREAU_TESTS)
    return()
  endif()
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE preau_settings ${ARG_LIBS} GTest::gmock_main)
  target_compile_options(test_${name} PRIVATE ${preau_test_options})
  target_compile_definitions(test_${name} PRIVATE PREAU_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  preau_precompile(test_${name} test ${preau_test_options})
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}")
endfunction()

# Objects that several test programs share.
function(preau_test_objects name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  if(NOT PREAU_TESTS)
    return()
  endif()
  add_library(${name} OBJECT ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE preau_settings ${ARG_LIBS} GTest::gmock)
  target_compile_options(${name} PRIVATE ${preau_test_options})
  target_compile_definitions(${name} PRIVATE PREAU_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  preau_precompile(${name} test ${preau_test_options})
endfunction()

# The same cases on both engines, compiled once. The scratch databases are those of
# tests/unit/shared/db: SQLite's is a file, MariaDB's a schema on the server that PREAU_TEST_MARIADB
# names (an administrator's mysql:// URL; scripts/lib/mariadb.sh starts one). OBJECTS: further test
# objects; LABEL: of the program on SQLite, "unit" unless told.
function(preau_test_on_engines name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;OBJECTS;LIBS" ${ARGN})
  if(NOT PREAU_TESTS)
    return()
  endif()
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  preau_test_objects(test_${name} SOURCES ${ARG_SOURCES} LIBS ${ARG_LIBS})
  set(objects $<TARGET_OBJECTS:test_${name}>)
  foreach(more ${ARG_OBJECTS})
    list(APPEND objects $<TARGET_OBJECTS:${more}>)
  endforeach()
  preau_test(${ARG_LABEL}_${name} SOURCES ${objects} $<TARGET_OBJECTS:test_scratch_sqlite>
    LIBS ${ARG_LIBS} PkgConfig::mariadb LABELS ${ARG_LABEL})
  preau_test(mariadb_${name} SOURCES ${objects} $<TARGET_OBJECTS:test_scratch_mariadb>
    LIBS ${ARG_LIBS} PkgConfig::mariadb LABELS mariadb)
endfunction()

if(PREAU_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck QUIET)
endif()
