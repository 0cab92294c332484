#include "compile/tree.hpp"

#include <algorithm>

#include "compile/call.hpp"
#include "compile/embed.hpp"
#include "compile/order.hpp"
#include "compile/page.hpp"
#include "compile/settings.hpp"
#include "compile/type_name.hpp"

namespace ballast::compile {
namespace {

/// Cells before those of the levels: the level, the row's number, its parent's number.
constexpr int place_cells = 3;

bool only_aggregates(const query::Read& read) {
  return std::ranges::all_of(read.outputs,
                             [](const auto& output) { return std::holds_alternative<query::AggregateOutput>(output); });
}

bool paged(const query::Read& read) { return read.limit || read.offset > 0; }

/// `expr AS c0, … expr AS k0, …`
void write_cells(sql::Writer& out, const Select& select) {
  for (int i = 0; i < select.cell_count(); ++i) {
    if (i > 0) out.text(", ");
    select.write_cell(out, i);
    out.text(" AS c").number(i);
  }
  for (std::size_t i = 0; i < select.links.size(); ++i) {
    if (i > 0 || select.cell_count() > 0) out.text(", ");
    out.append(select.links[i]).text(" AS k").number(static_cast<std::int64_t>(i));
  }
  if (select.cell_count() == 0 && select.links.empty()) out.text("1");
}

/// `t3."a" DESC, …`
Result<void> write_order_terms(sql::Writer& out, const query::Read& read, const Select& select) {
  for (std::size_t i = 0; i < read.order.size(); ++i) {
    if (i > 0) out.text(", ");
    BALLAST_CHECKED(write_order_expression(out, read.order[i], select));
    write_order_direction(out, read.order[i], select);
  }
  return {};
}

/// `l0 AS t2`
void write_above(sql::Writer& out, int parent, const Scope& above) {
  out.text("l").number(parent).text(" AS t").number(above.alias);
}

/// Where the column stands among the cells as it is; -1: nowhere.
int cell_of(const query::Read& read, const Select& select, const std::string& column) {
  for (const query::Output& output : read.outputs) {
    const auto* plain = std::get_if<query::ColumnOutput>(&output);
    if (plain == nullptr || plain->column.column != column || !plain->column.path.empty() || plain->column.cast)
      continue;
    for (const encode::Member& member : select.object.members) {
      const auto* field = std::get_if<encode::Field>(&member);
      if (field != nullptr && field->key == plain->alias) return field->column;
    }
  }
  return -1;
}

/// In no order, or in that of the column.
bool ordered_by(const query::Read& read, const std::string& column) {
  if (read.order.empty()) return true;
  const query::OrderTerm& first = read.order.front();
  return read.order.size() == 1 && first.embed.empty() && first.column.column == column && first.column.path.empty() &&
         !first.column.cast && first.direction == query::Direction::ascending;
}

void shift(encode::Object& object, int base) {
  for (encode::Member& member : object.members) shift_cells(member, base);
}

}  // namespace

void Tree::add_root(const query::Read& read, Scope scope, From from) {
  Level& level = levels_.emplace_back();
  level.read = &read;
  level.root = scope;
  level.from = from;
}

bool Tree::takes(const query::EmbedOutput& embed) const {
  if (embed.spread || embed.hidden || embed.relationship.to_one()) return false;
  if (levels_.size() >= Settings{}.tree_level_limit || cells_ > Settings{}.tree_cell_limit) return false;
  const bool aggregated = has_aggregate(*embed.child);
  return !aggregated || only_aggregates(*embed.child);
}

void Tree::add_level(int parent_level, Select& parent, const Scope& scope, encode::Object& object,
                     const query::EmbedOutput& embed) {
  Level& level = levels_.emplace_back();
  level.parent = parent_level;
  level.read = &*embed.child;
  level.above.alias = context_.next_alias++;
  level.link = embed.relationship;
  level.depth = levels_[static_cast<std::size_t>(parent_level)].depth + 1;
  levels_[static_cast<std::size_t>(parent_level)].has_children = true;
  const auto add_link = [&](const auto& write) {
    sql::Writer link = context_.writer();
    write(link);
    parent.links.push_back(std::move(link));
    return "k" + std::to_string(parent.links.size() - 1);
  };
  if (embed.relationship.computed()) {
    level.above.row = add_link([&](sql::Writer& out) { write_row_value(out, scope); });
  } else {
    for (std::string& column : level.link.source_columns) {
      column = add_link([&](sql::Writer& out) { write_plain_column(out, scope, column); });
    }
  }
  object.members.emplace_back(encode::Hole{embed.alias, static_cast<int>(levels_.size()) - 1});
}

Result<void> Tree::build() {
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    Level& level = levels_[i];
    SelectOptions options;
    options.tree = this;
    options.level = static_cast<int>(i);
    options.depth = level.depth;
    options.written = level.from == From::written;
    sql::Writer called = context_.writer();
    if (level.from == From::called) {
      called.text("called AS t").number(level.root.alias);
      options.source = &called;
    }
    const Link link{level.above, level.link};
    if (level.parent >= 0) {
      options.link = &link;
      level.root = make_scope(context_, level.link.target_schema, level.link.target);
      level.root.called = level.link.computed();
    }
    BALLAST_TRY(Select select, build_select(context_, *level.read, level.root, options));
    cells_ += select.cell_count();
    level.select.emplace(std::move(select));
    expect_rows(level);
    choose_order(level);
  }
  return {};
}

