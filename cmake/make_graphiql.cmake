# cmake -D WANTED=ON|OFF -D SOURCE=web/graphiql -D CACHE=build/graphiql -D OUTPUT=FILE -P make_graphiql.cmake
# What npm makes of a state of the sources is kept in CACHE, for all build folders. Never fails.

set(STUB "#include \"graphql/graphiql.hpp\"

namespace ballast::graphql {

std::span<const GraphiqlAsset> graphiql_assets() noexcept { return {}; }

}  // namespace ballast::graphql
")

function(stub why)
  message("building without GraphiQL: ${why}")
  file(WRITE ${OUTPUT} "${STUB}")
endfunction()

if(NOT WANTED)
  stub("BALLAST_GRAPHIQL is off")
  return()
endif()
find_program(NPM npm)
find_program(NODE node)
if(NOT NPM OR NOT NODE)
  stub("npm is not installed")
  return()
endif()

file(GLOB sources ${SOURCE}/*.*)
set(hashes "")
foreach(source ${sources})
  file(SHA256 ${source} hash)
  string(APPEND hashes ${hash})
endforeach()
string(SHA256 state "${hashes}")
string(SUBSTRING ${state} 0 16 state)
set(made ${CACHE}/${state}/graphiql_assets.cpp)

file(MAKE_DIRECTORY ${CACHE})
file(LOCK ${CACHE} DIRECTORY GUARD PROCESS TIMEOUT 300 RESULT_VARIABLE locked)
if(NOT EXISTS ${made})
  set(work ${CACHE}/${state}/work)
  file(REMOVE_RECURSE ${CACHE}/${state})
  file(MAKE_DIRECTORY ${work})
  file(COPY ${SOURCE}/ DESTINATION ${work} PATTERN node_modules EXCLUDE)
  execute_process(COMMAND ${NPM} ci --no-audit --no-fund --ignore-scripts --fetch-retries=1 --fetch-retry-mintimeout=1000
                  WORKING_DIRECTORY ${work} TIMEOUT 180 RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    file(REMOVE_RECURSE ${work})
    stub("npm ci failed or took too long (no network?)")
    return()
  endif()
  execute_process(COMMAND ${NODE} build.mjs ../graphiql_assets.cpp WORKING_DIRECTORY ${work} TIMEOUT 120
                  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  file(REMOVE_RECURSE ${work})
  if(NOT status EQUAL 0)
    file(REMOVE ${made})
    stub("its build script failed: ${output}")
    return()
  endif()
endif()
file(COPY_FILE ${made} ${OUTPUT})
