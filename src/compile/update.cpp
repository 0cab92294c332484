#include "compile/update.hpp"

#include <algorithm>

#include "compile/coerce.hpp"
#include "compile/embed.hpp"
#include "compile/payload.hpp"
#include "compile/read.hpp"
#include "compile/returning.hpp"
#include "compile/update_rows.hpp"
#include "compile/version.hpp"

namespace ballast::compile {
namespace {

using query::Update;

/// Nothing to set: no row is touched, and none is answered.
Result<Plan> compile_nothing(const Update& update, const catalog::Snapshot& snapshot, const sql::Dialect& dialect) {
  query::Read none;
  if (update.returning) none = *update.returning;
  none.schema = update.schema;
  none.relation = update.relation;
  none.where.node = query::Or{};
  none.count = query::Count::none;
  none.limit.reset();
  none.offset = 0;
  BALLAST_TRY(Plan plan, compile_read(none, snapshot, dialect));
  plan.writes = true;
  return plan;
}

/// What the new value is added to: `t0."a" + `, or nothing.
void write_increment(sql::Writer& out, const Scope& scope, const Update& update, const std::string& column) {
  if (std::find(update.increments.begin(), update.increments.end(), column) == update.increments.end()) return;
  write_plain_column(out, scope, column);
  out.text(" + ");
}

Result<void> write_sqlite_assignments(sql::Writer& out, const Scope& scope, const Update& update,
                                      const json::Members& members) {
  for (std::size_t i = 0; i < update.columns.size(); ++i) {
    const std::string& column = update.columns[i];
    if (i > 0) out.text(", ");
    const std::string_view raw = find_member(members, column);
    if (raw.empty() && update.missing_is_default) {
      const catalog::Column* known = scope.known != nullptr ? scope.known->column(column) : nullptr;
      out.name(column).text(" = (");
      if (known != nullptr && known->default_text)
        out.from_catalog(*known->default_text);
      else
        out.text("NULL");
      out.text(")");
      continue;
    }
    sql::Param param = sql::Null{};
    if (!raw.empty()) { BALLAST_TRY(param, coerce_json(raw, column_type(scope, column), sql::Engine::sqlite)); }
    out.name(column).text(" = ");
    write_increment(out, scope, update, column);
    out.value(std::move(param));
  }
  return {};
}

/// Which keys are missing belongs to the statement's text: a default can only be named in SET.
void write_postgres_assignments(sql::Writer& out, const Scope& scope, const Update& update, std::string_view object) {
  json::Members members;
  if (update.missing_is_default) json::members(object, members);
  for (std::size_t i = 0; i < update.columns.size(); ++i) {
    if (i > 0) out.text(", ");
    out.name(update.columns[i]);
    if (update.missing_is_default && find_member(members, update.columns[i]).empty()) {
      out.text(" = DEFAULT");
    } else {
      out.text(" = ");
      write_increment(out, scope, update, update.columns[i]);
      write_record_value(out, scope, update.columns[i]);
    }
  }
  write_version_increment(out, scope);
  out.text(" FROM json_to_record(").value(std::string(object)).text(") AS v(");
  write_record_columns(out, scope, update.columns);
  out.text(")");
}

/// One object; PostgREST takes an array with one object for it.
Result<std::string_view> payload_object(const std::string& payload) {
  BALLAST_TRY(const json::Document document, json::parse(payload));
  std::string_view object = document.raw;
  if (document.kind == json::ValueKind::array) {
    object = {};
    BALLAST_CHECKED(json::each_element(document.raw, [&](std::string_view element) -> Result<void> {
      if (object.empty()) object = element;
      return {};
    }));
  }
  if (json::kind_of(object) != json::ValueKind::object) {
    return make_error(400, "PGRST102", "All object keys must match").with_details("expected a JSON object");
  }
  return object;
}

}  // namespace

Result<Plan> compile_update(const Update& update, const catalog::Snapshot& snapshot, const sql::Dialect& dialect) {
  if (!update.row_key.empty()) return compile_update_rows(update, snapshot, dialect);
  if (update.columns.empty()) return compile_nothing(update, snapshot, dialect);
  Plan plan;
  plan.writes = true;
  sql::Statement& statement = plan.statements.emplace_back();
  statement.writes = true;
  Context context{dialect, snapshot, statement.params, nullptr};
  const Scope scope = written_scope(context, update.schema, update.relation);
  BALLAST_CHECKED(check_version_unset(scope, update.columns));
  sql::Writer write = context.writer();
  write.text("UPDATE ");
  BALLAST_TRY(const std::string_view object, payload_object(update.payload));
  if (context.sqlite()) {
    write.name(update.relation).text(" SET ");
    BALLAST_CHECKED(write_sqlite_assignments(write, scope, update, json::members(object)));
    write_version_increment(write, scope);
  } else {
    write_source(write, scope);
    write.text(" SET ");
    write_postgres_assignments(write, scope, update, object);
  }
  sql::Writer where = context.writer();
  BALLAST_CHECKED(write_written_conditions(where, context, scope, update.where, update.returning));
  if (!where.empty()) write.text(" WHERE ").append(where);
  if (context.sqlite()) {
    BALLAST_CHECKED(write_returning(write, context, scope, update.returning, {}, plan));
    statement.text = write.take();
  } else {
    BALLAST_TRY(statement.text, wrap_written(context, write, scope, update.returning, {}, false, plan));
  }
  return plan;
}

}  // namespace ballast::compile