/// By the catalog's estimates.
void Tree::expect_rows(Level& level) const {
  const catalog::Relation* known = level.select->root.known;
  const double all = known == nullptr ? 0 : known->estimated_rows;
  level.rows = all;
  if (!level.read->limit) return;
  const double parents = level.parent < 0 ? 1 : levels_[static_cast<std::size_t>(level.parent)].rows;
  const double most = parents * static_cast<double>(*level.read->limit);
  if (all > 0 && most > 0) level.rows = std::min(all, most);
}

/// A hash join gives each parent's rows in no order that anybody knows, so those without one get that of their key. An
/// ascending key that is an integer is sorted by the encoder, which costs it less than PostgreSQL.
///
/// Pages are taken parent by parent, by a lateral join; but where there are many parents and the relation is so small
/// that reading it once costs less than looking into it for each of them, the encoder takes them out of all rows.
void Tree::choose_order(Level& level) {
  Select& select = *level.select;
  const catalog::Relation* known = select.root.known;
  if (context_.sqlite() || level.parent < 0 || select.aggregated || level.read->offset > 0 || known == nullptr) return;
  if (known->primary_key.size() != 1) return;
  const std::string& key = known->primary_key.front();
  const catalog::Column* column = known->column(key);
  if (column == nullptr || column->type.kind != catalog::Kind::integer || !ordered_by(*level.read, key)) return;
  if (level.read->limit) {
    const Level& above = levels_[static_cast<std::size_t>(level.parent)];
    const catalog::Relation* parent = above.select->root.known;
    const Settings settings;
    const bool small = known->estimated_rows > 0 && known->estimated_rows <= settings.whole_read_limit;
    const bool many = above.rows * settings.lateral_cost >= known->estimated_rows;
    const bool fits = parent != nullptr && parent->estimated_rows > 0 &&
                      known->estimated_rows / parent->estimated_rows <= static_cast<double>(*level.read->limit);
    level.whole = small && many && fits;
    if (!level.whole) return;
  }
  level.sorted_by = cell_of(*level.read, select, key);
  if (level.sorted_by >= 0) return;
  write_plain_column(select.cells, select.root, key);
  level.sorted_by = select.end_cell(column->type);
}

/// The level's rows with what the parent of each is (`p`).
Result<void> Tree::write_rows(sql::Writer& out, const Level& level) {
  const Select& select = *level.select;
  if (level.parent < 0) {
    out.text("SELECT ");
    write_cells(out, select);
    write_from(out, select);
    write_group_by(out, select);
    BALLAST_CHECKED(write_order(out, context_, *level.read, select));
    write_page(out, *level.read);
    return {};
  }
  if (context_.sqlite()) {
    if (select.aggregated) {
      write_sqlite_aggregates(out, level);
      return {};
    }
    return paged(*level.read) ? write_sqlite_page(out, level) : write_joined(out, level);
  }
  const bool joined = level.whole || !paged(*level.read);
  return select.aggregated || !joined ? write_lateral(out, level) : write_joined(out, level);
}

