#include "query/print.hpp"

namespace ballast::query {
namespace {

std::string_view word(Op op) {
  switch (op) {
    case Op::eq:
      return "eq";
    case Op::neq:
      return "neq";
    case Op::lt:
      return "lt";
    case Op::lte:
      return "lte";
    case Op::gt:
      return "gt";
    case Op::gte:
      return "gte";
    case Op::like:
      return "like";
    case Op::ilike:
      return "ilike";
    case Op::match:
      return "match";
    case Op::imatch:
      return "imatch";
    case Op::is_distinct:
      return "is_distinct";
    case Op::contains:
      return "contains";
    case Op::contained:
      return "contained";
    case Op::overlaps:
      return "overlaps";
    case Op::strictly_left:
      return "strictly_left";
    case Op::strictly_right:
      return "strictly_right";
    case Op::not_right:
      return "not_right";
    case Op::not_left:
      return "not_left";
    case Op::adjacent:
      return "adjacent";
  }
  return "?";
}

std::string_view word(Is what) {
  switch (what) {
    case Is::null:
      return "null";
    case Is::not_null:
      return "not null";
    case Is::true_:
      return "true";
    case Is::false_:
      return "false";
    case Is::unknown:
      return "unknown";
  }
  return "?";
}

std::string_view word(FullTextMode mode) {
  switch (mode) {
    case FullTextMode::fts:
      return "fts";
    case FullTextMode::plain:
      return "plain";
    case FullTextMode::phrase:
      return "phrase";
    case FullTextMode::web:
      return "web";
  }
  return "?";
}

std::string_view word(Aggregate function) {
  switch (function) {
    case Aggregate::count:
      return "count";
    case Aggregate::sum:
      return "sum";
    case Aggregate::avg:
      return "avg";
    case Aggregate::min:
      return "min";
    case Aggregate::max:
      return "max";
  }
  return "?";
}

std::string_view word(Count count) {
  switch (count) {
    case Count::none:
      return "none";
    case Count::exact:
      return "exact";
    case Count::planned:
      return "planned";
    case Count::estimated:
      return "estimated";
  }
  return "?";
}

class Printer {
 public:
  std::string take() { return std::move(out_); }

  void operator()(const Read& read) {
    line() += "read " + read.schema + "." + read.relation;
    body(read);
  }

  void operator()(const Insert& insert) {
    line() += "insert " + insert.schema + "." + insert.relation;
    ++depth_;
    list("columns", insert.columns);
    line() += "payload " + insert.payload;
    if (insert.missing_is_default) line() += "missing is default";
    if (insert.on_conflict != OnConflict::fail) {
      line() += insert.on_conflict == OnConflict::merge ? "on conflict merge" : "on conflict ignore";
      list("conflict columns", insert.conflict_columns);
    }
    if (!insert.location_columns.empty()) list("location", insert.location_columns);
    returning(insert.returning);
    --depth_;
  }

  void operator()(const Update& update) {
    line() += "update " + update.schema + "." + update.relation;
    ++depth_;
    list("columns", update.columns);
    line() += "payload " + update.payload;
    if (update.missing_is_default) line() += "missing is default";
    if (!update.row_key.empty()) list("row key", update.row_key);
    where(update.where);
    returning(update.returning);
    --depth_;
  }

  void operator()(const Delete& remove) {
    line() += "delete " + remove.schema + "." + remove.relation;
    ++depth_;
    where(remove.where);
    returning(remove.returning);
    --depth_;
  }

  void operator()(const Tree& tree) {
    line() += "tree";
    ++depth_;
    if (tree.call) (*this)(*tree.call);
    for (const Read& read : tree.reads) (*this)(read);
    --depth_;
  }
  void operator()(const Call& call) {
    line() += (call.read_only ? "call read only " : "call ") + call.function->schema + "." + call.function->name;
    ++depth_;
    for (const CallArgument& argument : call.arguments) {
      line() += "argument " + (argument.name.empty() ? "*" : argument.name) + ": " + argument.type.name;
      if (argument.variadic) out_ += " variadic";
      if (!call.payload) value(argument.value);
    }
    if (call.payload) line() += "payload " + *call.payload;
    --depth_;
    body(call.result);
  }

  void operator()(const And& node) {
    line() += "and";
    ++depth_;
    for (const Predicate& operand : node.all) std::visit(*this, operand.node);
    --depth_;
  }

  void operator()(const Or& node) {
    line() += "or";
    ++depth_;
    for (const Predicate& operand : node.any) std::visit(*this, operand.node);
    --depth_;
  }

  void operator()(const Not& node) {
    line() += "not";
    ++depth_;
    std::visit(*this, node.inner->node);
    --depth_;
  }

