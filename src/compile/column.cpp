#include "compile/column.hpp"

#include "compile/type_name.hpp"
#include "compile/version.hpp"

namespace ballast::compile {
namespace {

using catalog::Kind;
using catalog::Type;

/// SQLite's path language: `$."key"[0][#-1]`. A key with a quote in it cannot be said there.
Result<std::string> sqlite_path(const std::vector<query::JsonStep>& steps) {
  std::string path = "$";
  for (const query::JsonStep& step : steps) {
    if (const auto* index = std::get_if<std::int64_t>(&step.key)) {
      path += *index < 0 ? "[#" : "[";
      path += std::to_string(*index);
      path += ']';
      continue;
    }
    const std::string& key = std::get<std::string>(step.key);
    if (key.find_first_of("\"\\") != std::string::npos) {
      return not_available("a JSON key with quotes or backslashes in a path");
    }
    path += ".\"";
    path += key;
    path += '"';
  }
  return path;
}

/// The column itself, stored or computed.
void write_base(sql::Writer& out, const Scope& scope, const query::ColumnPath& column) {
  if (column.row_version) return write_row_version(out, scope);
  if (column.function_schema.empty()) {
    write_plain_column(out, scope, column.column);
    return;
  }
  out.name(column.function_schema).text(".").name(column.column).text("(");
  write_row(out, scope);
  out.text(")");
}

Error nul_in_path() { return make_error(400, "22021", "invalid byte sequence for encoding \"UTF8\": 0x00"); }

Result<void> write_sqlite_path(sql::Writer& out, const Scope& scope, const query::ColumnPath& column) {
  BALLAST_TRY(const std::string path, sqlite_path(column.path));
  if (!column.path.back().as_text) {
    write_plain_column(out, scope, column.column);
    out.text(" -> ").constant(path);
    return {};
  }
  sql::Writer operand = out.piece();
  write_plain_column(operand, scope, column.column);
  out.text("CASE json_type(").append(operand).text(", ").constant(path).text(") WHEN 'text' THEN ");
  out.append(operand).text(" ->> ").constant(path).text(" WHEN 'null' THEN NULL ELSE ");
  out.append(operand).text(" -> ").constant(path).text(" END");
  return {};
}

void write_postgres_path(sql::Writer& out, const Scope& scope, const query::ColumnPath& column) {
  // Paths work on anything that has a JSON form, composites and arrays too.
  const bool is_json = column.type.kind == Kind::json;
  if (!is_json) out.text("to_jsonb(");
  write_base(out, scope, column);
  if (!is_json) out.text(")");
  for (const query::JsonStep& step : column.path) {
    if (step.as_text) {
      out.text("->>");
    } else {
      out.text("->");
    }
    if (const auto* index = std::get_if<std::int64_t>(&step.key)) {
      out.number(*index);
    } else {
      out.constant(std::get<std::string>(step.key));
    }
  }
}

/// SQLite's cast makes a number of whatever a text begins with; PostgreSQL's, and so ours, refuses what is none.
void write_number(sql::Writer& out, const sql::Writer& expression, const Type& from, const Type& to) {
  const bool checked = from.kind != Kind::integer && from.kind != Kind::floating && from.kind != Kind::numeric &&
                       from.kind != Kind::boolean;
  if (!checked) {
    out.append(expression);
    return;
  }
  out.text("ballast_number(").append(expression).text(", ").constant(to.name).text(")");
}

Result<void> write_sqlite_cast(sql::Writer& out, const sql::Writer& expression, const Type& from, const Type& to) {
  switch (to.kind) {
    case Kind::integer:
      if (from.kind == Kind::integer) {
        out.append(expression);
      } else if (from.kind == Kind::numeric || from.kind == Kind::floating) {
        out.text("CAST(round(").append(expression).text(") AS INTEGER)");  // SQLite's own cast truncates
      } else {
        out.text("CAST(");
        write_number(out, expression, from, to);
        out.text(" AS INTEGER)");
      }
      return {};
    case Kind::floating:
      out.text("CAST(");
      write_number(out, expression, from, to);
      out.text(" AS REAL)");
      return {};
    case Kind::numeric:
      if (from.kind == Kind::numeric || from.kind == Kind::integer) {
        out.append(expression);
      } else {
        out.text("CAST(");
        write_number(out, expression, from, to);
        out.text(" AS NUMERIC)");
      }
      return {};
    case Kind::boolean:
      if (from.kind == Kind::boolean) {
        out.append(expression);
      } else if (from.kind == Kind::integer) {
        out.text("(").append(expression).text(" <> 0)");
      } else {
        out.text("CASE lower(trim(").append(expression);
        out.text(
            ")) WHEN 't' THEN 1 WHEN 'true' THEN 1 WHEN 'yes' THEN 1 WHEN 'on' THEN 1 WHEN '1' THEN 1"
            " WHEN 'f' THEN 0 WHEN 'false' THEN 0 WHEN 'no' THEN 0 WHEN 'off' THEN 0 WHEN '0' THEN 0 END");
      }
      return {};
    case Kind::text:
      if (from.kind == Kind::boolean) {
        out.text("CASE ").append(expression).text(" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END");
      } else if (from.kind == Kind::numeric && from.scale > 0) {
        out.text("CASE WHEN typeof(").append(expression).text(") IN ('integer', 'real') THEN printf('%.");
        out.number(from.scale).text("f', ").append(expression).text(") ELSE ").append(expression).text(" END");
      } else {
        out.text("CAST(").append(expression).text(" AS TEXT)");
      }
      return {};
    case Kind::bytea:
      out.text("CAST(").append(expression).text(" AS BLOB)");
      return {};
    case Kind::date:
      if (from.kind == Kind::date) {
        out.append(expression);
      } else {
        out.text("date(").append(expression).text(")");
      }
      return {};
    case Kind::time:
    case Kind::timestamp:
    case Kind::timestamptz:
    case Kind::interval:
    case Kind::uuid:
    case Kind::json:
    case Kind::array:
    case Kind::composite:
    case Kind::range:
    case Kind::tsvector:
    case Kind::other:
      out.append(expression);
      return {};
  }
  return {};
}

}  // namespace

Result<void> write_cast(sql::Writer& out, const sql::Writer& expression, const Type& from, const Type& to) {
  sql::Writer name = out.piece();
  BALLAST_CHECKED(write_cast_type(name, to));
  if (out.sqlite()) return write_sqlite_cast(out, expression, from, to);
  out.text("(").append(expression).text(")::").append(name);
  return {};
}

Result<void> write_column(sql::Writer& out, const Scope& scope, const query::ColumnPath& column) {
  if (column.path.empty() && !column.cast) {
    write_base(out, scope, column);
    return {};
  }
  for (const query::JsonStep& step : column.path) {
    const auto* key = std::get_if<std::string>(&step.key);
    if (key != nullptr && key->find('\0') != std::string::npos) return nul_in_path();
  }
  sql::Writer expression = out.piece();
  if (column.path.empty()) {
    write_base(expression, scope, column);
  } else {
    expression.text("(");
    if (out.sqlite()) {
      BALLAST_CHECKED(write_sqlite_path(expression, scope, column));
    } else {
      write_postgres_path(expression, scope, column);
    }
    expression.text(")");
  }
  if (!column.cast) {
    out.append(expression);
    return {};
  }
  query::ColumnPath uncast = column;
  uncast.cast.reset();
  return write_cast(out, expression, uncast.result_type(), *column.cast);
}

}  // namespace ballast::compile
