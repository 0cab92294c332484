#pragma once

#include <string>
#include <vector>

#include "graphql/type_set.hpp"

namespace ballast::graphql {

/// The types that every schema has, whatever the database holds: scalars and the filters of scalars and of lists of
/// them, `FilterIs`, `OrderByDirection`, `PageInfo` and the interface `Node`.
void add_common_types(TypeSet& types);

/// Their names, and those of the root types.
std::vector<std::string> common_type_names();

}  // namespace ballast::graphql
