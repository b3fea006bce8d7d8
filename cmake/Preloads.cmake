# What tests of the real programs preload into them (tests/preload): a wrong clock, a fake libgpiod.
if(NOT BAYWARD_FUZZ)
  foreach(preload wrong_clock fake_gpiod)
    add_library(${preload} MODULE ${CMAKE_SOURCE_DIR}/tests/preload/${preload}.cc)
    set_target_properties(${preload} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  endforeach()
  target_link_libraries(fake_gpiod PRIVATE PkgConfig::gpiod)
endif()
