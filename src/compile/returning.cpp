#include "compile/returning.hpp"

#include <charconv>

#include "compile/conflict.hpp"
#include "compile/embed.hpp"
#include "compile/order.hpp"
#include "compile/read.hpp"
#include "compile/tree.hpp"
#include "compile/where.hpp"
#include "text/chars.hpp"

namespace ballast::compile {
namespace {

Result<Select> select_written(Context& context, const Scope& scope, const query::Returning& returning, bool joins) {
  const query::Read nothing;
  SelectOptions options;
  options.joins = joins;
  options.written = true;
  return build_select(context, returning ? *returning : nothing, scope, options);
}

}  // namespace

bool returns_rows(const query::Returning& returning, const std::vector<std::string>& location_columns) {
  return returning.has_value() || !location_columns.empty();
}

Scope written_scope(Context& context, std::string_view schema, std::string_view relation) {
  if (!context.sqlite()) return make_scope(context, schema, relation);
  Scope scope;
  scope.schema = schema;
  scope.relation = relation;
  scope.known = context.snapshot.relation(schema, relation);
  if (relation.size() > 1 && text::lower(relation.front()) == 't') {
    int number = 0;
    const auto result = std::from_chars(relation.data() + 1, relation.data() + relation.size(), number);
    const bool is_alias = result.ec == std::errc() && result.ptr == relation.data() + relation.size();
    if (is_alias && number >= 0 && number < 1'000'000) context.next_alias = number + 1;
  }
  return scope;
}

Result<void> write_written_conditions(sql::Writer& out, Context& context, const Scope& scope,
                                      const query::Predicate& where, const query::Returning& returning) {
  if (always_true(where)) return {};
  const WriteEmbedExists embed_exists = [&](sql::Writer& to, const std::string& alias) -> Result<void> {
    const query::EmbedOutput* embed = returning ? find_embed(*returning, alias) : nullptr;
    check(embed != nullptr, "a condition on an embed that its operation does not have");
    return write_exists(to, context, scope, *embed, 0);
  };
  return write_predicate(out, context, scope, where, embed_exists);
}

namespace {

/// RETURNING has no ORDER BY: its keys become cells, and the encoder sorts.
Result<void> write_sort_keys(sql::Writer& out, const query::Returning& returning, const Select& select, int cells,
                             Plan& plan) {
  plan.shape.order.clear();
  if (!returning) return {};
  for (const auto& term : returning->order) {
    if (!term.embed.empty()) return not_available("ordering written rows by an embedded relation");
    if (cells > 0) out.text(", ");
    BALLAST_CHECKED(write_order_expression(out, term, select));
    const bool descending = term.direction == query::Direction::descending;
    const bool nulls_first = term.nulls == query::Nulls::unset ? descending : term.nulls == query::Nulls::first;
    plan.shape.order.push_back({cells++, descending, nulls_first});
  }
  return {};
}

}  // namespace

Result<void> write_returning(sql::Writer& out, Context& context, const Scope& scope, const query::Returning& returning,
                             const std::vector<std::string>& location_columns, Plan& plan) {
  plan.returns_rows = returns_rows(returning, location_columns);
  if (!plan.returns_rows) return {};
  BALLAST_TRY(Select select, select_written(context, scope, returning, false));
  plan.shape.version = select.version;
  sql::Writer location = context.writer();
  add_location_cells(location, plan.shape, scope, location_columns, select.cell_count());
  if (returning && returning->as_tree) {
    plan.shape.levels = {{-1, {std::move(select.object)}}};
    plan.shape.fillings = {{"[", encode::List{}, "]"}};
  } else {
    plan.shape.root = std::move(select.object);
  }
  out.text(" RETURNING ");
  for (int i = 0; i < select.cell_count(); ++i) {
    if (i > 0) out.text(", ");
    select.write_cell(out, i);
  }
  if (!location.empty()) {
    if (select.cell_count() > 0) out.text(", ");
    out.append(location);
  }
  const int cells = select.cell_count() + static_cast<int>(location_columns.size());
  BALLAST_CHECKED(write_sort_keys(out, returning, select, cells, plan));
  if (cells == 0 && plan.shape.order.empty()) out.text("1");
  return {};
}

namespace {

/// A RETURNING clause can say all there is to say: nothing to join, nothing to put in order.
bool fits_returning(const query::Returning& returning) {
  if (!returning) return true;
  if (!returning->order.empty()) return false;
  for (const query::Output& output : returning->outputs) {
    if (!std::holds_alternative<query::ColumnOutput>(output)) return false;
  }
  return true;
}

}  // namespace

Result<std::string> wrap_written(Context& context, const sql::Writer& write, const Scope& scope,
                                 const query::Returning& returning, const std::vector<std::string>& location_columns,
                                 bool merging, Plan& plan) {
  sql::Writer out = context.writer();
  if (!merging && fits_returning(returning)) {
    out.append(write);
    BALLAST_CHECKED(write_returning(out, context, scope, returning, location_columns, plan));
    return out.take();
  }
  plan.returns_rows = true;
  Written written;
  Scope rows = make_scope(context, scope.schema, scope.relation);
  rows.written = &written;
  if (returning && returning->as_tree) {
    Tree tree(context);
    tree.add_root(*returning, rows, Tree::From::written);
    BALLAST_CHECKED(tree.build());
    sql::Writer cte = context.writer();
    cte.text("written AS (").append(write).text(" RETURNING ");
    write_written_columns(cte, scope, written);
    cte.text(")");
    BALLAST_CHECKED(tree.write(out, cte));
    plan.shape = tree.take_shape();
    return out.take();
  }
  BALLAST_TRY(Select select, select_written(context, rows, returning, true));
  plan.shape.version = select.version;
  sql::Writer extra = context.writer();
  add_location_cells(extra, plan.shape, rows, location_columns, select.cell_count());
  if (merging) {
    if (!extra.empty()) extra.text(", ");
    write_updated(extra);
    plan.shape.updated = select.cell_count() + static_cast<int>(location_columns.size());
  }
  sql::Writer rest = context.writer();
  write_select(rest, select, CellNames::none, &extra);
  if (returning) BALLAST_CHECKED(write_order(rest, context, *returning, select));
  out.text("WITH written AS (").append(write).text(" RETURNING ");
  write_written_columns(out, scope, written);
  out.text(") ").append(rest);
  plan.shape.root = std::move(select.object);
  return out.take();
}

}  // namespace ballast::compile
