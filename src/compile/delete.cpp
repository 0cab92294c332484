#include "compile/delete.hpp"

#include "compile/embed.hpp"
#include "compile/returning.hpp"

namespace ballast::compile {

Result<Plan> compile_delete(const query::Delete& remove, const catalog::Snapshot& snapshot,
                            const sql::Dialect& dialect) {
  Plan plan;
  plan.writes = true;
  sql::Statement& statement = plan.statements.emplace_back();
  statement.writes = true;
  Context context{dialect, snapshot, statement.params, nullptr};
  const Scope scope = written_scope(context, remove.schema, remove.relation);
  sql::Writer write = context.writer();
  write.text("DELETE FROM ");
  if (context.sqlite()) {
    write.name(remove.relation);
  } else {
    write_source(write, scope);
  }
  sql::Writer where = context.writer();
  BALLAST_CHECKED(write_written_conditions(where, context, scope, remove.where, remove.returning));
  if (!where.empty()) write.text(" WHERE ").append(where);
  if (context.sqlite()) {
    BALLAST_CHECKED(write_returning(write, context, scope, remove.returning, {}, plan));
    statement.text = write.take();
  } else {
    BALLAST_TRY(statement.text, wrap_written(context, write, scope, remove.returning, {}, false, plan));
  }
  return plan;
}

}  // namespace ballast::compile
