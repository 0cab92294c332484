#pragma once

#include <sqlite3.h>

#include "sql/row_sink.hpp"

namespace ballast::storage::sqlite {

/// A value as SQLite holds it; text and blobs stay SQLite's.
inline sql::Cell cell_of(sqlite3_value* value) noexcept {
  sql::Cell cell;
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      cell.kind = sql::Cell::Kind::integer;
      cell.integer = sqlite3_value_int64(value);
      break;
    case SQLITE_FLOAT:
      cell.kind = sql::Cell::Kind::real;
      cell.real = sqlite3_value_double(value);
      break;
    case SQLITE_TEXT: {
      cell.kind = sql::Cell::Kind::text;
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      cell.text = {text, static_cast<std::size_t>(sqlite3_value_bytes(value))};
      break;
    }
    case SQLITE_BLOB: {
      cell.kind = sql::Cell::Kind::blob;
      const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
      cell.text = {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
      break;
    }
    default:
      break;
  }
  return cell;
}

}  // namespace ballast::storage::sqlite
