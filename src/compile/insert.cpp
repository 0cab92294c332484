#include "compile/insert.hpp"

#include "compile/coerce.hpp"
#include "compile/conflict.hpp"
#include "compile/insert_postgres.hpp"
#include "compile/payload.hpp"
#include "compile/returning.hpp"
#include "compile/version.hpp"

namespace ballast::compile {
namespace {

using query::Insert;

/// One statement per object; what follows the values is the same for all of them and holds the first parameters.
class SqliteInsert {
 public:
  SqliteInsert(const Insert& insert, const catalog::Snapshot& snapshot, const sql::Dialect& dialect)
      : insert_(insert),
        dialect_(dialect),
        context_{dialect, snapshot, shared_, nullptr},
        scope_(written_scope(context_, insert.schema, insert.relation)) {}

  Result<Plan> compile() {
    plan_.writes = true;
    BALLAST_CHECKED(check_version_unset(scope_, insert_.columns));
    sql::Writer tail = context_.writer();
    write_conflict(tail, scope_, insert_);
    BALLAST_CHECKED(write_returning(tail, context_, scope_, insert_.returning, insert_.location_columns, plan_));
    tail_ = tail.take();
    BALLAST_TRY(const json::Document payload, json::parse(insert_.payload));
    if (payload.kind == json::ValueKind::object) {
      BALLAST_CHECKED(add(payload.raw));
    } else if (payload.kind == json::ValueKind::array) {
      BALLAST_CHECKED(json::each_element(payload.raw, [this](std::string_view object) { return add(object); }));
    } else {
      return not_objects();
    }
    return std::move(plan_);
  }

 private:
  Result<void> add(std::string_view object) {
    if (json::kind_of(object) != json::ValueKind::object) return not_objects();
    json::members(object, members_);
    sql::Statement& statement = plan_.statements.emplace_back();
    statement.writes = true;
    statement.params.reserve(shared_.size() + insert_.columns.size());
    statement.params = shared_;
    sql::Writer names(dialect_, statement.params);
    sql::Writer values(dialect_, statement.params);
    for (const std::string& column : insert_.columns) {
      const std::string_view raw = find_member(members_, column);
      if (raw.empty() && insert_.missing_is_default) continue;
      sql::Param param = sql::Null{};
      if (!raw.empty()) { BALLAST_TRY(param, coerce_json(raw, column_type(scope_, column), sql::Engine::sqlite)); }
      if (!names.empty()) {
        names.text(", ");
        values.text(", ");
      }
      names.name(column);
      values.value(std::move(param));
    }
    sql::Writer out(dialect_, statement.params);
    out.reserve(names.size() + values.size() + tail_.size() + insert_.relation.size() + 40);
    out.text("INSERT INTO ").name(insert_.relation);
    if (names.empty()) {
      out.text(" DEFAULT VALUES");
    } else {
      out.text(" (").append(names).text(") VALUES (").append(values).text(")");
    }
    statement.text = out.take();
    // SQLite's grammar has no ON CONFLICT after DEFAULT VALUES.
    statement.text += names.empty() ? tail_.substr(conflict_length()) : tail_;
    return {};
  }

  std::size_t conflict_length() {
    sql::Writer conflict = context_.writer();
    write_conflict(conflict, scope_, insert_);
    return conflict.size();
  }

  const Insert& insert_;
  const sql::Dialect& dialect_;
  std::vector<sql::Param> shared_;  // of the clauses behind the values
  Context context_;
  Scope scope_;
  Plan plan_;
  std::string tail_;
  json::Members members_;  // kept for its capacity
};

}  // namespace

Result<Plan> compile_insert(const Insert& insert, const catalog::Snapshot& snapshot, const sql::Dialect& dialect) {
  if (dialect.engine() == sql::Engine::sqlite) return SqliteInsert(insert, snapshot, dialect).compile();
  return compile_postgres_insert(insert, snapshot, dialect);
}

}  // namespace ballast::compile
