# The OCPP types, generated at build time from the official schemas in the npm package ocpp-rpc (pinned in
# package-lock.json; `npm ci` installs it). Output in the build folder, included as "ocpp/v201/types.h".
find_program(NODE node REQUIRED)
set(BAYWARD_OCPP_SCHEMAS ${CMAKE_SOURCE_DIR}/node_modules/ocpp-rpc/lib/schemas CACHE PATH
    "Where ocpp1_6.json, ocpp2_0_1.json and ocpp2_1.json are")

# ocpp_types(namespace schema_file codec_files [names_file]): adds a version to the library bayward_ocpp.
function(ocpp_types namespace schema_file codec_files)
  set(schema ${BAYWARD_OCPP_SCHEMAS}/${schema_file})
  if(NOT EXISTS ${schema})
    message(FATAL_ERROR "${schema} is missing: run `npm ci` in ${CMAKE_SOURCE_DIR} first")
  endif()
  set(generated ${CMAKE_BINARY_DIR}/generated)
  set(folder ${generated}/ocpp/${namespace})
  set(sources ${folder}/tables.cc)
  foreach(i RANGE 1 ${codec_files})
    list(APPEND sources ${folder}/codec_${i}.cc)
  endforeach()
  set(headers ${folder}/types.h ${folder}/actions.h ${folder}/messages.inc)
  file(GLOB generator CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/ocpp_gen/*.mjs)
  add_custom_command(
    OUTPUT ${sources} ${headers}
    COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/tools/ocpp_gen/gen.mjs ${schema} ${namespace} ${folder} ${codec_files} ${ARGN}
    DEPENDS ${schema} ${generator} ${ARGN}
    COMMENT "Generating the types of OCPP ${namespace}"
    VERBATIM)
  target_sources(bayward_ocpp PRIVATE ${sources} ${headers})
  target_include_directories(bayward_ocpp PUBLIC ${generated})
endfunction()

ocpp_types(v16 ocpp1_6.json 1 ${CMAKE_SOURCE_DIR}/tools/ocpp_gen/names_v16.json)
ocpp_types(v201 ocpp2_0_1.json 2)
ocpp_types(v21 ocpp2_1.json 3)

if(TARGET ocpp_test)
  target_compile_definitions(ocpp_test PRIVATE BAYWARD_CORPUS_DIR="${CMAKE_SOURCE_DIR}/tests/corpus")
endif()

# The program that tests/conformance/ocpp_types.test.mjs asks for our verdict.
if(NOT BAYWARD_FUZZ)
  add_executable(ocpp_judge ${CMAKE_SOURCE_DIR}/tests/conformance/ocpp_judge.cc)
  target_link_libraries(ocpp_judge PRIVATE bayward_ocpp)
endif()
