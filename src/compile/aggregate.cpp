#include "compile/aggregate.hpp"

#include "compile/column.hpp"

namespace ballast::compile {
namespace {

using catalog::Kind;
using catalog::Type;
using query::Aggregate;

// PostgreSQL manual, table 9.59.
Type result_type(Aggregate function, const Type& argument) {
  switch (function) {
    case Aggregate::count:
      return {Kind::integer, "bigint"};
    case Aggregate::sum:
      if (argument.kind == Kind::integer) return {Kind::integer, "bigint"};
      return argument;
    case Aggregate::avg:
      if (argument.kind == Kind::integer || argument.kind == Kind::numeric) return {Kind::numeric, "numeric"};
      return argument;
    case Aggregate::min:
    case Aggregate::max:
      return argument;
  }
  return argument;
}

}  // namespace

Result<Type> write_aggregate(sql::Writer& out, const Scope& scope, const query::AggregateOutput& output) {
  sql::Writer call = out.piece();
  switch (output.function) {
    case Aggregate::count:
      call.text("count(");
      break;
    case Aggregate::sum:
      call.text("sum(");
      break;
    case Aggregate::avg:
      call.text("avg(");
      break;
    case Aggregate::min:
      call.text("min(");
      break;
    case Aggregate::max:
      call.text("max(");
      break;
  }
  if (output.column) {
    BALLAST_CHECKED(write_column(call, scope, *output.column));
  } else {
    check(output.function == Aggregate::count, "an aggregate without a column that does not count");
    call.text("*");
  }
  call.text(")");
  const Type type = result_type(output.function, output.column ? output.column->result_type() : Type{});
  if (!output.cast) {
    out.append(call);
    return type;
  }
  BALLAST_CHECKED(write_cast(out, call, type, *output.cast));
  return *output.cast;
}

}  // namespace ballast::compile
