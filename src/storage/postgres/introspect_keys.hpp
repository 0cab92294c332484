#pragma once

#include "storage/postgres/introspect_relations.hpp"
#include "storage/postgres/view_origins.hpp"

namespace ballast::storage::postgres {

/// Adds the relations' constraints, and the keys that views have from the tables they show.
Result<void> load_keys(PGconn& connection, const ViewOrigins& views, IntrospectedRelations& relations);

}  // namespace ballast::storage::postgres
