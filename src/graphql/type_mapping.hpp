#pragma once

#include <optional>
#include <string_view>

#include "catalog/type.hpp"

namespace ballast::graphql {

/// What a database type is in GraphQL.
struct MappedType {
  std::string_view scalar;                            ///< "Int"; empty: `enumeration` it is
  const catalog::Enumeration* enumeration = nullptr;  ///< into the type
  bool list = false;                                  ///< of these
};

/// As pg_graphql maps PostgreSQL's types. A domain is Opaque, or what it is made from with `resolve_base_type`.
/// Nullopt: rows, arrays of rows and arrays of arrays, which schemas leave out.
std::optional<MappedType> map_type(const catalog::Type& type, bool resolve_base_type);

}  // namespace ballast::graphql
