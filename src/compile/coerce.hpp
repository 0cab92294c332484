#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "catalog/type.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"

/// What a client wrote → what is bound.
///
/// PostgreSQL takes the text as it is and judges it by the parameter's type. For SQLite, which would store anything,
/// the text is judged here as PostgreSQL would judge it, with PostgreSQL's errors: 22P02 (no such value), 22003 (out
/// of range), 22007/22008 (dates), 22001 (too long). Stored and compared are then: booleans as 0/1, dates and times
/// as ISO text with a space (`2024-01-31 12:00:00.5`, UTC without a suffix for timestamptz, as CURRENT_TIMESTAMP
/// writes it), uuids in lower case, bytea as blobs, numerics as numbers when 15 digits hold them and as text beyond.
namespace ballast::compile {

enum class Purpose : std::uint8_t {
  compare,  ///< the type's modifiers do not apply, as with an untyped literal in PostgreSQL
  store,    ///< numeric(p,s) rounds and overflows, varchar(n) refuses longer text
};

Result<sql::Param> coerce(std::string text, const catalog::Type& type, sql::Engine engine, Purpose purpose);

/// The same from a valid JSON value as written, as json_to_recordset would convert it: null → NULL, strings by their
/// content, everything else by its JSON text.
Result<sql::Param> coerce_json(std::string_view raw, const catalog::Type& type, sql::Engine engine);

}  // namespace ballast::compile
