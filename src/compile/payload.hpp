#pragma once

#include "base/result.hpp"
#include "compile/context.hpp"
#include "json/reader.hpp"

/// What a client wants written.
namespace ballast::compile {

/// PGRST102 for a payload that is no object and no array of objects.
Error not_objects();

/// The raw value under `key`; empty when there is none.
std::string_view find_member(const json::Members& members, std::string_view key);

/// The column's type, for coercion; text when the catalog does not know the column.
const catalog::Type& column_type(const Scope& scope, std::string_view column);

/// PostgreSQL: `"a" integer, "b" text`, the column definitions of json_to_recordset. Types are the catalog's, except
/// that character and bit without a length would mean a length of one, and that a type which makes its values out of
/// JSON itself gets JSON.
void write_record_columns(sql::Writer& out, const Scope& scope, const std::vector<std::string>& columns);

/// PostgreSQL: `v."a"`, the record's value of the column, or what the column's type makes of it.
void write_record_value(sql::Writer& out, const Scope& scope, const std::string& column);

/// `"a", "b"`
void write_names(sql::Writer& out, const std::vector<std::string>& names);

}  // namespace ballast::compile
