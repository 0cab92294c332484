#include "compile/context.hpp"

#include <algorithm>

#include "compile/version.hpp"

namespace ballast::compile {
namespace {

constexpr std::string_view written_row = "written row";

}  // namespace

void write_plain_column(sql::Writer& out, const Scope& scope, std::string_view column,
                        std::string_view function_schema) {
  if (scope.written != nullptr) {
    auto& columns = scope.written->columns;
    Written::Column read{std::string(function_schema), std::string(column)};
    if (std::find(columns.begin(), columns.end(), read) == columns.end()) columns.push_back(std::move(read));
  } else if (!function_schema.empty()) {
    out.name(function_schema).text(".").name(column).text("(");
    write_row(out, scope);
    out.text(")");
    return;
  }
  if (scope.alias >= 0) {
    out.text("t").number(scope.alias);
  } else {
    out.name(scope.relation);
  }
  out.text(".").name(column);
}

void write_row(sql::Writer& out, const Scope& scope) {
  out.text("t").number(scope.alias);
  if (!scope.row.empty()) {
    out.text(".").name(scope.row);
  } else if (scope.written != nullptr) {
    scope.written->row = true;
    out.text(".").name(written_row);
  } else if (scope.derived) {
    out.text("::");
    write_relation(out, scope.schema, scope.relation);
  } else {
    out.text(".*");
  }
}

void write_row_value(sql::Writer& out, const Scope& scope) {
  const bool value = scope.written != nullptr || scope.derived || !scope.row.empty();
  if (value) return write_row(out, scope);
  out.text("ROW(");
  write_row(out, scope);
  out.text(")::");
  write_relation(out, scope.schema, scope.relation);
}

void write_written_columns(sql::Writer& out, const Scope& scope, const Written& written) {
  bool first = true;
  for (const Written::Column& column : written.columns) {
    if (!first) out.text(", ");
    first = false;
    write_plain_column(out, scope, column.name, column.function_schema);
    if (!column.function_schema.empty()) out.text(" AS ").name(column.name);
  }
  if (written.row) {
    if (!first) out.text(", ");
    first = false;
    out.text("t").number(scope.alias).text(" AS ").name(written_row);
  }
  if (written.version) {
    if (!first) out.text(", ");
    first = false;
    write_row_version(out, scope);
    out.text(" AS ").name(query::version_name);
  }
  if (first) out.text("1");
}

}  // namespace ballast::compile