  void operator()(const Compare& node) {
    std::string& out = line();
    column(node.column);
    out += " ";
    out += word(node.op);
    if (node.quantifier != Quantifier::one) out += node.quantifier == Quantifier::any ? "(any)" : "(all)";
    for (const Value& v : node.values) value(v);
  }

  void operator()(const In& node) {
    std::string& out = line();
    column(node.column);
    out += " in";
    for (const Value& v : node.values) value(v);
  }

  void operator()(const IsTest& node) {
    std::string& out = line();
    column(node.column);
    out += " is ";
    out += word(node.what);
  }

  void operator()(const FullText& node) {
    std::string& out = line();
    column(node.column);
    out += " ";
    out += word(node.mode);
    if (!node.language.empty()) out += "(" + node.language + ")";
    value(node.query);
  }

  void operator()(const EmbedExists& node) { line() += "exists " + node.alias; }

  void operator()(const ColumnOutput& output) {
    std::string& out = line();
    out += output.alias + ": ";
    column(output.column);
  }

  void operator()(const AggregateOutput& output) {
    std::string& out = line();
    out += output.alias + ": ";
    out += word(output.function);
    out += "(";
    if (output.column) column(*output.column);
    out += ")";
    if (output.cast) out += "::" + output.cast->name;
  }

  void operator()(const EmbedOutput& output) {
    std::string& out = line();
    out += output.alias + ": ";
    if (output.hidden) out += "hidden ";
    if (output.spread) out += "spread ";
    if (output.join == Join::inner) out += "inner ";
    out += catalog::to_string(output.relationship.cardinality);
    out += " " + output.relationship.target_schema + "." + output.relationship.target;
    if (output.relationship.junction) {
      out += " through " + output.relationship.junction->relation;
    } else {
      out += " by " + (output.relationship.computed() ? output.relationship.function : output.relationship.constraint);
    }
    body(*output.child);
  }

 private:
  std::string& line() {
    if (!out_.empty()) out_ += '\n';
    out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
    return out_;
  }

  void list(std::string_view title, const std::vector<std::string>& names) {
    std::string& out = line();
    out += title;
    for (const std::string& name : names) out += " " + name;
  }

  void value(const Value& v) {
    out_ += " \"" + v.text + "\"";
    if (v.slot >= 0) out_ += "@" + std::to_string(v.slot);
  }

  void column(const ColumnPath& path) {
    if (!path.function_schema.empty()) out_ += path.function_schema + ".";
    out_ += path.column;
    if (!path.function_schema.empty()) out_ += "()";
    for (const JsonStep& step : path.path) {
      out_ += step.as_text ? "->>" : "->";
      if (const auto* index = std::get_if<std::int64_t>(&step.key)) {
        out_ += std::to_string(*index);
      } else {
        out_ += std::get<std::string>(step.key);
      }
    }
    if (path.cast) out_ += "::" + path.cast->name;
  }

  void where(const Predicate& predicate) {
    const auto* all = std::get_if<And>(&predicate.node);
    if (all != nullptr && all->all.empty()) return;
    line() += "where";
    ++depth_;
    std::visit(*this, predicate.node);
    --depth_;
  }

  void returning(const Returning& read) {
    if (!read) return;
    line() += "returning";
    body(*read);
  }

  void body(const Read& read) {
    ++depth_;
    for (const Output& output : read.outputs) std::visit(*this, output);
    where(read.where);
    for (const OrderTerm& term : read.order) {
      std::string& out = line();
      out += "order ";
      if (!term.embed.empty()) out += term.embed + ".";
      column(term.column);
      if (term.direction == Direction::descending) out += " desc";
      if (term.nulls != Nulls::unset) out += term.nulls == Nulls::first ? " nulls first" : " nulls last";
    }
    if (read.limit) line() += "limit " + std::to_string(*read.limit);
    if (read.offset > 0) line() += "offset " + std::to_string(read.offset);
    if (read.count != Count::none) {
      line() += "count ";
      out_ += word(read.count);
    }
    if (read.lock) {
      line() += read.lock->strength == Lock::Strength::update ? "lock update" : "lock share";
      if (read.lock->wait == Lock::Wait::nowait) out_ += " nowait";
      if (read.lock->wait == Lock::Wait::skip) out_ += " skip";
    }
    if (read.fold) {
      line() += "fold " + read.fold->schema + "." + read.fold->function + (read.fold->whole ? " of whole rows" : "");
    }
    --depth_;
  }

  std::string out_;
  int depth_ = 0;
};

}  // namespace

std::string print(const Operation& operation) {
  Printer printer;
  std::visit(printer, operation);
  return printer.take() + "\n";
}

}  // namespace ballast::query
