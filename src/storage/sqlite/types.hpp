#pragma once

#include <string_view>

#include "catalog/type.hpp"

namespace ballast::storage::sqlite {

/// The PostgreSQL type that a declared SQLite type stands for, so that both engines answer alike:
///
///     INTEGER, INT, MEDIUMINT → integer   SMALLINT, TINYINT → smallint   BIGINT, UNSIGNED BIG INT → bigint
///     REAL, DOUBLE, FLOAT → double precision   DECIMAL(p,s) → numeric   NVARCHAR(n) → character varying
///     CLOB → text   BLOB → bytea   DATETIME → timestamp without time zone
///
/// and PostgreSQL's own names for themselves. Anything else is text.
catalog::Type type_of(std::string_view declared);

}  // namespace ballast::storage::sqlite
