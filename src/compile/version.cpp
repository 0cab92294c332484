#include "compile/version.hpp"

#include <algorithm>

namespace ballast::compile {
namespace {

/// SQLite's functions take 127 arguments.
constexpr std::size_t columns_at_once = 100;

bool nullable(const Scope& scope, const std::string& column) {
  const catalog::Column* known = scope.known->column(column);
  return known == nullptr || known->nullable;
}

/// A row that was inserted without one has the version 0.
void write_version_column(sql::Writer& out, const Scope& scope) {
  const std::string& column = scope.known->version_column;
  const bool guarded = nullable(scope, column);
  if (guarded) out.text("COALESCE(");
  write_plain_column(out, scope, column);
  if (guarded) out.text(", 0)");
}

/// Wide tables are hashed in parts, each with the hash of those before it.
void write_sqlite_hash(sql::Writer& out, const Scope& scope) {
  sql::Writer hash = out.piece();
  const auto& columns = scope.known->columns;
  for (std::size_t from = 0; from < columns.size() || from == 0; from += columns_at_once) {
    sql::Writer part = out.piece();
    part.text("ballast_row_version(").append(hash);
    for (std::size_t i = from; i < std::min(columns.size(), from + columns_at_once); ++i) {
      if (i > 0) part.text(", ");
      write_plain_column(part, scope, columns[i].name);
    }
    part.text(")");
    hash = std::move(part);
  }
  out.append(hash);
}

bool has_writer(const Scope& scope) {
  return scope.known != nullptr && scope.known->kind == catalog::RelationKind::table && !scope.known->is_view &&
         !scope.known->primary_key.empty() && !scope.derived && !scope.called;
}

}  // namespace

void write_row_version(sql::Writer& out, const Scope& scope) {
  if (scope.written != nullptr) {
    scope.written->version = true;
    out.text("t").number(scope.alias).text(".").name(query::version_name);
    return;
  }
  if (scope.known != nullptr && !scope.known->version_column.empty()) {
    out.text("CAST(");
    write_version_column(out, scope);
    out.text(" AS TEXT)");
    return;
  }
  if (out.sqlite()) {
    write_sqlite_hash(out, scope);
    return;
  }
  if (!has_writer(scope)) {
    out.text("md5((t").number(scope.alias).text(".*)::text)");
    return;
  }
  out.text("md5(ROW(t").number(scope.alias).text(".xmin, t").number(scope.alias).text(".ctid");
  for (const std::string& column : scope.known->primary_key) {
    out.text(", ");
    write_plain_column(out, scope, column);
  }
  out.text(")::text)");
}

void write_version_increment(sql::Writer& out, const Scope& scope) {
  if (scope.known == nullptr || scope.known->version_column.empty()) return;
  out.text(", ").name(scope.known->version_column).text(" = ");
  write_version_column(out, scope);
  out.text(" + 1");
}

Result<void> check_version_unset(const Scope& scope, const std::vector<std::string>& columns) {
  if (scope.known == nullptr || scope.known->version_column.empty()) return {};
  const std::string& column = scope.known->version_column;
  if (std::ranges::find(columns, column) == columns.end()) return {};
  return make_error(400, "BLST420", "column \"" + column + "\" counts the row's changes and cannot be set")
      .with_hint(
          "leave it out: each update adds one to it. To say which version you have read, send If-Match (REST) or "
          "ifVersion (GraphQL)");
}

}  // namespace ballast::compile
