#include "compile/insert_postgres.hpp"

#include <algorithm>

#include "compile/conflict.hpp"
#include "compile/payload.hpp"
#include "compile/returning.hpp"
#include "compile/type_name.hpp"
#include "compile/version.hpp"

namespace ballast::compile {
namespace {

using query::Insert;

/// The columns that some object of the payload has, and whether all of them do.
struct Present {
  std::vector<std::string> columns;
  std::vector<bool> always;
};

Result<Present> present_columns(const Insert& insert) {
  Present present;
  if (!insert.missing_is_default) {
    present.columns = insert.columns;
    present.always.assign(insert.columns.size(), true);
    return present;
  }
  std::vector<std::size_t> found(insert.columns.size(), 0);
  std::size_t objects = 0;
  json::Members members;
  BALLAST_TRY(const json::Document payload, json::parse(insert.payload));
  if (payload.kind != json::ValueKind::array) return not_objects();
  BALLAST_CHECKED(json::each_element(payload.raw, [&](std::string_view object) -> Result<void> {
    if (json::kind_of(object) != json::ValueKind::object) return not_objects();
    json::members(object, members);
    ++objects;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (!find_member(members, insert.columns[i]).empty()) ++found[i];
    }
    return {};
  }));
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i] == 0) continue;
    present.columns.push_back(insert.columns[i]);
    present.always.push_back(found[i] == objects);
  }
  return present;
}

/// What the table would store in a column that an INSERT does not name.
void write_default(sql::Writer& out, const Scope& scope, const std::string& name) {
  const catalog::Column* column = scope.known != nullptr ? scope.known->column(name) : nullptr;
  if (column == nullptr || (!column->default_text && !column->identity)) {
    out.text("NULL");
    return;
  }
  if (column->default_text) {
    out.text("(").from_catalog(*column->default_text).text(")::");
  } else {
    sql::Writer relation = out.piece();
    write_relation(relation, scope.schema, scope.relation);
    out.text("nextval(pg_get_serial_sequence(").constant(relation.view()).text(", ").constant(name).text("))::");
  }
  write_definition_type(out, column->type);
}

void write_values(sql::Writer& out, const Scope& scope, const Present& present) {
  for (std::size_t i = 0; i < present.columns.size(); ++i) {
    if (i > 0) out.text(", ");
    const std::string& column = present.columns[i];
    if (present.always[i]) {
      write_record_value(out, scope, column);
      continue;
    }
    out.text("CASE WHEN (e.o->").constant(column).text(") IS NULL THEN ");
    write_default(out, scope, column);
    out.text(" ELSE ");
    write_record_value(out, scope, column);
    out.text(" END");
  }
}

}  // namespace

Result<Plan> compile_postgres_insert(const Insert& insert, const catalog::Snapshot& snapshot,
                                     const sql::Dialect& dialect) {
  BALLAST_TRY(const Present present, present_columns(insert));
  const bool per_row = std::find(present.always.begin(), present.always.end(), false) != present.always.end();
  Plan plan;
  plan.writes = true;
  sql::Statement& statement = plan.statements.emplace_back();
  statement.writes = true;
  Context context{dialect, snapshot, statement.params, nullptr};
  const Scope scope = written_scope(context, insert.schema, insert.relation);
  BALLAST_CHECKED(check_version_unset(scope, insert.columns));
  const bool merging = merges(scope, insert);
  sql::Writer payload = context.writer();
  payload.value(insert.payload);
  if (merging) payload = counting_from_zero(payload);
  sql::Writer write = context.writer();
  write.text("INSERT INTO ");
  write_source(write, scope);
  if (present.columns.empty()) {
    write.text(" SELECT FROM json_array_elements(").append(payload).text(")");
  } else {
    write.text(" (");
    write_names(write, present.columns);
    write.text(") SELECT ");
    write_values(write, scope, present);
    if (per_row) {
      write.text(" FROM json_array_elements(").append(payload).text(") AS e(o), json_to_record(e.o) AS v(");
    } else {
      write.text(" FROM json_to_recordset(").append(payload).text(") AS v(");
    }
    write_record_columns(write, scope, present.columns);
    write.text(")");
  }
  write_conflict(write, scope, insert);
  BALLAST_TRY(statement.text,
              wrap_written(context, write, scope, insert.returning, insert.location_columns, merging, plan));
  return plan;
}

}  // namespace ballast::compile
