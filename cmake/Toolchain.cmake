# Language level, warnings, sanitizers and build speed, for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Werror -fno-omit-frame-pointer)

set(BAYWARD_SANITIZE "" CACHE STRING "Sanitizers: address,undefined | thread | fuzzer-no-link,address,undefined")
if(BAYWARD_SANITIZE)
  add_compile_options(-fsanitize=${BAYWARD_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BAYWARD_SANITIZE})
endif()

option(BAYWARD_FUZZ "Build the libFuzzer targets (*_fuzz.cc)" OFF)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Programs lie side by side in build/<preset>, whichever folder defines them: BAYWARD_BIN of the tests.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

# Packaging installs one program; it should not build the tests for that.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
