#include "compile/select.hpp"

#include "compile/aggregate.hpp"
#include "compile/column.hpp"
#include "compile/embed.hpp"
#include "compile/settings.hpp"

namespace ballast::compile {
namespace {

using catalog::Kind;

/// SQLite's limit is 64 tables in a join; the root and a junction are two of them.
constexpr int join_limit = 60;

/// Kinds whose JSON differs from their text: PostgreSQL gives the JSON.
bool needs_to_json(Kind kind) { return kind == Kind::array || kind == Kind::composite; }

class SelectBuilder {
 public:
  SelectBuilder(Context& context, Select& select, const SelectOptions& options)
      : context_(context), select_(select), options_(options) {}

  Result<void> outputs(const query::Read& read, const Scope& scope, encode::Object& object, bool required, int depth) {
    if (depth > Settings{}.embed_depth_limit) {
      return make_error(400, "54001",
                        "expected at most " + std::to_string(Settings{}.embed_depth_limit) + " levels of embedding");
    }
    for (const query::Output& output : read.outputs) {
      if (const auto* column = std::get_if<query::ColumnOutput>(&output)) {
        BALLAST_CHECKED(add_column(*column, scope, object));
      } else if (const auto* aggregate = std::get_if<query::AggregateOutput>(&output)) {
        BALLAST_CHECKED(add_aggregate(*aggregate, scope, object));
      } else {
        BALLAST_CHECKED(add_embed(std::get<query::EmbedOutput>(output), scope, object, required, depth));
      }
    }
    return {};
  }

 private:
  Result<void> add_column(const query::ColumnOutput& output, const Scope& scope, encode::Object& object) {
    const catalog::Type type = output.column.result_type();
    const bool wrap = !context_.sqlite() && options_.depth == 0 && needs_to_json(type.kind);
    if (wrap) select_.cells.text("to_json(");
    BALLAST_CHECKED(write_column(select_.cells, scope, output.column));
    if (wrap) select_.cells.text(")");
    const int cell = select_.end_cell();
    select_.keys.push_back(cell);
    // What the database made or checked itself is JSON for sure; SQLite columns may hold any text.
    const bool verbatim = wrap || (type.kind == Kind::json && (!context_.sqlite() || !output.column.path.empty()));
    if (verbatim) {
      object.members.emplace_back(encode::Verbatim{output.alias, cell, "null"});
    } else {
      object.members.emplace_back(encode::Field{output.alias, cell, type.kind, type.scale});
    }
    return {};
  }

  Result<void> add_aggregate(const query::AggregateOutput& output, const Scope& scope, encode::Object& object) {
    if (!options_.joins) { return not_available("an aggregate over written rows", "read the rows again with a GET"); }
    BALLAST_TRY(const catalog::Type type, write_aggregate(select_.cells, scope, output));
    select_.aggregated = true;
    object.members.emplace_back(encode::Field{output.alias, select_.end_cell(), type.kind, type.scale});
    return {};
  }

  Result<void> add_embed(const query::EmbedOutput& embed, const Scope& scope, encode::Object& object, bool required,
                         int depth) {
    const bool join = options_.joins && embed.relationship.to_one() && (embed.spread || !has_aggregate(*embed.child));
    if (!join) {
      if (embed.hidden) return {};
      return add_subquery_embed(context_, select_, scope, object, embed, options_.depth + depth + 1);
    }
    const bool inner = embed.join == query::Join::inner && required;
    Scope child = make_scope(context_, embed.relationship.target_schema, embed.relationship.target);
    child.optional = !inner;
    if (++joins_ > join_limit && context_.sqlite()) {
      return not_available("more than " + std::to_string(join_limit) + " to-one embeds in one request");
    }
    sql::Writer on = context_.writer();
    write_key_condition(on, scope, embed.relationship, child);
    const bool computed = embed.relationship.computed();
    BALLAST_CHECKED(write_conditions(on, context_, child, *embed.child, {}, inner, options_.depth + depth + 1));
    if (inner) {
      select_.from.text(" JOIN ");
    } else {
      select_.from.text(" LEFT JOIN ");
    }
    if (computed) {
      select_.from.text("LATERAL ");
      write_computed_source(select_.from, scope, embed.relationship, child);
    } else {
      write_source(select_.from, child);
    }
    select_.from.text(" ON ").append(on);
    const std::string_view key = computed ? std::string_view() : embed.relationship.target_columns.front();
    if (depth == 0) select_.joined.push_back({embed.alias, child, key});
    if (embed.spread) return outputs(*embed.child, child, object, inner, depth + 1);
    if (embed.hidden) {
      // Nothing is shown, yet embeds below may be what the conditions are about; those stand in `on` already.
      return {};
    }
    encode::Nested nested;
    nested.key = embed.alias;
    if (!inner) {
      write_found(select_.cells, child, key);
      nested.present = select_.end_cell();
      select_.keys.push_back(nested.present);
    }
    BALLAST_CHECKED(outputs(*embed.child, child, *nested.object, inner, depth + 1));
    object.members.emplace_back(std::move(nested));
    return {};
  }

