# The terminals of web/ and schemas/openapi.yaml, bundled by Vite (npm, pinned in package-lock.json) and put into the
# library bayward_api as one generated file: the server has no files to lose.
find_program(NODE node REQUIRED)
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/*)
list(FILTER web_sources EXCLUDE REGEX "/web/contract/") # made by the build itself
if(NOT EXISTS ${CMAKE_SOURCE_DIR}/node_modules/vite)
  message(FATAL_ERROR "node_modules/vite is missing: run `npm ci` in ${CMAKE_SOURCE_DIR} first")
endif()
set(web_assets ${CMAKE_BINARY_DIR}/generated/api/web_assets.cc)
add_custom_command(
  OUTPUT ${web_assets}
  COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/web/build.mjs ${CMAKE_SOURCE_DIR}/schemas/openapi.yaml ${web_assets}
  DEPENDS ${web_sources} ${CMAKE_SOURCE_DIR}/schemas/openapi.yaml
  COMMENT "Bundling the pages"
  VERBATIM)
target_sources(bayward_api PRIVATE ${web_assets})
