#include "compile/select.hpp"

#include "compile/aggregate.hpp"
#include "compile/column.hpp"
#include "compile/embed.hpp"
#include "compile/settings.hpp"
#include "compile/tree.hpp"
#include "compile/version.hpp"

namespace ballast::compile {
namespace {

using catalog::Kind;
using catalog::Type;

/// SQLite's limit is 64 tables in a join; the root and a junction are two of them.
constexpr int join_limit = 60;

/// What the elements of an array are when its JSON can be made of its text; none when only PostgreSQL knows, as of
/// arrays of types that it does not bring along.
std::optional<Kind> plain_element(const Type& type) {
  if (type.kind != Kind::array || !type.name.ends_with("[]")) return std::nullopt;
  const Kind element = catalog::type_named(std::string_view(type.name).substr(0, type.name.size() - 2)).kind;
  if (element == Kind::other || element == Kind::array) return std::nullopt;
  return element;
}

/// Types whose JSON their text does not tell: PostgreSQL gives the JSON.
bool needs_to_json(const Type& type) {
  return type.kind == Kind::composite || (type.kind == Kind::array && !plain_element(type));
}

bool has_json_cast(const query::ColumnPath& column) {
  return column.path.empty() && !column.cast && column.type.representation &&
         !column.type.representation->to_json.empty();
}

class SelectBuilder {
 public:
  SelectBuilder(Context& context, Select& select, const SelectOptions& options, const query::Read& read)
      : context_(context),
        select_(select),
        options_(options),
        as_text_(read.as_text),
        aggregated_(!context.sqlite() && has_aggregate(read)) {}

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
    const Type type = output.column.result_type();
    sql::Writer expression = context_.writer();
    BALLAST_CHECKED(write_column(expression, scope, output.column));
    if (context_.sqlite()) {
      select_.cells.append(expression);
      const int cell = select_.end_cell(type);
      select_.keys.push_back({cell, std::nullopt});
      // What SQLite's own functions made is JSON for sure; a column may hold any text.
      if (type.kind == Kind::json && !output.column.path.empty()) {
        object.members.emplace_back(encode::Verbatim{output.alias, cell, "null"});
      } else {
        object.members.emplace_back(encode::Field{output.alias, cell, type.kind, type.scale});
      }
      return {};
    }
    const bool json = has_json_cast(output.column);
    // A type that only the request knows may be any.
    const bool wrapped = write_postgres_cell(expression, type, json ? output.column.type.representation.get() : nullptr,
                                             output.column.cast && type.kind == Kind::other);
    const int cell = select_.end_cell(wrapped ? json_type() : type);
    select_.keys.push_back({cell, wrapped ? std::optional(std::move(expression)) : std::nullopt});
    add_postgres_member(object, output.alias, cell, type, wrapped);
    return {};
  }

  Result<void> add_aggregate(const query::AggregateOutput& output, const Scope& scope, encode::Object& object) {
    if (!options_.joins) { return not_available("an aggregate over written rows", "read the rows again with a GET"); }
    sql::Writer expression = context_.writer();
    BALLAST_TRY(const Type type, write_aggregate(expression, scope, output));
    select_.aggregated = true;
    if (context_.sqlite()) {
      select_.cells.append(expression);
      object.members.emplace_back(encode::Field{output.alias, select_.end_cell(type), type.kind, type.scale});
      return {};
    }
    const bool wrapped = write_postgres_cell(expression, type, nullptr, output.cast && type.kind == Kind::other);
    add_postgres_member(object, output.alias, select_.end_cell(wrapped ? json_type() : type), type, wrapped);
    return {};
  }

  /// Writes the cell, as JSON where only PostgreSQL knows how. True when it did.
  bool write_postgres_cell(const sql::Writer& expression, const Type& type, const catalog::Representation* own,
                           bool unknown) {
    if (own != nullptr) {
      write_qualified(select_.cells, own->to_json);
      select_.cells.text("(").append(expression).text(")");
      return true;
    }
    // Below the top level row_to_json does it.
    const bool wrap = !options_.in_json && !as_text_ && (unknown || needs_to_json(type));
    if (wrap) {
      select_.cells.text("to_json(").append(expression).text(")");
    } else {
      select_.cells.append(expression);
    }
    return wrap;
  }

  static void add_postgres_member(encode::Object& object, const std::string& alias, int cell, const Type& type,
                                  bool json) {
    object.members.emplace_back(encode::Field{alias, cell, json ? Kind::json : type.kind, type.scale, true,
                                              json ? std::nullopt : plain_element(type)});
  }

  Result<void> add_embed(const query::EmbedOutput& embed, const Scope& scope, encode::Object& object, bool required,
                         int depth) {
    const bool join = options_.joins && embed.relationship.to_one() && (embed.spread || !has_aggregate(*embed.child));
    if (!join) {
      if (embed.hidden) return {};
      if (options_.tree != nullptr && !select_.aggregated && options_.tree->takes(embed)) {
        options_.tree->add_level(options_.level, select_, scope, object, embed);
        return {};
      }
      return add_subquery_embed(context_, select_, scope, object, embed, options_.depth + depth + 1, aggregated_);
    }
    const bool inner = embed.join == query::Join::inner && required;
    Scope child = make_scope(context_, embed.relationship.target_schema, embed.relationship.target);
    child.optional = !inner;
    child.called = embed.relationship.computed();
    if (++joins_ > join_limit && context_.sqlite()) {
      return not_available("more than " + std::to_string(join_limit) + " to-one embeds in one request");
    }
    sql::Writer on = context_.writer();
    write_key_condition(on, scope, embed.relationship, child);
    const bool computed = embed.relationship.computed();
    BALLAST_CHECKED(write_conditions(on, context_, child, *embed.child, {}, inner, options_.depth + depth + 1));
    // There is one row at most: a page that starts behind it, or ends before it, has none.
    if (embed.child->offset > 0 || embed.child->limit == 0) on.text(" AND FALSE");
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
      nested.present = select_.end_cell(catalog::type_named("boolean"));
      select_.keys.push_back({nested.present, std::nullopt});
    }
    BALLAST_CHECKED(outputs(*embed.child, child, *nested.object, inner, depth + 1));
    object.members.emplace_back(std::move(nested));
    return {};
  }

  Context& context_;
  Select& select_;
  const SelectOptions& options_;
  bool as_text_;
  bool aggregated_;
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
  BALLAST_CHECKED(SelectBuilder(context, select, options, read).outputs(read, select.root, select.object, true, 0));
  if (read.versioned && !select.aggregated) {
    write_row_version(select.cells, select.root);
    select.version = select.end_cell(catalog::type_named("text"));
  }
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
  write_group_by(out, select);
}

void write_group_by(sql::Writer& out, const Select& select) {
  if (!select.aggregated || select.keys.empty()) return;
  out.text(" GROUP BY ");
  for (std::size_t i = 0; i < select.keys.size(); ++i) {
    if (i > 0) out.text(", ");
    if (select.keys[i].expression) {
      out.append(*select.keys[i].expression);
    } else {
      out.number(select.keys[i].cell + 1);
    }
  }
}

}  // namespace ballast::compile
