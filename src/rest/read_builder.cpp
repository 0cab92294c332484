#include "rest/read_builder.hpp"

#include <algorithm>

#include "rest/conditions.hpp"
#include "rest/errors.hpp"
#include "rest/relationships.hpp"

namespace ballast::rest {
namespace {

/// The key PostgREST gives a JSON path: its last name, or the column's.
std::string key_of(const Field& field) {
  for (auto step = field.path.rbegin(); step != field.path.rend(); ++step) {
    if (const auto* name = std::get_if<std::string>(&step->key)) return *name;
  }
  return field.name;
}

std::string_view word(query::Aggregate aggregate) {
  switch (aggregate) {
    case query::Aggregate::count:
      return "count";
    case query::Aggregate::sum:
      return "sum";
    case query::Aggregate::avg:
      return "avg";
    case query::Aggregate::min:
      return "min";
    case query::Aggregate::max:
      return "max";
  }
  return {};
}

void require(query::Predicate& where, query::Predicate condition) {
  std::get<query::And>(where.node).all.push_back(std::move(condition));
}

}  // namespace

Result<void> ReadBuilder::outputs(const catalog::Relation& relation) {
  root_.relation = &relation;
  BALLAST_CHECKED(fill(root_, parameters_.select));
  if (unknown_column_) return *unknown_column_;
  return {};
}

Result<void> ReadBuilder::fill(Node& node, const Select& select) {
  query::Read& read = *node.read;
  read.schema = node.relation->schema;
  read.relation = node.relation->name;
  read.where.node = query::And{};
  std::vector<const SelectEmbed*> embeds;
  for (const auto& item : select) {
    if (std::holds_alternative<SelectStar>(item.node)) {
      for (const auto& column : node.relation->columns) {
        read.outputs.emplace_back(query::ColumnOutput{column.name, {column.name, column.type, {}, std::nullopt}});
      }
    } else if (const auto* field = std::get_if<SelectField>(&item.node)) {
      if (auto found = column(node, *field); !found && !unknown_column_) unknown_column_ = std::move(found).error();
    } else {
      const auto& found = std::get<SelectEmbed>(item.node);
      BALLAST_CHECKED(embed(node, found));
      embeds.push_back(&found);
    }
  }
  // The list of outputs is complete: children stay where they are from here on.
  auto item = embeds.begin();
  for (auto& output : read.outputs) {
    auto* found = std::get_if<query::EmbedOutput>(&output);
    if (found == nullptr) continue;
    const auto* relation = with_.snapshot.relation(found->relationship.target_schema, found->relationship.target);
    if (relation == nullptr)
      return unknown_relation(with_.snapshot, found->relationship.target_schema, found->relationship.target);
    node.children.push_back({&*found->child, relation, &found->relationship, found->alias, (*item)->target, {}});
    BALLAST_CHECKED(fill(node.children.back(), (*item)->items));
    ++item;
  }
  return {};
}

Result<std::optional<catalog::Type>> ReadBuilder::type(const std::string& name) const {
  if (name.empty()) return std::optional<catalog::Type>();
  auto type = catalog::type_named(name);
  if (type.kind == catalog::Kind::other && with_.known_types_only) {
    return make_error(400, "42704", "type \"" + name + "\" does not exist");
  }
  return std::optional(std::move(type));
}

Result<void> ReadBuilder::column(Node& node, const SelectField& item) {
  if (item.aggregate) return aggregate(node, item);
  // `select=count` is how clients count where aggregates are off: a count of rows, unless there is such a column.
  if (item.field.name == "count" && item.field.path.empty() && node.relation->column("count") == nullptr) {
    query::AggregateOutput count{item.alias.empty() ? "count" : item.alias, query::Aggregate::count, std::nullopt,
                                 std::nullopt};
    BALLAST_TRY(count.cast, type(item.cast));
    node.read->outputs.emplace_back(std::move(count));
    return {};
  }
  BALLAST_TRY(query::ColumnPath path, resolve_column(*node.relation, item.field));
  BALLAST_TRY(path.cast, type(item.cast));
  node.read->outputs.emplace_back(
      query::ColumnOutput{item.alias.empty() ? key_of(item.field) : item.alias, std::move(path)});
  return {};
}

Result<void> ReadBuilder::aggregate(Node& node, const SelectField& item) {
  if (!with_.settings.aggregates) return make_error(400, "PGRST123", "Use of aggregate functions is not allowed");
  query::AggregateOutput output;
  output.function = *item.aggregate;
  output.alias = item.alias.empty() ? std::string(word(output.function)) : item.alias;
  if (!item.field.name.empty()) {
    BALLAST_TRY(query::ColumnPath path, resolve_column(*node.relation, item.field));
    BALLAST_TRY(path.cast, type(item.cast));
    const auto kind = path.result_type().kind;
    const bool sums = output.function == query::Aggregate::sum || output.function == query::Aggregate::avg;
    if (sums && kind != catalog::Kind::integer && kind != catalog::Kind::floating && kind != catalog::Kind::numeric &&
        kind != catalog::Kind::interval && kind != catalog::Kind::other) {
      return make_error(
                 404, "42883",
                 "function " + std::string(word(output.function)) + "(" + path.result_type().name + ") does not exist")
          .with_hint(
              "No function matches the given name and argument types. You might need to add explicit type casts.");
    }
    output.column = std::move(path);
  }
  BALLAST_TRY(output.cast, type(item.aggregate_cast));
  node.read->outputs.emplace_back(std::move(output));
  return {};
}

Result<void> ReadBuilder::embed(Node& node, const SelectEmbed& item) {
  BALLAST_TRY(const catalog::Relationship* found,
              find_relationship(with_.snapshot, *node.relation, item.target, item.hint));
  query::EmbedOutput output;
  output.alias = item.alias.empty() ? item.target : item.alias;
  output.relationship = *found;
  output.join = item.join;
  output.spread = item.spread;
  output.hidden = item.items.empty();
  node.read->outputs.emplace_back(std::move(output));
  return {};
}

ReadBuilder::Node* ReadBuilder::child(Node& node, std::string_view name) const {
  for (auto& child : node.children) {
    if (child.alias == name) return &child;
  }
  // An alias does not hide the target's own name.
  if (!with_.settings.legacy_target_names) return nullptr;
  for (auto& child : node.children) {
    if (child.target == name) return &child;
  }
  return nullptr;
}

Result<ReadBuilder::Node*> ReadBuilder::at(const EmbedPath& path) {
  Node* node = &root_;
  for (const auto& name : path) {
    node = child(*node, name);
    if (node == nullptr) return not_embedded(name);
  }
  return node;
}

Result<query::OrderTerm> ReadBuilder::order_term(Node& node, const Ordering& ordering) {
  query::OrderTerm term;
  term.direction = ordering.direction;
  term.nulls = ordering.nulls;
  if (ordering.embed.empty()) {
    BALLAST_TRY(term.column, resolve_column(*node.relation, ordering.field));
    return term;
  }
  Node* embed = child(node, ordering.embed);
  if (embed == nullptr) return not_embedded(ordering.embed);
  if (!embed->relationship->to_one()) {
    return make_error(400, "PGRST118", "A related order on '" + ordering.embed + "' is not possible")
        .with_details("'" + node.relation->name + "' and '" + ordering.embed +
                      "' do not form a many-to-one or one-to-one relationship");
  }
  term.embed = std::string(embed->alias);
  // What the embed selects under that name comes before its columns.
  for (const auto& output : embed->read->outputs) {
    const auto* column = std::get_if<query::ColumnOutput>(&output);
    if (column == nullptr || column->alias != ordering.field.name || !ordering.field.path.empty()) continue;
    term.column = column->column;
    return term;
  }
  BALLAST_TRY(term.column, resolve_column(*embed->relation, ordering.field));
  return term;
}

Result<void> ReadBuilder::orders() {
  for (const auto& order : parameters_.orders) {
    BALLAST_TRY(Node * node, at(order.path));
    for (const auto& ordering : order.value) {
      BALLAST_TRY(query::OrderTerm term, order_term(*node, ordering));
      node->read->order.push_back(std::move(term));
    }
  }
  return {};
}

Result<void> ReadBuilder::pages() {
  for (const auto& limit : parameters_.limits) {
    if (limit.path.empty()) continue;
    BALLAST_TRY(Node * node, at(limit.path));
    node->read->limit = limit.value;
  }
  for (const auto& offset : parameters_.offsets) {
    if (offset.path.empty()) continue;
    BALLAST_TRY(Node * node, at(offset.path));
    node->read->offset = offset.value;
  }
  if (with_.settings.max_rows == 0) return {};
  const auto cap = [this](const auto& self, Node& node) -> void {
    for (auto& child : node.children) {
      if (!child.relationship->to_one()) {
        child.read->limit = std::min(child.read->limit.value_or(with_.settings.max_rows), with_.settings.max_rows);
      }
      self(self, child);
    }
  };
  cap(cap, root_);
  return {};
}

Result<query::Predicate> ReadBuilder::filter(Node& node, const Filter& filter) {
  const auto* test = std::get_if<query::Is>(&filter.condition.operation);
  if (test != nullptr && (*test == query::Is::null || *test == query::Is::not_null) && filter.field.path.empty()) {
    if (const Node* embed = child(node, filter.field.name)) {
      query::Predicate exists{query::EmbedExists{std::string(embed->alias)}};
      if ((*test == query::Is::not_null) != filter.condition.negated) return exists;
      return query::Predicate{query::Not{Box<query::Predicate>(std::move(exists))}};
    }
  }
  BALLAST_TRY(query::ColumnPath column, resolve_column(*node.relation, filter.field));
  return resolve_condition(std::move(column), filter.condition);
}

Result<query::Predicate> ReadBuilder::logic(Node& node, const Logic& logic) {
  if (const auto* single = std::get_if<Filter>(&logic.node)) return filter(node, *single);
  const auto& group = std::get<Logic::Group>(logic.node);
  std::vector<query::Predicate> members;
  members.reserve(group.members.size());
  for (const auto& member : group.members) {
    BALLAST_TRY(query::Predicate next, this->logic(node, member));
    members.push_back(std::move(next));
  }
  query::Predicate all;
  if (group.any)
    all.node = query::Or{std::move(members)};
  else
    all.node = query::And{std::move(members)};
  if (!group.negated) return all;
  return query::Predicate{query::Not{Box<query::Predicate>(std::move(all))}};
}

Result<void> ReadBuilder::conditions(query::Predicate& root_where) {
  root_where.node = query::And{};
  const auto where_of = [&](Node& node) -> query::Predicate& {
    return &node == &root_ ? root_where : node.read->where;
  };
  for (const auto& found : parameters_.filters) {
    BALLAST_TRY(Node * node, at(found.path));
    BALLAST_TRY(query::Predicate condition, filter(*node, found.value));
    require(where_of(*node), std::move(condition));
  }
  for (const auto& found : parameters_.logic) {
    BALLAST_TRY(Node * node, at(found.path));
    BALLAST_TRY(query::Predicate condition, logic(*node, found.value));
    require(where_of(*node), std::move(condition));
  }
  return {};
}

}  // namespace ballast::rest
