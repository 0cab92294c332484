#pragma once

#include "catalog/type.hpp"
#include "storage/postgres/catalogue.hpp"

namespace ballast::storage::postgres {

/// What pg_type says of a type that is no domain.
struct TypeFacts {
  ObjectId oid = 0;
  char type = 'b';  ///< typtype: base, composite, domain, enum, pseudo, range, multirange
  bool is_array = false;
  bool casts_to_json =
      false;  ///< a function of the user's does it, and `to_json` uses it (json.c, json_categorize_type)
};

/// How the type's values look in JSON. Where PostgreSQL's `to_json` has to be asked (rows, arrays, casts of the
/// user's), it is `array` or `composite`.
catalog::Kind kind_of(const TypeFacts& facts);

struct TypeModifier {
  int precision = 0;
  int scale = -1;
};
/// What `atttypmod` says of numeric(p,s), varchar(n) and char(n); nothing for other types.
TypeModifier size_of(ObjectId oid, int modifier);

}  // namespace ballast::storage::postgres