Result<void> Tree::write_joined(sql::Writer& out, const Level& level) {
  const Select& select = *level.select;
  out.text("SELECT t").number(level.above.alias).text(".n AS p, ");
  write_cells(out, select);
  out.text(" FROM ");
  write_above(out, level.parent, level.above);
  out.text(" CROSS JOIN ").append(select.from);
  if (!select.where.empty()) out.text(" WHERE ").append(select.where);
  if (level.sorted_by >= 0) return {};
  if (level.read->order.empty()) {
    const bool has_key = select.root.known != nullptr && !select.root.known->primary_key.empty();
    if (context_.sqlite() || !has_key) return {};
    out.text(" ORDER BY t").number(level.above.alias).text(".n");
    for (const std::string& column : select.root.known->primary_key) {
      out.text(", ");
      write_plain_column(out, select.root, column);
    }
    return {};
  }
  out.text(" ORDER BY t").number(level.above.alias).text(".n, ");
  BALLAST_CHECKED(write_order_terms(out, *level.read, select));
  // Without a limit SQLite would take the order of a subquery for unnecessary.
  if (context_.sqlite()) out.text(" LIMIT -1");
  return {};
}

Result<void> Tree::write_lateral(sql::Writer& out, const Level& level) {
  const Select& select = *level.select;
  out.text("SELECT t").number(level.above.alias).text(".n AS p, s.* FROM ");
  write_above(out, level.parent, level.above);
  out.text(" CROSS JOIN LATERAL (SELECT ");
  write_cells(out, select);
  write_from(out, select);
  write_group_by(out, select);
  BALLAST_CHECKED(write_order(out, context_, *level.read, select));
  write_page(out, *level.read);
  out.text(") AS s");
  return {};
}

/// SQLite has no LATERAL: each parent's rows are numbered in their order, and those of the page are taken.
Result<void> Tree::write_sqlite_page(sql::Writer& out, const Level& level) {
  const Select& select = *level.select;
  out.text("SELECT * FROM (SELECT t").number(level.above.alias).text(".n AS p, row_number() OVER (PARTITION BY t");
  out.number(level.above.alias).text(".n");
  if (!level.read->order.empty()) {
    out.text(" ORDER BY ");
    BALLAST_CHECKED(write_order_terms(out, *level.read, select));
  }
  out.text(") AS r, ");
  write_cells(out, select);
  out.text(" FROM ");
  write_above(out, level.parent, level.above);
  out.text(" CROSS JOIN ").append(select.from);
  if (!select.where.empty()) out.text(" WHERE ").append(select.where);
  out.text(") WHERE r > ").value(clamped(level.read->offset));
  if (level.read->limit) {
    const std::uint64_t end = level.read->offset + *level.read->limit;
    out.text(" AND r <= ").value(clamped(end < level.read->offset ? level.read->offset : end));
  }
  out.text(" ORDER BY p, r LIMIT -1");
  return {};
}

void Tree::write_sqlite_aggregates(sql::Writer& out, const Level& level) {
  const Select& select = *level.select;
  out.text("SELECT t").number(level.above.alias).text(".n AS p");
  for (int i = 0; i < select.cell_count(); ++i) {
    out.text(", (SELECT ");
    select.write_cell(out, i);
    write_from(out, select);
    out.text(") AS c").number(i);
  }
  out.text(" FROM ");
  write_above(out, level.parent, level.above);
}

