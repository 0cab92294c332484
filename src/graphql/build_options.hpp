#pragma once

#include "graphql/directive_settings.hpp"

namespace ballast::graphql {

/// How a schema is built from a catalog.
struct BuildOptions {
  /// What pg_graphql does not have: `onConflict`, nested inserts, `_increment`, `ifVersion`.
  bool extensions = true;
  /// May clients introspect, where no schema's directive says so?
  bool introspection = true;
  Directives directives;
};

}  // namespace ballast::graphql
