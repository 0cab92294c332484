#include "catalog/snapshot.hpp"

#include <algorithm>
#include <atomic>
#include <set>

namespace ballast::catalog {
namespace {

std::string key_of(std::string_view schema, std::string_view name) {
  std::string key;
  key.reserve(schema.size() + 1 + name.size());
  key.append(schema).push_back('\0');
  key.append(name);
  return key;
}

bool is_unique(const Relation& relation, const std::vector<std::string>& columns) {
  const std::set<std::string> wanted(columns.begin(), columns.end());
  return std::any_of(relation.unique_keys.begin(), relation.unique_keys.end(), [&](const UniqueKey& key) {
    return std::set<std::string>(key.columns.begin(), key.columns.end()) == wanted;
  });
}

Relationship reversed(const Relationship& from) {
  Relationship to = from;
  std::swap(to.source_schema, to.target_schema);
  std::swap(to.source, to.target);
  std::swap(to.source_columns, to.target_columns);
  if (from.cardinality == Cardinality::many_to_one) to.cardinality = Cardinality::one_to_many;
  return to;
}

/// What `relation`'s foreign key says: many-to-one, or one-to-one when its columns are a unique key.
Relationship along(const Relation& relation, const ForeignKey& key) {
  Relationship r;
  r.cardinality = is_unique(relation, key.columns) ? Cardinality::one_to_one : Cardinality::many_to_one;
  r.source_schema = relation.schema;
  r.source = relation.name;
  r.target_schema = key.schema;
  r.target = key.relation;
  r.constraint = key.name;
  r.source_columns = key.columns;
  r.target_columns = key.referenced_columns;
  r.self = relation.schema == key.schema && relation.name == key.relation;
  return r;
}

/// A junction is a table whose primary key contains the columns of two foreign keys, neither of which is unique by
/// itself. One key that leads to a table and to its views does not join them.
bool joins(const Relation& relation, const ForeignKey& a, const ForeignKey& b) {
  if ((a.through_view || b.through_view) && a.name == b.name) return false;
  const auto in_primary_key = [&](const std::string& column) {
    return std::find(relation.primary_key.begin(), relation.primary_key.end(), column) != relation.primary_key.end();
  };
  return std::all_of(a.columns.begin(), a.columns.end(), in_primary_key) &&
         std::all_of(b.columns.begin(), b.columns.end(), in_primary_key) && !is_unique(relation, a.columns) &&
         !is_unique(relation, b.columns);
}

Relationship through(const Relation& junction, const ForeignKey& source, const ForeignKey& target) {
  Relationship r;
  r.cardinality = Cardinality::many_to_many;
  r.source_schema = source.schema;
  r.source = source.relation;
  r.target_schema = target.schema;
  r.target = target.relation;
  r.source_columns = source.referenced_columns;
  r.target_columns = target.referenced_columns;
  r.junction = Junction{junction.schema, junction.name, source.name, target.name, source.columns, target.columns};
  r.self = source.schema == target.schema && source.relation == target.relation;
  return r;
}

Relationship computed(const Function& function) {
  Relationship r;
  r.cardinality = function.returns_set && !function.single_row ? Cardinality::one_to_many : Cardinality::many_to_one;
  r.source_schema = function.of_schema;
  r.source = function.of_relation;
  r.target_schema = function.returns_schema;
  r.target = function.returns_relation;
  r.function_schema = function.schema;
  r.function = function.name;
  r.self = r.source_schema == r.target_schema && r.source == r.target;
  return r;
}

std::atomic<std::uint64_t> generations{0};

}  // namespace

Snapshot::Snapshot(std::vector<Relation> relations, std::vector<std::string> schemas, std::int64_t version,
                   std::vector<Function> functions, std::vector<MediaHandler> media_handlers, Extras extras)
    : relations_(std::move(relations)),
      schemas_(std::move(schemas)),
      version_(version),
      generation_(generations.fetch_add(1, std::memory_order_relaxed) + 1),
      functions_(std::move(functions)),
      media_handlers_(std::move(media_handlers)),
      extras_(std::move(extras)) {
  for (std::size_t i = 0; i < relations_.size(); ++i)
    by_name_.emplace(key_of(relations_[i].schema, relations_[i].name), i);
  derive_relationships();
  index_functions();
}

void Snapshot::derive_relationships() {
  const auto add = [this](Relationship r) {
    relationships_[key_of(r.source_schema, r.source)].push_back(std::move(r));
  };
  for (const auto& relation : relations_) {
    if (relation.hidden) continue;
    for (const auto& key : relation.foreign_keys) {
      if (this->relation(key.schema, key.relation) == nullptr) continue;  // dangling, or not exposed
      Relationship forward = along(relation, key);
      Relationship backward = reversed(forward);
      add(std::move(forward));
      add(std::move(backward));
    }
  }
  for (const auto& relation : relations_) {
    if (relation.hidden) continue;
    for (const auto& source : relation.foreign_keys) {
      for (const auto& target : relation.foreign_keys) {
        if (&source == &target || !joins(relation, source, target)) continue;
        if (this->relation(source.schema, source.relation) == nullptr) continue;
        if (this->relation(target.schema, target.relation) == nullptr) continue;
        add(through(relation, source, target));
      }
    }
  }
}

void Snapshot::index_functions() {
  for (std::size_t i = 0; i < functions_.size(); ++i) {
    const Function& function = functions_[i];
    functions_by_name_[key_of(function.schema, function.name)].push_back(i);
    const bool relates = relation(function.of_schema, function.of_relation) != nullptr &&
                         relation(function.returns_schema, function.returns_relation) != nullptr;
    if (!relates) continue;
    auto& relationships = relationships_[key_of(function.of_schema, function.of_relation)];
    std::erase_if(relationships, [&](const Relationship& r) {
      return !r.computed() && r.target == function.name && r.target_schema == function.schema;
    });
    relationships.push_back(computed(function));
  }
}

const Relation* Snapshot::relation(std::string_view schema, std::string_view name) const noexcept {
  const Relation* found = with_hidden(schema, name);
  return found != nullptr && !found->hidden ? found : nullptr;
}

const Relation* Snapshot::with_hidden(std::string_view schema, std::string_view name) const noexcept {
  const auto found = by_name_.find(key_of(schema, name));
  return found == by_name_.end() ? nullptr : &relations_[found->second];
}

const std::vector<Relationship>& Snapshot::relationships(std::string_view schema,
                                                         std::string_view name) const noexcept {
  static const std::vector<Relationship> none;
  const auto found = relationships_.find(key_of(schema, name));
  return found == relationships_.end() ? none : found->second;
}

std::vector<const Function*> Snapshot::functions(std::string_view schema, std::string_view name) const {
  std::vector<const Function*> overloads;
  const auto found = functions_by_name_.find(key_of(schema, name));
  if (found == functions_by_name_.end()) return overloads;
  for (const std::size_t i : found->second) overloads.push_back(&functions_[i]);
  return overloads;
}

std::vector<std::string> Snapshot::names(std::string_view schema) const {
  std::vector<std::string> names;
  for (const auto& relation : relations_) {
    if (relation.schema == schema && !relation.hidden) names.push_back(relation.name);
  }
  return names;
}

const std::string& Snapshot::comment(const std::string& schema) const noexcept {
  static const std::string none;
  const auto found = extras_.schema_comments.find(schema);
  return found == extras_.schema_comments.end() ? none : found->second;
}

}  // namespace ballast::catalog