/// The level's rows with their place before their cells, and NULL for those of the other levels. PostgreSQL takes the
/// columns' types from the first level, where the NULLs have to have one.
Result<void> Tree::write_arm(sql::Writer& out, std::size_t index) {
  const Level& level = levels_[index];
  const bool typed = index == 0 && !context_.sqlite();
  const auto null = [&](const catalog::Type* type) {
    out.text("NULL");
    if (!typed) return;
    out.text("::");
    if (type == nullptr) {
      out.text("bigint");
    } else {
      write_definition_type(out, *type);
    }
  };
  out.text("SELECT ").number(static_cast<std::int64_t>(index)).text(", ");
  if (level.has_children) {
    out.text("s.n, ");
  } else {
    null(nullptr);
    out.text(", ");
  }
  if (level.parent >= 0) {
    out.text("s.p");
  } else {
    null(nullptr);
  }
  for (std::size_t other = 0; other < levels_.size(); ++other) {
    const Select& select = *levels_[other].select;
    for (int i = 0; i < select.cell_count(); ++i) {
      out.text(", ");
      if (other == index) {
        out.text("s.c").number(i);
      } else {
        null(&select.types[static_cast<std::size_t>(i)]);
      }
    }
  }
  out.text(" FROM ");
  if (level.has_children) {
    out.text("l").number(static_cast<std::int64_t>(index)).text(" AS s");
    return {};
  }
  out.text("(");
  BALLAST_CHECKED(write_rows(out, level));
  out.text(") AS s");
  return {};
}

Result<void> Tree::write(sql::Writer& out, const sql::Writer& ctes) {
  bool first = ctes.empty();
  if (!first) out.text("WITH ").append(ctes);
  if (alone()) {
    if (!first) out.text(" ");
    return write_rows(out, levels_.front());
  }
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    if (!levels_[i].has_children) continue;
    if (first) {
      out.text("WITH ");
    } else {
      out.text(", ");
    }
    first = false;
    out.text("l")
        .number(static_cast<std::int64_t>(i))
        .text(" AS MATERIALIZED (SELECT row_number() OVER () AS n, s.* FROM (");
    BALLAST_CHECKED(write_rows(out, levels_[i]));
    if (context_.sqlite() && levels_[i].parent < 0 && !levels_[i].read->limit && levels_[i].read->offset == 0) {
      out.text(" LIMIT -1");  // as in write_joined
    }
    out.text(") AS s)");
  }
  if (!first) out.text(" ");
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    if (i > 0) out.text(" UNION ALL ");
    BALLAST_CHECKED(write_arm(out, i));
  }
  return {};
}

encode::Shape Tree::take_shape() {
  encode::Shape shape;
  int base = alone() ? 0 : place_cells;
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    Level& level = levels_[i];
    shift(level.select->object, base);
    if (i == 0 && level.select->version >= 0) shape.version = level.select->version + base;
    const int sorted_by = level.sorted_by < 0 ? -1 : level.sorted_by + base;
    base += level.select->cell_count();
    shape.levels.push_back({level.parent, {std::move(level.select->object)}, sorted_by, {}});
    if (level.whole) shape.levels.back().limit = level.read->limit;
    shape.fillings.push_back({"[", encode::List{static_cast<int>(i), 0, false, std::nullopt}, "]"});
  }
  return shape;
}

Result<Plan> compile_tree(const query::Tree& read, const catalog::Snapshot& snapshot, const sql::Dialect& dialect) {
  Plan plan;
  plan.returns_rows = true;
  sql::Statement& statement = plan.statements.emplace_back();
  Context context{dialect, snapshot, statement.params, &plan.slots};
  sql::Writer ctes = context.writer();
  if (read.call) {
    if (context.sqlite()) return not_available("calling a function");
    write_called_cte(ctes, context, *read.call);
    plan.writes = !read.call->read_only;
    statement.writes = plan.writes;
  }
  Tree tree(context);
  for (const query::Read& root : read.reads) {
    Scope scope = make_scope(context, root.schema, root.relation);
    scope.derived = read.call.has_value();
    tree.add_root(root, scope, read.call ? Tree::From::called : Tree::From::relation);
  }
  BALLAST_CHECKED(tree.build());
  sql::Writer out = context.writer();
  BALLAST_CHECKED(tree.write(out, ctes));
  statement.text = out.take();
  plan.shape = tree.take_shape();
  return plan;
}

}  // namespace ballast::compile
