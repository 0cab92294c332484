#include "compile/call.hpp"

#include "compile/context.hpp"
#include "compile/fold.hpp"
#include "compile/read.hpp"
#include "compile/select.hpp"

namespace ballast::compile {
namespace {

using query::Call;
using query::CallArgument;

/// A function's arguments have no lengths, yet in a cast or a column definition some types without one mean one.
void write_argument_type(sql::Writer& out, const catalog::Type& type) {
  if (type.name == "character") {
    out.text("bpchar");
  } else if (type.name == "bit") {
    out.text("varbit");
  } else {
    out.from_catalog(type.name);
  }
}

void write_value(sql::Writer& out, const Call& call, const CallArgument& argument) {
  if (call.payload) {
    out.text("a.").name(argument.name);
    return;
  }
  const bool raw = argument.name.empty() && argument.type.kind == catalog::Kind::bytea;
  if (raw) {
    out.value(sql::Blob{argument.value.text});
  } else {
    out.value(argument.value.text);
  }
  out.text("::");
  write_argument_type(out, argument.type);
}

/// `"schema"."f"(VARIADIC "a" := …)`
void write_invocation(sql::Writer& out, const Call& call) {
  out.name(call.function->schema).text(".").name(call.function->name).text("(");
  bool first = true;
  for (const CallArgument& argument : call.arguments) {
    if (!first) out.text(", ");
    first = false;
    if (argument.variadic) out.text("VARIADIC ");
    if (!argument.name.empty()) out.name(argument.name).text(" := ");
    write_value(out, call, argument);
  }
  out.text(")");
}

/// A record without known columns can only be called where a value stands.
bool anonymous_record(const catalog::Function& function) {
  return !function.returns_rows() && !function.returns_void && function.returns.kind == catalog::Kind::composite;
}

void write_called(sql::Writer& out, const Call& call, int alias) {
  if (call.payload && !call.arguments.empty()) {
    out.text("json_to_record(").value(*call.payload).text("::json) AS a(");
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
      if (i > 0) out.text(", ");
      out.name(call.arguments[i].name).text(" ");
      write_argument_type(out, call.arguments[i].type);
    }
    out.text(") CROSS JOIN LATERAL ");
  }
  if (anonymous_record(*call.function)) {
    out.text("(SELECT ");
    write_invocation(out, call);
    out.text(" AS ").name(query::scalar_column).text(") AS t").number(alias);
    return;
  }
  write_invocation(out, call);
  out.text(" AS t").number(alias);
  if (!call.function->returns_rows()) out.text("(").name(query::scalar_column).text(")");
}

}  // namespace

void write_called_cte(sql::Writer& out, Context& context, const Call& call) {
  const int alias = context.next_alias++;
  out.text("called AS MATERIALIZED (SELECT t").number(alias).text(".* FROM ");
  write_called(out, call, alias);
  out.text(")");
}

Result<Plan> compile_call(const Call& call, const catalog::Snapshot& snapshot, const sql::Dialect& dialect) {
  if (dialect.engine() == sql::Engine::sqlite) return not_available("calling a function");
  const query::Read& read = call.result;
  Plan plan;
  plan.returns_rows = true;
  plan.writes = !call.read_only;
  sql::Statement& statement = plan.statements.emplace_back();
  statement.writes = plan.writes;
  Context context{dialect, snapshot, statement.params, &plan.slots};
  Scope root = make_scope(context, read.schema, read.relation);
  root.called = true;
  sql::Writer source = context.writer();
  sql::Writer out = context.writer();
  const bool counted = read.count != query::Count::none;
  if (counted) {
    out.text("WITH ");
    write_called_cte(out, context, call);
    out.text(" ");
    source.text("called AS t").number(root.alias);
    root.derived = true;
  } else {
    write_called(source, call, root.alias);
  }
  SelectOptions options;
  options.source = &source;
  BALLAST_TRY(Select select, build_select(context, read, root, options));
  select.object.bare = !call.function->returns_rows() && !call.function->returns_void;
  BALLAST_CHECKED(write_read(out, context, read, select, plan.shape));
  statement.text = out.take();
  plan.shape.root = read.fold ? folded_object(*read.fold) : std::move(select.object);
  return plan;
}

}  // namespace ballast::compile
