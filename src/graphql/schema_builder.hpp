#pragma once

#include "graphql/access.hpp"
#include "graphql/build_options.hpp"
#include "graphql/schema.hpp"

namespace ballast::graphql {

/// The schema that pg_graphql would show this role of the database, and its extensions. What could not be understood
/// (a broken directive, names that clash) is left out; `Schema::warnings` says so.
SchemaPtr build_schema(catalog::SnapshotPtr snapshot, const Access& access, const BuildOptions& options = {});

}  // namespace ballast::graphql