  Context& context_;
  Select& select_;
  const SelectOptions& options_;
  int joins_ = 0;
};

void and_piece(sql::Writer& out, const sql::Writer& piece) {
  if (piece.empty()) return;
  if (!out.empty()) out.text(" AND ");
  out.append(piece);
}

}  // namespace

Result<Select> build_select(Context& context, const query::Read& read, Scope root, const SelectOptions& options) {
  Select select(context);
  select.root = root;
  if (options.joins) {
    if (options.link != nullptr) {
      write_child_source(select.from, select.where, context, *options.link, root);
    } else if (options.source != nullptr) {
      select.from.append(*options.source);
    } else if (options.written) {
      select.from.text("written AS t").number(root.alias);
    } else {
      write_source(select.from, root);
    }
  }
  select.cells.reserve(read.outputs.size() * 24);
  select.ends.reserve(read.outputs.size() + 4);
  select.object.members.reserve(read.outputs.size());
  BALLAST_CHECKED(SelectBuilder(context, select, options).outputs(read, select.root, select.object, true, 0));
  if (!options.joins) return select;
  sql::Writer conditions = context.writer();
  if (options.written) {
    query::Read embeds_only;  // a written row is shown whatever the conditions that chose it say now
    for (const auto& output : read.outputs) {
      if (std::holds_alternative<query::EmbedOutput>(output)) embeds_only.outputs.push_back(output);
    }
    BALLAST_CHECKED(
        write_conditions(conditions, context, select.root, embeds_only, select.joined, true, options.depth));
  } else {
    BALLAST_CHECKED(write_conditions(conditions, context, select.root, read, select.joined, true, options.depth));
  }
  and_piece(select.where, conditions);
  return select;
}

void write_found(sql::Writer& out, const Scope& scope, std::string_view key) {
  if (!key.empty()) {
    write_plain_column(out, scope, key);
    out.text(" IS NOT NULL");
    return;
  }
  // A function that returns no set gives a row of NULLs when it found nothing.
  out.text("NOT (t").number(scope.alias).text(" IS NULL)");
}

void write_from(sql::Writer& out, const Select& select) {
  out.text(" FROM ").append(select.from);
  if (!select.where.empty()) out.text(" WHERE ").append(select.where);
}

void write_select(sql::Writer& out, const Select& select, CellNames names, const sql::Writer* extra) {
  out.text("SELECT ");
  for (int i = 0; i < select.cell_count(); ++i) {
    if (i > 0) out.text(", ");
    select.write_cell(out, i);
    if (names == CellNames::numbered) out.text(" AS c").number(i);
  }
  if (extra != nullptr && !extra->empty()) {
    if (select.cell_count() > 0) out.text(", ");
    out.append(*extra);
  } else if (select.cell_count() == 0) {
    out.text("1");
  }
  write_from(out, select);
  if (!select.aggregated || select.keys.empty()) return;
  out.text(" GROUP BY ");
  for (std::size_t i = 0; i < select.keys.size(); ++i) {
    if (i > 0) out.text(", ");
    out.number(select.keys[i] + 1);
  }
}

}  // namespace ballast::compile
