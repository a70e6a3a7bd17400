# The standard library and JSON, parsed once for the whole house: half of a translation unit's time
# goes into them. A file still names every header that it uses (the gcc preset builds without).
option(PREAU_PRECOMPILED "Parse the heavy third-party headers once" ON)

# Owns the precompiled header that all libraries share.
function(preau_precompile target kind)
  if(NOT PREAU_PRECOMPILED)
    return()
  endif()
  if(NOT TARGET preau_precompiled_${kind})
    set(empty "${CMAKE_BINARY_DIR}/generated/precompiled_${kind}.cpp")
    file(CONFIGURE OUTPUT "${empty}" CONTENT "")
    add_library(preau_precompiled_${kind} OBJECT "${empty}")
    target_link_libraries(preau_precompiled_${kind} PRIVATE preau_settings)
    target_compile_options(preau_precompiled_${kind} PRIVATE ${ARGN} -Xclang -fno-pch-timestamp)
    set(headers <algorithm> <chrono> <expected> <functional> <map> <memory> <nlohmann/json.hpp>
                <optional> <set> <span> <sstream> <string> <string_view> <unordered_map> <vector>)
    if(kind STREQUAL "test")
      list(APPEND headers <gmock/gmock.h> <gtest/gtest.h>)
      target_link_libraries(preau_precompiled_${kind} PRIVATE GTest::gmock)
    endif()
    target_precompile_headers(preau_precompiled_${kind} PRIVATE ${headers})
  endif()
  target_precompile_headers(${target} REUSE_FROM preau_precompiled_${kind})
endfunction()
