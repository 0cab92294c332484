#include "compile/update_rows.hpp"

#include <algorithm>

#include "compile/coerce.hpp"
#include "compile/payload.hpp"
#include "compile/returning.hpp"
#include "compile/version.hpp"
#include "json/scanner.hpp"

namespace ballast::compile {
namespace {

using query::Update;

/// The columns to set. Those of the key are what they are; they stand in when there are no others.
std::vector<std::string> set_columns(const Update& update) {
  std::vector<std::string> columns;
  for (const std::string& column : update.columns) {
    if (std::ranges::find(update.row_key, column) == update.row_key.end()) columns.push_back(column);
  }
  return columns.empty() ? update.row_key : columns;
}

/// The key and the columns to set, each once.
std::vector<std::string> read_columns(const Update& update, const std::vector<std::string>& set) {
  std::vector<std::string> columns = update.row_key;
  for (const std::string& column : set) {
    if (std::ranges::find(columns, column) == columns.end()) columns.push_back(column);
  }
  return columns;
}

Result<Plan> compile_postgres(const Update& update, const catalog::Snapshot& snapshot, const sql::Dialect& dialect) {
  Plan plan;
  plan.writes = true;
  sql::Statement& statement = plan.statements.emplace_back();
  statement.writes = true;
  Context context{dialect, snapshot, statement.params, nullptr};
  const Scope scope = written_scope(context, update.schema, update.relation);
  BALLAST_CHECKED(check_version_unset(scope, update.columns));
  const auto set = set_columns(update);
  sql::Writer write = context.writer();
  write.text("UPDATE ");
  write_source(write, scope);
  write.text(" SET ");
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i > 0) write.text(", ");
    write.name(set[i]).text(" = ");
    write_record_value(write, scope, set[i]);
  }
  write_version_increment(write, scope);
  write.text(" FROM json_to_recordset(").value(update.payload).text(") AS v(");
  write_record_columns(write, scope, read_columns(update, set));
  write.text(", ").name(query::version_name).text(" text) WHERE ");
  for (const std::string& column : update.row_key) {
    write_plain_column(write, scope, column);
    write.text(" = ");
    write_record_value(write, scope, column);
    write.text(" AND ");
  }
  write_row_version(write, scope);
  write.text(" = v.").name(query::version_name);
  BALLAST_TRY(statement.text, wrap_written(context, write, scope, update.returning, {}, false, plan));
  return plan;
}

class SqliteRows {
 public:
  SqliteRows(const Update& update, const catalog::Snapshot& snapshot, const sql::Dialect& dialect)
      : update_(update),
        dialect_(dialect),
        context_{dialect, snapshot, shared_, nullptr},
        scope_(written_scope(context_, update.schema, update.relation)),
        set_(set_columns(update)) {}

  Result<Plan> compile() {
    plan_.writes = true;
    BALLAST_CHECKED(check_version_unset(scope_, update_.columns));
    sql::Writer tail = context_.writer();
    BALLAST_CHECKED(write_returning(tail, context_, scope_, update_.returning, {}, plan_));
    tail_ = tail.take();
    BALLAST_TRY(const json::Document payload, json::parse(update_.payload));
    if (payload.kind != json::ValueKind::array) return not_objects();
    BALLAST_CHECKED(json::each_element(payload.raw, [this](std::string_view object) { return add(object); }));
    return std::move(plan_);
  }

 private:
  Result<void> add(std::string_view object) {
    if (json::kind_of(object) != json::ValueKind::object) return not_objects();
    json::members(object, members_);
    sql::Statement& statement = plan_.statements.emplace_back();
    statement.writes = true;
    statement.params = shared_;
    sql::Writer out(dialect_, statement.params);
    out.text("UPDATE ").name(update_.relation).text(" SET ");
    for (std::size_t i = 0; i < set_.size(); ++i) {
      if (i > 0) out.text(", ");
      out.name(set_[i]).text(" = ");
      BALLAST_CHECKED(write_member(out, set_[i]));
    }
    write_version_increment(out, scope_);
    out.text(" WHERE ");
    for (const std::string& column : update_.row_key) {
      write_plain_column(out, scope_, column);
      out.text(" = ");
      BALLAST_CHECKED(write_member(out, column));
      out.text(" AND ");
    }
    write_row_version(out, scope_);
    const std::string_view version = find_member(members_, query::version_name);
    const bool quoted = json::kind_of(version) == json::ValueKind::string;
    out.text(" = ").value(quoted ? json::string_value(version) : std::string(version));
    statement.text = out.take() + tail_;
    return {};
  }

  Result<void> write_member(sql::Writer& out, const std::string& column) {
    const std::string_view raw = find_member(members_, column);
    sql::Param param = sql::Null{};
    if (!raw.empty()) { BALLAST_TRY(param, coerce_json(raw, column_type(scope_, column), sql::Engine::sqlite)); }
    out.value(std::move(param));
    return {};
  }

  const Update& update_;
  const sql::Dialect& dialect_;
  std::vector<sql::Param> shared_;  // of the clauses behind the values
  Context context_;
  Scope scope_;
  std::vector<std::string> set_;
  Plan plan_;
  std::string tail_;
  json::Members members_;  // kept for its capacity
};

}  // namespace

Result<Plan> compile_update_rows(const Update& update, const catalog::Snapshot& snapshot, const sql::Dialect& dialect) {
  if (dialect.engine() == sql::Engine::sqlite) return SqliteRows(update, snapshot, dialect).compile();
  return compile_postgres(update, snapshot, dialect);
}

}  // namespace ballast::compile
