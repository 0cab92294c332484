#include "compile/read.hpp"

#include <algorithm>

#include "compile/embed.hpp"
#include "compile/fold.hpp"
#include "compile/lock.hpp"
#include "compile/order.hpp"
#include "compile/page.hpp"
#include "compile/select.hpp"
#include "compile/tree.hpp"

namespace ballast::compile {
namespace {

/// The relation's estimate stands in for counting when the caller asked for no more and nothing narrows the rows.
bool estimate_serves(const query::Read& read, const Select& select) {
  if (read.count != query::Count::planned || !select.where.empty() || select.aggregated) return false;
  for (const query::Output& output : read.outputs) {
    const auto* embed = std::get_if<query::EmbedOutput>(&output);
    if (embed != nullptr && embed->join == query::Join::inner) return false;
  }
  return select.root.known != nullptr && select.root.known->estimated_rows > 0;
}

/// One row with the total stands on the left of a join, so that it is there for an empty page too:
///
///     SELECT p.c0, n.total, p.present FROM (SELECT count(*) AS total …) AS n LEFT JOIN (page) AS p ON TRUE
///
/// The page's order is repeated outside, since a join promises none.
Result<void> write_counted(sql::Writer& out, Context& context, const query::Read& read, const Select& select,
                           encode::Shape& shape) {
  sql::Writer extra = context.writer();
  extra.text("1 AS present");
  const bool ordered = !read.order.empty() && !select.aggregated;
  for (std::size_t i = 0; ordered && i < read.order.size(); ++i) {
    extra.text(", ");
    BALLAST_CHECKED(write_order_expression(extra, read.order[i], select));
    extra.text(" AS o").number(static_cast<std::int64_t>(i));
  }
  out.text("SELECT ");
  for (int i = 0; i < select.cell_count(); ++i) out.text("p.c").number(i).text(", ");
  out.text("n.total, p.present FROM (");
  write_total(out, read, select);
  out.text(") AS n LEFT JOIN (");
  write_select(out, select, CellNames::numbered, &extra);
  BALLAST_CHECKED(write_order(out, context, read, select));
  write_page(out, read);
  write_lock(out, read, select);
  out.text(") AS p ON TRUE");
  for (std::size_t i = 0; ordered && i < read.order.size(); ++i) {
    if (i == 0) {
      out.text(" ORDER BY p.o");
    } else {
      out.text(", p.o");
    }
    out.number(static_cast<std::int64_t>(i));
    write_order_direction(out, read.order[i], select);
  }
  shape.total = select.cell_count();
  shape.row_present = select.cell_count() + 1;
  return {};
}

}  // namespace

void write_total(sql::Writer& out, const query::Read& read, const Select& select) {
  if (out.sqlite() && estimate_serves(read, select)) {
    out.text("SELECT CAST(").value(static_cast<std::int64_t>(select.root.known->estimated_rows));
    out.text(" AS INTEGER) AS total");
  } else if (select.aggregated) {
    out.text("SELECT count(*) AS total FROM (");
    write_select(out, select, CellNames::numbered);
    out.text(") AS g");
  } else {
    const bool limited = read.count == query::Count::estimated && read.count_limit;
    if (limited) {
      out.text("SELECT count(*) AS total FROM (SELECT 1");
      write_from(out, select);
      out.text(" LIMIT ").value(static_cast<std::int64_t>(*read.count_limit)).text(") AS g");
    } else {
      out.text("SELECT count(*) AS total");
      write_from(out, select);
    }
  }
}

Result<void> write_read(sql::Writer& out, Context& context, const query::Read& read, const Select& select,
                        encode::Shape& shape) {
  if (read.fold) return write_fold(out, context, read, select, shape);
  const bool planned = read.count == query::Count::planned && !context.sqlite();
  if (read.count != query::Count::none && !planned) return write_counted(out, context, read, select, shape);
  write_select(out, select, CellNames::none);
  BALLAST_CHECKED(write_order(out, context, read, select));
  write_page(out, read);
  write_lock(out, read, select);
  return {};
}

namespace {

bool has_list(const query::Read& read) {
  return std::any_of(read.outputs.begin(), read.outputs.end(), [](const query::Output& output) {
    const auto* embed = std::get_if<query::EmbedOutput>(&output);
    return embed != nullptr && (!embed->relationship.to_one() || has_list(*embed->child));
  });
}

/// Leaves only what decides which rows there are. A value that is bound but stands nowhere has no type.
void hide_outputs(query::Read& read) {
  std::erase_if(read.outputs, [](const auto& output) { return !std::holds_alternative<query::EmbedOutput>(output); });
  for (auto& output : read.outputs) std::get<query::EmbedOutput>(output).hidden = true;
}

/// PostgreSQL's planner knows how many rows it expects of a query like this one.
Result<sql::Statement> compile_estimate(const query::Read& read, const catalog::Snapshot& snapshot,
                                        const sql::Dialect& dialect) {
  sql::Statement statement;
  Context context{dialect, snapshot, statement.params, nullptr};
  const Scope root = make_scope(context, read.schema, read.relation);
  query::Read rows = read;
  rows.limit.reset();
  rows.offset = 0;
  if (!has_aggregate(rows)) hide_outputs(rows);
  BALLAST_TRY(const Select select, build_select(context, rows, root, {}));
  sql::Writer out = context.writer();
  out.text("EXPLAIN (FORMAT JSON) ");
  if (select.aggregated) {
    write_select(out, select, CellNames::numbered);
  } else {
    out.text("SELECT 1");
    write_from(out, select);
  }
  statement.text = out.take();
  return statement;
}

Result<Plan> compile_rows(const query::Read& read, const catalog::Snapshot& snapshot, const sql::Dialect& dialect) {
  if (read.as_tree && read.count == query::Count::none && !read.fold && !read.as_text && has_list(read)) {
    return compile_tree({{read}, std::nullopt}, snapshot, dialect);
  }
  Plan plan;
  plan.returns_rows = true;
  sql::Statement& statement = plan.statements.emplace_back();
  Context context{dialect, snapshot, statement.params, &plan.slots};
  const Scope root = make_scope(context, read.schema, read.relation);
  BALLAST_TRY(Select select, build_select(context, read, root, {}));
  sql::Writer out = context.writer();
  out.reserve(select.cells.size() + select.from.size() + select.where.size() + 64);
  BALLAST_CHECKED(write_read(out, context, read, select, plan.shape));
  statement.text = out.take();
  const bool estimated = read.count == query::Count::planned || read.count == query::Count::estimated;
  if (estimated && !context.sqlite()) { BALLAST_TRY(plan.estimate, compile_estimate(read, snapshot, dialect)); }
  plan.shape.version = select.version;
  plan.shape.root = read.fold ? folded_object(*read.fold) : std::move(select.object);
  return plan;
}

}  // namespace

Result<Plan> compile_read(const query::Read& given, const catalog::Snapshot& snapshot, const sql::Dialect& dialect) {
  if (given.lock) {
    BALLAST_TRY(const query::Read lockable, in_order_of_locks(given, snapshot));
    return compile_rows(lockable, snapshot, dialect);
  }
  return compile_rows(given, snapshot, dialect);
}

void add_location_cells(sql::Writer& out, encode::Shape& shape, const Scope& scope,
                        const std::vector<std::string>& columns, int first_cell) {
  for (const std::string& name : columns) {
    if (!out.empty()) out.text(", ");
    write_plain_column(out, scope, name);
    const catalog::Column* column = scope.known != nullptr ? scope.known->column(name) : nullptr;
    const catalog::Type type = column != nullptr ? column->type : catalog::Type{};
    shape.location.push_back({name, first_cell++, type.kind, type.scale, !out.sqlite()});
  }
}

}  // namespace ballast::compile
