# The programs that tests/conformance/fire_*.test.mjs, police_sip.test.mjs and cap.test.mjs drive.
if(NOT BAYWARD_FUZZ)
  add_executable(fire_link ${CMAKE_SOURCE_DIR}/tests/conformance/fire_link.cc)
  target_link_libraries(fire_link PRIVATE bayward_connectors bayward_net)
  add_executable(cap_writer ${CMAKE_SOURCE_DIR}/tests/conformance/cap_writer.cc)
  target_link_libraries(cap_writer PRIVATE bayward_connectors)
endif()
