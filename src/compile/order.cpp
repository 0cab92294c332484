#include "compile/order.hpp"

#include <algorithm>

#include "compile/column.hpp"

namespace ballast::compile {
namespace {

using query::Direction;
using query::Nulls;

const Scope* scope_of(const query::OrderTerm& term, const Select& select) {
  if (term.embed.empty()) return &select.root;
  for (const JoinedEmbed& embed : select.joined) {
    if (embed.alias == term.embed) return &embed.scope;
  }
  return nullptr;
}

bool never_null(const query::OrderTerm& term, const Select& select) {
  const Scope* scope = scope_of(term, select);
  if (scope == nullptr || scope->optional || scope->known == nullptr || !term.column.path.empty()) return false;
  const catalog::Column* column = scope->known->column(term.column.column);
  if (column == nullptr) return false;
  const auto& key = scope->known->primary_key;
  const bool rowid = scope->known->has_rowid && key.size() == 1 && key.front() == column->name &&
                     column->type.kind == catalog::Kind::integer;
  return !column->nullable || rowid;
}

}  // namespace

Result<void> write_order_expression(sql::Writer& out, const query::OrderTerm& term, const Select& select) {
  const Scope* scope = scope_of(term, select);
  if (scope == nullptr) {
    return not_available("ordering by the embed \"" + term.embed + "\" here",
                         "order by a to-one embed without aggregates");
  }
  return write_column(out, *scope, term.column);
}

void write_order_direction(sql::Writer& out, const query::OrderTerm& term, const Select& select) {
  const bool descending = term.direction == Direction::descending;
  if (descending) out.text(" DESC");
  const Nulls wanted = term.nulls != Nulls::unset ? term.nulls : descending ? Nulls::first : Nulls::last;
  // SQLite takes NULL for the smallest value, PostgreSQL for the largest.
  const Nulls engine = out.sqlite() == descending ? Nulls::last : Nulls::first;
  if (wanted == engine || (out.sqlite() && never_null(term, select))) return;
  if (wanted == Nulls::first) {
    out.text(" NULLS FIRST");
  } else {
    out.text(" NULLS LAST");
  }
}

Result<void> write_order(sql::Writer& out, Context&, const query::Read& read, const Select& select) {
  for (std::size_t i = 0; i < read.order.size(); ++i) {
    if (i == 0) {
      out.text(" ORDER BY ");
    } else {
      out.text(", ");
    }
    BALLAST_CHECKED(write_order_expression(out, read.order[i], select));
    write_order_direction(out, read.order[i], select);
  }
  return {};
}

}  // namespace ballast::compile
