#pragma once

#include "base/result.hpp"
#include "catalog/type.hpp"
#include "sql/writer.hpp"

/// Types as SQL names them. A type that a request named is only ever spliced as a spelling of the catalog's own, or
/// quoted.
namespace ballast::compile {

/// The type of a cast. On PostgreSQL a name that Ballast does not know stands quoted (`"schema"."mood"`, `"bit"(3)`,
/// `"regclass"[]`), and PostgreSQL says what it thinks of it; SQLite has no others: 42704.
Result<void> write_cast_type(sql::Writer& out, const catalog::Type& type);

/// PostgreSQL: a column's or argument's type, from the catalog, in a column definition list. Without a length,
/// character and bit would mean a length of one there, so those two go by their other names.
void write_definition_type(sql::Writer& out, const catalog::Type& type);

}  // namespace ballast::compile
