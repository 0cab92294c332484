#include "compile/embed.hpp"

#include "compile/order.hpp"
#include "compile/page.hpp"
#include "compile/settings.hpp"
#include "compile/where.hpp"
#include "encode/descriptor.hpp"

namespace ballast::compile {
namespace {

using query::EmbedOutput;
using query::Read;

void write_pairs(sql::Writer& out, const Scope& a, const std::vector<std::string>& a_columns, const Scope& b,
                 const std::vector<std::string>& b_columns) {
  check(!a_columns.empty() && a_columns.size() == b_columns.size(), "a relationship whose columns do not pair up");
  for (std::size_t i = 0; i < a_columns.size(); ++i) {
    if (i > 0) out.text(" AND ");
    write_plain_column(out, a, a_columns[i]);
    out.text(" = ");
    write_plain_column(out, b, b_columns[i]);
  }
}

/// The child's rows as a query whose columns are c0, c1 …, in the child's order and within its page.
Result<void> write_child_rows(sql::Writer& out, Context& context, const Select& child, const Read& read, bool to_one) {
  write_select(out, child, CellNames::numbered);
  if (to_one) {
    out.text(" LIMIT 1");
    return {};
  }
  BALLAST_CHECKED(write_order(out, context, read, child));
  write_page(out, read);
  return {};
}

bool plain_rows(const Select& child, const Read& read) {
  return !child.aggregated && read.order.empty() && !read.limit && read.offset == 0;
}

void write_cell_names(sql::Writer& out, int count) {
  for (int i = 0; i < count; ++i) out.text(", c").number(i);
}

/// `ballast_array('descriptor', c0, c1 …)` over the child's rows. SQLite.
Result<void> write_sqlite_json(sql::Writer& out, Context& context, const Select& child, const Read& read,
                               const encode::Object& object, bool list) {
  if (child.cell_count() > Settings{}.embed_cell_limit) {
    return not_available("an embed with more than " + std::to_string(Settings{}.embed_cell_limit) + " columns",
                         "name the columns that are needed");
  }
  out.text("(SELECT ");
  if (list) {
    out.text("ballast_array(");
  } else {
    out.text("ballast_object(");
  }
  out.constant(encode::object_descriptor(object));
  if (plain_rows(child, read)) {
    for (int i = 0; i < child.cell_count(); ++i) {
      out.text(", ");
      child.write_cell(out, i);
    }
    out.text(")");
    write_from(out, child);
  } else {
    write_cell_names(out, child.cell_count());
    out.text(") FROM (");
    BALLAST_CHECKED(write_child_rows(out, context, child, read, !list));
    out.text(")");
  }
  out.text(")");
  return {};
}

struct PostgresMember {
  sql::Writer& out;
  void operator()(const encode::Field& field) const { out.text("s.c").number(field.column); }
  void operator()(const encode::Verbatim& verbatim) const { out.text("s.c").number(verbatim.column); }
  void operator()(const encode::Nested& nested) const {
    if (nested.present >= 0) out.text("CASE WHEN s.c").number(nested.present).text(" THEN ");
    out.text("(SELECT row_to_json(o.*) FROM (SELECT ");
    write_postgres_members(out, *nested.object);
    out.text(") AS o)");
    if (nested.present >= 0) out.text(" END");
  }
  void operator()(const encode::Constant&) const { check(false, "a constant in an embed's row"); }
  void operator()(const encode::Hole&) const { check(false, "a hole in an embed's row"); }
  void operator()(const encode::Cursor&) const { check(false, "a cursor in an embed's row"); }
};

/// json_agg over the child's rows. PostgreSQL.
Result<void> write_postgres_json(sql::Writer& out, Context& context, const Select& child, const Read& read,
                                 const encode::Object& object, bool list) {
  if (list) {
    out.text("(SELECT coalesce(json_agg(r.");
  } else {
    out.text("(SELECT row_to_json(r.");
  }
  // Not `r` alone: it would be taken for a column of that name.
  if (object.bare) {
    out.name("value");
  } else {
    out.text("*");
  }
  if (list) {
    out.text("), '[]') FROM (SELECT ");
  } else {
    out.text(") FROM (SELECT ");
  }
  if (object.bare) {
    std::visit(PostgresMember{out}, object.members.front());
    out.text(" AS ").name("value");
  } else {
    write_postgres_members(out, object);
  }
  out.text(" FROM (");
  BALLAST_CHECKED(write_child_rows(out, context, child, read, !list));
  out.text(") AS s) AS r)");
  return {};
}

Result<void> write_json(sql::Writer& out, Context& context, const Select& child, const Read& read,
                        const encode::Object& object, bool list) {
  return context.sqlite() ? write_sqlite_json(out, context, child, read, object, list)
                          : write_postgres_json(out, context, child, read, object, list);
}

/// A to-one spread that cannot be joined: each cell of the child by a query of its own.
Result<void> add_spread_cells(Context& context, Select& select, encode::Object& object, const Select& child,
                              const Read& read) {
  sql::Writer rows = context.writer();
  BALLAST_CHECKED(write_child_rows(rows, context, child, read, true));
  const int base = select.cell_count();
  for (int i = 0; i < child.cell_count(); ++i) {
    select.cells.text("(SELECT c").number(i).text(" FROM (").append(rows).text(") AS s)");
    select.keys.push_back({select.end_cell(child.types[static_cast<std::size_t>(i)]), std::nullopt});
  }
  for (encode::Member member : child.object.members) {
    shift_cells(member, base);
    object.members.push_back(std::move(member));
  }
  return {};
}

}  // namespace

void shift_cells(encode::Member& member, int base) {
  struct Visitor {
    int base;
    void operator()(encode::Field& field) const { field.column += base; }
    void operator()(encode::Verbatim& verbatim) const { verbatim.column += base; }
    void operator()(encode::Nested& nested) const {
      if (nested.present >= 0) nested.present += base;
      for (encode::Member& member : nested.object->members) shift_cells(member, base);
    }
    void operator()(encode::Constant&) const {}
    void operator()(encode::Hole&) const {}
    void operator()(encode::Cursor& cursor) const {
      for (encode::Field& field : cursor.values) field.column += base;
    }
  };
  std::visit(Visitor{base}, member);
}

void write_postgres_members(sql::Writer& out, const encode::Object& object) {
  bool first = true;
  for (const encode::Member& member : object.members) {
    if (!first) out.text(", ");
    first = false;
    std::visit(PostgresMember{out}, member);
    out.text(" AS ").name(std::visit([](const auto& m) -> const std::string& { return m.key; }, member));
  }
}

const EmbedOutput* find_embed(const Read& read, const std::string& alias) {
  for (const query::Output& output : read.outputs) {
    const auto* embed = std::get_if<EmbedOutput>(&output);
    if (embed != nullptr && embed->alias == alias) return embed;
  }
  return nullptr;
}

bool has_aggregate(const Read& read) {
  for (const query::Output& output : read.outputs) {
    if (std::holds_alternative<query::AggregateOutput>(output)) return true;
    const auto* embed = std::get_if<EmbedOutput>(&output);
    if (embed != nullptr && embed->spread && embed->relationship.to_one() && has_aggregate(*embed->child)) return true;
  }
  return false;
}

void write_key_condition(sql::Writer& out, const Scope& parent, const catalog::Relationship& relationship,
                         const Scope& child) {
  if (relationship.computed()) return write_found(out, child, {});
  write_pairs(out, child, relationship.target_columns, parent, relationship.source_columns);
}

void write_computed_source(sql::Writer& out, const Scope& parent, const catalog::Relationship& relationship,
                           const Scope& child) {
  out.name(relationship.function_schema).text(".").name(relationship.function).text("(");
  write_row(out, parent);
  out.text(") AS t").number(child.alias);
}

void write_child_source(sql::Writer& from, sql::Writer& where, Context& context, const Link& link, const Scope& child) {
  const catalog::Relationship& relationship = link.relationship;
  if (relationship.computed()) {
    write_computed_source(from, link.parent, relationship, child);
    if (relationship.to_one()) write_found(where, child, {});
    return;
  }
  write_source(from, child);
  if (!relationship.junction) {
    write_key_condition(where, link.parent, relationship, child);
    return;
  }
  const catalog::Junction& junction = *relationship.junction;
  const Scope middle = make_scope(context, junction.schema, junction.relation);
  from.text(" JOIN ");
  write_source(from, middle);
  from.text(" ON ");
  write_pairs(from, middle, junction.target_columns, child, relationship.target_columns);
  write_pairs(where, middle, junction.source_columns, link.parent, relationship.source_columns);
}

Result<void> write_exists(sql::Writer& out, Context& context, const Scope& parent, const EmbedOutput& embed,
                          int depth) {
  if (depth > Settings{}.embed_depth_limit) {
    return make_error(400, "54001",
                      "expected at most " + std::to_string(Settings{}.embed_depth_limit) + " levels of embedding");
  }
  Scope child = make_scope(context, embed.relationship.target_schema, embed.relationship.target);
  child.called = embed.relationship.computed();
  sql::Writer from = context.writer();
  sql::Writer where = context.writer();
  write_child_source(from, where, context, {parent, embed.relationship}, child);
  BALLAST_CHECKED(write_conditions(where, context, child, *embed.child, {}, false, depth + 1));
  out.text("EXISTS (SELECT 1 FROM ").append(from);
  if (!where.empty()) out.text(" WHERE ").append(where);
  out.text(")");
  return {};
}

Result<void> write_conditions(sql::Writer& out, Context& context, const Scope& scope, const Read& read,
                              const std::vector<JoinedEmbed>& joined, bool inner_joined, int depth) {
  const auto separate = [&] {
    if (!out.empty()) out.text(" AND ");
  };
  if (!always_true(read.where)) {
    separate();
    const WriteEmbedExists embed_exists = [&](sql::Writer& to, const std::string& alias) -> Result<void> {
      for (const JoinedEmbed& embed : joined) {
        if (embed.alias != alias) continue;
        write_found(to, embed.scope, embed.key);
        return {};
      }
      const EmbedOutput* embed = find_embed(read, alias);
      check(embed != nullptr, "a condition on an embed that its read does not have");
      return write_exists(to, context, scope, *embed, depth);
    };
    BALLAST_CHECKED(write_predicate(out, context, scope, read.where, embed_exists));
  }
  for (const query::Output& output : read.outputs) {
    const auto* embed = std::get_if<EmbedOutput>(&output);
    if (embed == nullptr || embed->join != query::Join::inner) continue;
    const bool is_joined =
        inner_joined && embed->relationship.to_one() && (embed->spread || !has_aggregate(*embed->child));
    if (is_joined) continue;
    separate();
    BALLAST_CHECKED(write_exists(out, context, scope, *embed, depth));
  }
  return {};
}

Result<void> add_subquery_embed(Context& context, Select& select, const Scope& scope, encode::Object& object,
                                const EmbedOutput& embed, int depth, bool grouped) {
  const bool list = !embed.relationship.to_one();
  const Link link{scope, embed.relationship};
  Scope root = make_scope(context, embed.relationship.target_schema, embed.relationship.target);
  root.called = embed.relationship.computed();
  SelectOptions options;
  options.link = &link;
  options.depth = depth;
  options.in_json = true;
  BALLAST_TRY(const Select child, build_select(context, *embed.child, root, options));
  if (!embed.spread) {
    BALLAST_CHECKED(write_json(select.cells, context, child, *embed.child, child.object, list));
    if (grouped) select.cells.text("::jsonb");
    const int cell = select.end_cell(json_type());
    select.keys.push_back({cell, std::nullopt});
    object.members.emplace_back(encode::Verbatim{embed.alias, cell, list ? "[]" : "null"});
    return {};
  }
  if (!list) return add_spread_cells(context, select, object, child, *embed.child);
  for (const encode::Member& member : child.object.members) {
    encode::Object bare;
    bare.bare = true;
    bare.members.push_back(member);
    BALLAST_CHECKED(write_json(select.cells, context, child, *embed.child, bare, true));
    if (grouped) select.cells.text("::jsonb");
    const int cell = select.end_cell(json_type());
    select.keys.push_back({cell, std::nullopt});
    std::string key = std::visit([](const auto& m) { return m.key; }, member);
    object.members.emplace_back(encode::Verbatim{std::move(key), cell, "[]"});
  }
  return {};
}

}  // namespace ballast::compile
