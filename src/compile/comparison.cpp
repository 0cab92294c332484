#include "compile/comparison.hpp"

#include "compile/array_operators.hpp"
#include "compile/coerce.hpp"
#include "compile/column.hpp"
#include "compile/type_name.hpp"
#include "json/writer.hpp"

namespace ballast::compile {
namespace {

using catalog::Kind;
using catalog::Type;
using query::Op;
using query::Quantifier;

/// Patterns are text whatever the column is.
bool takes_pattern(Op op) { return op == Op::like || op == Op::ilike || op == Op::match || op == Op::imatch; }

Result<sql::Param> operand(Context& context, const query::Value& value, const Type& type) {
  return coerce(value.text, type, context.dialect.engine(), Purpose::compare);
}

/// Binds the node's only value and notes its place.
Result<void> write_operand(sql::Writer& out, Context& context, const query::Compare& node, const Type& type) {
  const query::Value& value = node.values.front();
  BALLAST_TRY(sql::Param param, bind_value(node.op, type, value.text, context.dialect));
  if (context.slots != nullptr && value.slot >= 0) {
    context.slots->push_back({context.params.size(), value.slot, node.op, type});
  }
  out.value(std::move(param));
  return {};
}

void write_operator(sql::Writer& out, Op op) {
  switch (op) {
    case Op::eq:
      out.text(" = ");
      return;
    case Op::neq:
      out.text(" <> ");
      return;
    case Op::lt:
      out.text(" < ");
      return;
    case Op::lte:
      out.text(" <= ");
      return;
    case Op::gt:
      out.text(" > ");
      return;
    case Op::gte:
      out.text(" >= ");
      return;
    case Op::like:
      out.text(" LIKE ");
      return;
    case Op::ilike:
      out.text(" ILIKE ");
      return;
    case Op::match:
      out.text(" ~ ");
      return;
    case Op::imatch:
      out.text(" ~* ");
      return;
    case Op::is_distinct:
      if (out.sqlite()) {
        out.text(" IS NOT ");
      } else {
        out.text(" IS DISTINCT FROM ");
      }
      return;
    case Op::contains:
      out.text(" @> ");
      return;
    case Op::contained:
      out.text(" <@ ");
      return;
    case Op::overlaps:
      out.text(" && ");
      return;
    case Op::strictly_left:
      out.text(" << ");
      return;
    case Op::strictly_right:
      out.text(" >> ");
      return;
    case Op::not_right:
      out.text(" &< ");
      return;
    case Op::not_left:
      out.text(" &> ");
      return;
    case Op::adjacent:
      out.text(" -|- ");
      return;
  }
}

/// `column op right` on SQLite, where patterns are functions of ours.
void write_sqlite_comparison(sql::Writer& out, const sql::Writer& column, Op op, const sql::Writer& right) {
  if (!takes_pattern(op)) {
    out.append(column);
    write_operator(out, op);
    out.append(right);
    return;
  }
  switch (op) {
    case Op::like:
      out.text("ballast_like(");
      break;
    case Op::ilike:
      out.text("ballast_ilike(");
      break;
    case Op::match:
      out.text("ballast_match(");
      break;
    default:
      out.text("ballast_imatch(");
      break;
  }
  out.append(column).text(", ").append(right).text(")");
}

bool is_moment(const Type& type) { return type.kind == Kind::timestamp || type.kind == Kind::timestamptz; }

/// SQLite's writers spell moments in many ways (a blank or a T, fractions, zones), so what is compared is the one form
/// that `ballast_moment` makes of them all.
void write_moment(sql::Writer& out, const sql::Writer& column, const Type& type) {
  out.text("ballast_moment(").append(column);
  out.text(type.kind == Kind::timestamptz ? sql::Literal(", 1)") : sql::Literal(", 0)"));
}

/// The days around the moment are compared as they stand, so that an index on the column is used: whatever zone a
/// text names, its date is within a day of the moment's. Words such as `infinity` have no day; all is compared then.
void write_moment_comparison(sql::Writer& out, const sql::Writer& column, const Type& type, Op op,
                             const sql::Writer& right) {
  const bool from_below = op == Op::eq || op == Op::gt || op == Op::gte;
  const bool from_above = op == Op::eq || op == Op::lt || op == Op::lte;
  out.text("(");
  if (from_below) out.append(column).text(" >= coalesce(date(").append(right).text(", '-1 day'), '') AND ");
  if (from_above) out.append(column).text(" < coalesce(date(").append(right).text(", '+2 days'), '~') AND ");
  write_moment(out, column, type);
  write_operator(out, op);
  out.append(right).text(")");
}

void append_json(std::string& out, const sql::Param& param) {
  struct Visitor {
    std::string& out;
    void operator()(sql::Null) const { out += "null"; }
    void operator()(bool value) const { out += value ? '1' : '0'; }
    void operator()(std::int64_t value) const { json::append_integer(out, value); }
    void operator()(double value) const { json::append_double(out, value); }
    void operator()(const std::string& value) const { json::append_string(out, value); }
    void operator()(const sql::Blob& value) const { json::append_string(out, value.bytes); }
  };
  std::visit(Visitor{out}, param);
}

Result<std::string> json_list(Context& context, const std::vector<query::Value>& values, const Type& type) {
  std::string list = "[";
  for (const query::Value& value : values) {
    BALLAST_TRY(const sql::Param param, operand(context, value, type));
    if (list.size() > 1) list += ',';
    append_json(list, param);
  }
  list += ']';
  return list;
}

/// `(?1, ?2)`
Result<void> write_parameter_list(sql::Writer& out, Context& context, const std::vector<query::Value>& values,
                                  const Type& type) {
  out.text("(");
  for (std::size_t i = 0; i < values.size(); ++i) {
    BALLAST_TRY(sql::Param param, operand(context, values[i], type));
    if (i > 0) out.text(", ");
    out.value(std::move(param));
  }
  out.text(")");
  return {};
}

Result<void> write_sqlite_list(sql::Writer& out, Context& context, const std::vector<query::Value>& values,
                               const Type& type) {
  // Blobs have no JSON form.
  if (type.kind == Kind::bytea) return write_parameter_list(out, context, values, type);
  BALLAST_TRY(std::string list, json_list(context, values, type));
  out.text("(SELECT value FROM json_each(").value(std::move(list)).text("))");
  return {};
}

Result<void> write_sqlite_quantified(sql::Writer& out, Context& context, const sql::Writer& column, const Type& type,
                                     const query::Compare& node) {
  if (node.op == Op::eq && node.quantifier == Quantifier::any) {
    out.append(column).text(" IN ");
    return write_sqlite_list(out, context, node.values, type);
  }
  BALLAST_TRY(std::string list, json_list(context, node.values, takes_pattern(node.op) ? Type{} : type));
  sql::Writer each = out.piece();
  each.text("value");
  out.text("CASE WHEN ").append(column).text(" IS NOT NULL THEN ");
  const bool all = node.quantifier == Quantifier::all;
  if (all) {
    out.text("NOT EXISTS (SELECT 1 FROM json_each(").value(std::move(list)).text(") WHERE NOT (");
  } else {
    out.text("EXISTS (SELECT 1 FROM json_each(").value(std::move(list)).text(") WHERE (");
  }
  write_sqlite_comparison(out, column, node.op, each);
  out.text(")) END");
  return {};
}

Result<void> write_sqlite_compare(sql::Writer& out, Context& context, const sql::Writer& column, const Type& type,
                                  const query::Compare& node) {
  if (node.quantifier != Quantifier::one) {
    if (!is_moment(type)) return write_sqlite_quantified(out, context, column, type, node);
    sql::Writer moment = out.piece();
    write_moment(moment, column, type);
    return write_sqlite_quantified(out, context, moment, type, node);
  }
  sql::Writer right = out.piece();
  BALLAST_CHECKED(write_operand(right, context, node, type));
  if (is_moment(type) && !takes_pattern(node.op)) {
    write_moment_comparison(out, column, type, node.op, right);
  } else {
    write_sqlite_comparison(out, column, node.op, right);
  }
  return {};
}

/// What makes the column's values out of text; null when PostgreSQL itself does.
const catalog::QualifiedName* own_reading(const query::ColumnPath& column) {
  const auto& own = column.type.representation;
  if (own == nullptr || own->from_text.empty() || !column.path.empty() || column.cast) return nullptr;
  return &own->from_text;
}

/// PostgreSQL compares composites as records and then does not know what a parameter beside one is.
void write_composite_type(sql::Writer& out, const query::ColumnPath& column, sql::Literal suffix) {
  if (column.result_type().kind != Kind::composite || column.cast) return;
  out.text("::");
  write_definition_type(out, column.type);
  out.text(suffix);
}

/// The list as one array parameter, read by the column's own function if it has one.
Result<void> write_postgres_list(sql::Writer& out, const query::ColumnPath& column,
                                 const std::vector<query::Value>& values, const catalog::QualifiedName* function) {
  BALLAST_TRY(sql::Param list, coerce(array_literal(values), column.type, sql::Engine::postgres, Purpose::compare));
  if (function == nullptr) {
    out.value(std::move(list));
    write_composite_type(out, column, "[]");
    return {};
  }
  out.text("ARRAY(SELECT ");
  write_qualified(out, *function);
  out.text("(e) FROM unnest(").value(std::move(list)).text("::text[]) AS e)");
  return {};
}

Result<void> write_postgres_compare(sql::Writer& out, Context& context, const sql::Writer& column,
                                    const query::Compare& node) {
  out.append(column);
  write_operator(out, node.op);
  const auto* function = takes_pattern(node.op) ? nullptr : own_reading(node.column);
  if (node.quantifier == Quantifier::one) {
    if (function == nullptr) {
      BALLAST_CHECKED(write_operand(out, context, node, node.column.result_type()));
      if (!takes_pattern(node.op)) write_composite_type(out, node.column, "");
      return {};
    }
    write_qualified(out, *function);
    out.text("(");
    BALLAST_CHECKED(write_operand(out, context, node, node.column.result_type()));
    out.text("::text)");
    return {};
  }
  if (node.quantifier == Quantifier::any) {
    out.text("ANY(");
  } else {
    out.text("ALL(");
  }
  BALLAST_CHECKED(write_postgres_list(out, node.column, node.values, function));
  out.text(")");
  return {};
}

}  // namespace

std::string array_literal(const std::vector<query::Value>& values) {
  std::string out = "{";
  for (const query::Value& value : values) {
    if (out.size() > 1) out += ',';
    out += '"';
    for (const char c : value.text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  out += '}';
  return out;
}

Result<sql::Param> bind_value(Op op, const Type& type, std::string text, const sql::Dialect& dialect) {
  static const Type pattern;
  return coerce(std::move(text), takes_pattern(op) ? pattern : type, dialect.engine(), Purpose::compare);
}

Result<void> write_compare(sql::Writer& out, Context& context, const Scope& scope, const query::Compare& node) {
  check(!node.values.empty() || node.quantifier != Quantifier::one, "a comparison without a value");
  sql::Writer column = out.piece();
  BALLAST_CHECKED(write_column(column, scope, node.column));
  if (!context.sqlite()) return write_postgres_compare(out, context, column, node);
  if (node.op >= Op::contains) return write_array_operator(out, node, column);
  return write_sqlite_compare(out, context, column, node.column.result_type(), node);
}

Result<void> write_in(sql::Writer& out, Context& context, const Scope& scope, const query::In& node) {
  const Type type = node.column.result_type();
  if (context.sqlite()) {
    sql::Writer column = out.piece();
    BALLAST_CHECKED(write_column(column, scope, node.column));
    if (is_moment(type)) {
      write_moment(out, column, type);
    } else {
      out.append(column);
    }
    out.text(" IN ");
    return write_sqlite_list(out, context, node.values, type);
  }
  // PostgreSQL has no arrays of arrays: a list of them is a list of parameters.
  const bool list_of_parameters = type.kind == Kind::array;
  if (list_of_parameters && node.values.empty()) {
    out.text("FALSE");
    return {};
  }
  BALLAST_CHECKED(write_column(out, scope, node.column));
  if (list_of_parameters) {
    out.text(" IN ");
    return write_parameter_list(out, context, node.values, type);
  }
  out.text(" = ANY(");
  BALLAST_CHECKED(write_postgres_list(out, node.column, node.values, own_reading(node.column)));
  out.text(")");
  return {};
}

}  // namespace ballast::compile
