#include "graphql/reading.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "graphql/filter.hpp"
#include "graphql/page.hpp"
#include "graphql/row_key.hpp"
#include "json/writer.hpp"

namespace ballast::graphql {
namespace {

std::string next_alias(const query::Read& read) { return "o" + std::to_string(read.outputs.size()); }

query::Read rows_of(const catalog::Relation& relation) {
  query::Read read;
  read.schema = relation.schema;
  read.relation = relation.name;
  return read;
}

std::string type_name_json(const TypeDefinition& type) {
  std::string json;
  json::append_string(json, type.name);
  return json;
}

/// `"key":`, with a comma before it unless it is the first.
void put_key(ListDraft& list, std::string_view key, bool first) {
  std::string text = first ? "{" : ",";
  json::append_string(text, key);
  text += ':';
  list.parts.push_back({.kind = ListPart::Kind::text, .text = std::move(text)});
}
void put(ListDraft& list, std::string text) {
  list.parts.push_back({.kind = ListPart::Kind::text, .text = std::move(text)});
}

/// Only whether there are rows matters.
query::Read any_row(const query::Read& like, query::Predicate where, const std::string& key_column,
                    const catalog::Type& type) {
  query::Read read;
  read.schema = like.schema;
  read.relation = like.relation;
  read.where = std::move(where);
  read.limit = 1;
  query::ColumnPath column;
  column.column = key_column;
  column.type = type;
  column_alias(read, std::move(column));
  return read;
}

FaceDraft constant_face(std::string json) {
  FaceDraft face;
  face.bare = true;
  face.members.push_back({"", Same{std::move(json)}});
  return face;
}

query::Aggregate aggregate_of(Meaning meaning) {
  switch (meaning) {
    case Meaning::sum:
      return query::Aggregate::sum;
    case Meaning::avg:
      return query::Aggregate::avg;
    case Meaning::min:
      return query::Aggregate::min;
    case Meaning::max:
      return query::Aggregate::max;
    default:
      return query::Aggregate::count;
  }
}

std::string aggregate_alias(query::Read& read, query::Aggregate function, std::optional<query::ColumnPath> column) {
  for (const auto& output : read.outputs) {
    const auto* known = std::get_if<query::AggregateOutput>(&output);
    if (known != nullptr && known->function == function && known->column == column) return known->alias;
  }
  std::string alias = next_alias(read);
  read.outputs.emplace_back(query::AggregateOutput{alias, function, std::move(column), std::nullopt});
  return alias;
}

}  // namespace

/// Where a connection's reads go: roots of a tree, or embeds of the row above.
struct Reader::Source {
  std::function<ReadName(query::Read)> add;
};

std::string column_alias(query::Read& read, query::ColumnPath column) {
  for (const auto& output : read.outputs) {
    const auto* known = std::get_if<query::ColumnOutput>(&output);
    if (known != nullptr && known->column == column) return known->alias;
  }
  std::string alias = next_alias(read);
  read.outputs.emplace_back(query::ColumnOutput{alias, std::move(column)});
  return alias;
}

Result<Reading> Reader::collection(const CollectedField& field, const catalog::Relation& relation) {
  Reading reading;
  Source source{[&](query::Read read) {
    reading.tree.reads.push_back(std::move(read));
    return ReadName{"", reading.tree.reads.size() - 1};
  }};
  BALLAST_TRY(reading.value, connection(field, relation, source));
  return reading;
}

Result<Reading> Reader::row(const CollectedField& field, const catalog::Relation& relation, query::Predicate where) {
  Reading reading;
  query::Read read = rows_of(relation);
  read.where = std::move(where);
  read.limit = 1;
  RowsDraft rows;
  BALLAST_TRY(FaceDraft shown, face(field, *schema_.object_of(relation), read));
  rows.faces.push_back(std::move(shown));
  reading.tree.reads.push_back(std::move(read));
  reading.value.rows.push_back(std::move(rows));
  reading.value.parts.push_back({.kind = ListPart::Kind::first, .text = "null"});
  return reading;
}

Result<FaceDraft> Reader::face(const CollectedField& field, const TypeDefinition& type, query::Read& read) {
  FaceDraft made;
  for (const CollectedField& selected : collector_.of(field, type)) {
    BALLAST_CHECKED(member(selected, type, read, made));
  }
  return made;
}

FaceDraft Reader::scalar(const CollectedField& field, const std::string& alias) {
  FaceDraft face;
  face.bare = true;
  face.members.push_back({"", Leaf{alias, field.definition->type}});
  return face;
}

Result<void> Reader::member(const CollectedField& field, const TypeDefinition& type, query::Read& read,
                            FaceDraft& face) {
  const Binding& binding = field.definition->binding;
  MemberDraft made{std::string(field.key), Same{"null"}};
  switch (binding.meaning) {
    case Meaning::type_name:
      made.value = Same{type_name_json(type)};
      break;
    case Meaning::node_id: {
      Key key{node_id_prefix(binding.relation->schema, binding.relation->name), {}};
      for (const std::string& name : schema_.collection(*binding.relation).key) {
        if (const catalog::Column* column = binding.relation->column(name)) {
          key.aliases.push_back(column_alias(read, path_of(*column)));
        }
      }
      made.value = std::move(key);
      break;
    }
    case Meaning::column:
      made.value = Leaf{column_alias(read, path_of(*binding.column)), field.definition->type};
      break;
    case Meaning::row_version:
      made.value = Leaf{column_alias(read, query::row_version()), field.definition->type};
      break;
    case Meaning::computed_column: {
      query::ColumnPath path;
      path.column = binding.computed->name;
      path.type = binding.computed->type;
      path.function_schema = binding.computed->schema;
      made.value = Leaf{column_alias(read, std::move(path)), field.definition->type};
      break;
    }
    case Meaning::relationship:
      return related(field, read, face);
    default:
      break;
  }
  face.members.push_back(std::move(made));
  return {};
}

Result<void> Reader::related(const CollectedField& field, query::Read& read, FaceDraft& face) {
  if (++relationships_ > settings_.max_relationships) {
    return make_error(
        400, "BLST422",
        "the operation follows more than " + std::to_string(settings_.max_relationships) + " relationships");
  }
  const catalog::Relationship& relationship = *field.definition->binding.relationship;
  const catalog::Relation& target = *field.definition->binding.relation;
  const auto embed = [&](query::Read child) {
    query::EmbedOutput made;
    made.alias = next_alias(read);
    made.relationship = relationship;
    made.child = std::move(child);
    std::string alias = made.alias;
    read.outputs.emplace_back(std::move(made));
    return alias;
  };
  if (relationship.to_one()) {
    query::Read child = rows_of(target);
    BALLAST_TRY(FaceDraft shown, this->face(field, *schema_.object_of(target), child));
    face.members.push_back({std::string(field.key), Inner{embed(std::move(child)), std::move(shown)}});
    return {};
  }
  Source source{[&](query::Read child) { return ReadName{embed(std::move(child)), 0}; }};
  BALLAST_TRY(ListDraft list, connection(field, target, source));
  face.members.push_back({std::string(field.key), Below{face.lists.size()}});
  face.lists.push_back(std::move(list));
  return {};
}

Result<ListDraft> Reader::connection(const CollectedField& field, const catalog::Relation& relation, Source& source) {
  BALLAST_TRY(const Page page, to_page(field, relation, schema_, settings_.max_rows));
  query::Predicate filter{query::And{}};
  for (const auto& argument : field.arguments) {
    if (argument.definition->binding.meaning != Meaning::filter) continue;
    filter = to_predicate(argument.value, *argument.definition->type.named, schema_, slots_);
  }
  query::Read rows = rows_of(relation);
  rows.where = both(filter, page.beyond);
  rows.order = page.order;
  rows.offset = page.offset;
  query::Read totals = rows_of(relation);
  totals.where = filter;

  ListDraft list;
  constexpr std::size_t page_rows = 0;
  constexpr std::size_t total_rows = 1;
  constexpr std::size_t skipped_rows = 2;
  list.rows.resize(3);
  bool pages = false;
  bool more = false;
  bool skips = false;
  bool first = true;
  const TypeDefinition& type = *field.definition->type.named;
  for (const CollectedField& selected : collector_.of(field, type)) {
    put_key(list, selected.key, first);
    first = false;
    switch (selected.definition->binding.meaning) {
      case Meaning::type_name:
        put(list, type_name_json(type));
        break;
      case Meaning::edges: {
        pages = true;
        BALLAST_TRY(FaceDraft edge_face, edge(selected, page.order, rows));
        list.rows[page_rows].faces.push_back(std::move(edge_face));
        put(list, "[");
        list.parts.push_back({.kind = ListPart::Kind::rows,
                              .rows = page_rows,
                              .face = list.rows[page_rows].faces.size() - 1,
                              .reversed = page.reversed,
                              .limit = page.limit});
        put(list, "]");
        break;
      }
      case Meaning::page_info: {
        bool first_fact = true;
        const TypeDefinition& facts = *selected.definition->type.named;
        for (const CollectedField& fact : collector_.of(selected, facts)) {
          put_key(list, fact.key, first_fact);
          first_fact = false;
          const Meaning meaning = fact.definition->binding.meaning;
          if (meaning == Meaning::type_name) {
            put(list, type_name_json(facts));
            continue;
          }
          if (meaning == Meaning::start_cursor || meaning == Meaning::end_cursor) {
            pages = true;
            FaceDraft cursor;
            cursor.bare = true;
            Key key;
            for (const auto& term : page.order) key.aliases.push_back(column_alias(rows, term.column));
            cursor.members.push_back({"", std::move(key)});
            list.rows[page_rows].faces.push_back(std::move(cursor));
            const bool last = (meaning == Meaning::end_cursor) != page.reversed;
            list.parts.push_back({.kind = last ? ListPart::Kind::last : ListPart::Kind::first,
                                  .text = "null",
                                  .rows = page_rows,
                                  .face = list.rows[page_rows].faces.size() - 1,
                                  .limit = page.limit});
            continue;
          }
          if ((meaning == Meaning::has_next_page) != page.reversed) {
            pages = true;
            more = true;
            list.parts.push_back({.kind = ListPart::Kind::more, .rows = page_rows, .limit = page.limit});
          } else if (page.skipped) {
            skips = true;
            list.parts.push_back({.kind = ListPart::Kind::first, .text = "false", .rows = skipped_rows});
          } else {
            put(list, "false");
          }
        }
        put(list, first_fact ? "{}" : "}");
        break;
      }
      case Meaning::total_count:
      case Meaning::aggregate: {
        BALLAST_TRY(FaceDraft made, aggregate(selected, totals));
        list.rows[total_rows].faces.push_back(std::move(made));
        list.parts.push_back({.kind = ListPart::Kind::first,
                              .text = "null",
                              .rows = total_rows,
                              .face = list.rows[total_rows].faces.size() - 1});
        break;
      }
      default:
        put(list, "null");
    }
  }
  put(list, first ? "{}" : "}");

  const auto& key = schema_.collection(relation).key;
  const catalog::Column* key_column = key.empty() ? &relation.columns.front() : relation.column(key.front());
  if (pages) {
    rows.limit = page.limit + (more ? 1 : 0);
    if (rows.outputs.empty()) column_alias(rows, path_of(*key_column));
    list.rows[page_rows].read = source.add(rows);
  }
  if (!totals.outputs.empty()) list.rows[total_rows].read = source.add(std::move(totals));
  if (skips) {
    list.rows[skipped_rows].faces.push_back(constant_face("true"));
    list.rows[skipped_rows].read =
        source.add(any_row(rows, both(filter, *page.skipped), key_column->name, key_column->type));
  }
  return list;
}

Result<FaceDraft> Reader::edge(const CollectedField& field, const std::vector<query::OrderTerm>& order,
                               query::Read& read) {
  FaceDraft edge;
  const TypeDefinition& type = *field.definition->type.named;
  for (const CollectedField& selected : collector_.of(field, type)) {
    const std::string key(selected.key);
    switch (selected.definition->binding.meaning) {
      case Meaning::edge_cursor: {
        Key cursor;
        for (const auto& term : order) cursor.aliases.push_back(column_alias(read, term.column));
        edge.members.push_back({key, std::move(cursor)});
        break;
      }
      case Meaning::edge_node: {
        BALLAST_TRY(FaceDraft node, face(selected, *selected.definition->type.named, read));
        edge.members.push_back({key, Inner{"", std::move(node)}});
        break;
      }
      default:
        edge.members.push_back({key, Same{type_name_json(type)}});
    }
  }
  return edge;
}

Result<FaceDraft> Reader::aggregate(const CollectedField& field, query::Read& totals) {
  FaceDraft face;
  if (field.definition->binding.meaning == Meaning::total_count) {
    face.bare = true;
    face.members.push_back(
        {"", Leaf{aggregate_alias(totals, query::Aggregate::count, std::nullopt), field.definition->type}});
    return face;
  }
  const TypeDefinition& type = *field.definition->type.named;
  for (const CollectedField& selected : collector_.of(field, type)) {
    const std::string key(selected.key);
    const Meaning meaning = selected.definition->binding.meaning;
    if (meaning == Meaning::type_name) {
      face.members.push_back({key, Same{type_name_json(type)}});
    } else if (meaning == Meaning::count) {
      face.members.push_back(
          {key, Leaf{aggregate_alias(totals, query::Aggregate::count, std::nullopt), selected.definition->type}});
    } else {
      FaceDraft columns;
      const TypeDefinition& results = *selected.definition->type.named;
      for (const CollectedField& column : collector_.of(selected, results)) {
        if (column.definition->binding.meaning == Meaning::type_name) {
          columns.members.push_back({std::string(column.key), Same{type_name_json(results)}});
          continue;
        }
        std::string alias = aggregate_alias(totals, aggregate_of(meaning), path_of(*column.definition->binding.column));
        columns.members.push_back({std::string(column.key), Leaf{std::move(alias), column.definition->type}});
      }
      face.members.push_back({key, Inner{"", std::move(columns)}});
    }
  }
  // A total without a count would be no row at all on some engines; it costs nothing beside the others.
  if (totals.outputs.empty()) aggregate_alias(totals, query::Aggregate::count, std::nullopt);
  return face;
}

}  // namespace ballast::graphql
