# GraphiQL (web/graphiql) becomes one generated source file of ballast_graphql. Where npm or its registry is missing,
# that file has none of it, and the page for browsers says so: a build never fails for it.

option(BALLAST_GRAPHIQL "build GraphiQL in, where npm can" ON)

file(GLOB GRAPHIQL_SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/graphiql/*.*)
set(GRAPHIQL_OUTPUT ${CMAKE_BINARY_DIR}/generated/graphiql_assets.cpp)
add_custom_command(
  OUTPUT ${GRAPHIQL_OUTPUT}
  COMMAND ${CMAKE_COMMAND} -D WANTED=${BALLAST_GRAPHIQL} -D SOURCE=${CMAKE_SOURCE_DIR}/web/graphiql
          -D CACHE=${CMAKE_SOURCE_DIR}/build/graphiql -D OUTPUT=${GRAPHIQL_OUTPUT}
          -P ${CMAKE_SOURCE_DIR}/cmake/make_graphiql.cmake
  DEPENDS ${GRAPHIQL_SOURCES} ${CMAKE_SOURCE_DIR}/cmake/make_graphiql.cmake
  COMMENT "GraphiQL"
  VERBATIM)
target_sources(ballast_graphql PRIVATE ${GRAPHIQL_OUTPUT})
