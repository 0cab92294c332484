#pragma once

#include <string>
#include <vector>

#include "catalog/function.hpp"
#include "storage/postgres/introspect_relations.hpp"

namespace ballast::storage::postgres {

/// The functions of these schemas that can be called by the names of their arguments or with one unnamed body, and
/// those over a relation's row; the latter's computed columns are added to the relations. Not those that extensions
/// brought along, nor procedures and triggers.
Result<std::vector<catalog::Function>> load_functions(PGconn& connection, const std::vector<std::string>& schemas,
                                                      const IntrospectedTypes& types, IntrospectedRelations& relations);

/// Aggregates over rows that return a domain named like a media type.
Result<std::vector<catalog::MediaHandler>> load_media_handlers(PGconn& connection,
                                                               const std::vector<std::string>& schemas);

}  // namespace ballast::storage::postgres
