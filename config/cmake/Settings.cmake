# One INTERFACE target carries the standard, the warnings and the include root of the house.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# -O3 makes the services no faster and the build a tenth slower.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# Line tables are enough for a stack trace; whole debug information costs a sixth of the build's time.
set(CMAKE_CXX_FLAGS_DEBUG "-g1")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(CCACHE ccache)
if(CCACHE)
  # Without this sloppiness ccache passes every file with a precompiled header on to the compiler.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE}")
endif()

add_library(preau_settings INTERFACE)
target_include_directories(preau_settings INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
target_compile_options(preau_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Werror)
# -fPIE for libraries too: they end in executables only, and all objects can then share one
# precompiled header.
target_compile_options(preau_settings INTERFACE -fstack-protector-strong -fno-omit-frame-pointer -fPIE
  -ffunction-sections -fdata-sections)
target_compile_definitions(preau_settings INTERFACE
  $<$<CONFIG:Release>:_FORTIFY_SOURCE=2> BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_USE_STD_STRING_VIEW
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
target_link_options(preau_settings INTERFACE -pie -Wl,-z,relro,-z,now -Wl,--as-needed
  -Wl,--gc-sections)

find_program(MOLD mold)
if(MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_link_options(preau_settings INTERFACE -fuse-ld=mold -Wl,--icf=safe)
endif()

set(PREAU_SANITIZE "" CACHE STRING "Comma-separated sanitizers, for instance address,undefined or thread")
if(PREAU_SANITIZE)
  target_compile_options(preau_settings INTERFACE -fsanitize=${PREAU_SANITIZE} -g)
  target_link_options(preau_settings INTERFACE -fsanitize=${PREAU_SANITIZE})
endif()
