#include <algorithm>
#include <set>

#include "graphql/inflection.hpp"
#include "graphql/reflector.hpp"

namespace ballast::graphql {
namespace {

using catalog::Cardinality;
using catalog::ForeignKey;
using catalog::Relation;
using catalog::Relationship;

/// What leads away from a relation: along its own keys, and against those of others.
struct Ways {
  std::vector<ReflectedRelationship> along;
  std::vector<ReflectedRelationship> against;
};

bool is_unique(const ReflectedRelation& relation, const std::vector<std::string>& columns) {
  const auto same = [&](const std::vector<std::string>& key) { return std::ranges::is_permutation(key, columns); };
  return same(relation.key) || std::ranges::any_of(relation.relation->unique_keys,
                                                   [&](const catalog::UniqueKey& key) { return same(key.columns); });
}

bool always_there(const Relation& relation, const std::vector<std::string>& columns) {
  return std::ranges::none_of(columns, [&](const std::string& name) {
    const catalog::Column* const column = relation.column(name);
    return column == nullptr || column->nullable;
  });
}

ReflectedRelationship along(const ReflectedRelation& source, const ReflectedRelation& target, const Relationship& r,
                            const std::string& name) {
  return {.relationship = &r,
          .target = &target,
          .name = name.empty() ? to_one_field_name(r.source_columns, target.type_name, source.inflect) : name,
          .description = {},
          .non_null = always_there(*source.relation, r.source_columns)};
}

ReflectedRelationship against(const ReflectedRelation& target, const Relationship& r, const std::string& name) {
  const std::string own = lower_first(target.type_name) + (r.to_one() ? "" : "Collection");
  return {.relationship = &r, .target = &target, .name = name.empty() ? own : name, .description = {}};
}

/// The key of `owner` that the relationship follows from there to `other`.
const ForeignKey* key_of(const Relation& owner, const std::vector<std::string>& columns, const Relation& other,
                         const std::vector<std::string>& referenced, const std::string& name) {
  const auto found = std::ranges::find_if(owner.foreign_keys, [&](const ForeignKey& key) {
    return !key.through_view && key.name == name && key.schema == other.schema && key.relation == other.name &&
           key.columns == columns && key.referenced_columns == referenced;
  });
  return found == owner.foreign_keys.end() ? nullptr : &*found;
}

class Relationships {
 public:
  explicit Relationships(Reflector& reflector) : reflector_(reflector) {}

  void reflect() {
    auto& relations = reflector_.result().relations;
    for (auto& relation : relations) detect(relation);
    for (auto& relation : relations) {
      for (const auto& key : relation.directive.foreign_keys) declare(relation, key);
    }
    for (auto& relation : relations) {
      std::set<std::string> names = taken(relation);
      Ways& found = ways_[&relation];
      for (auto* const all : {&found.along, &found.against}) {
        for (auto& way : *all) add(relation, std::move(way), relation.relationships, names);
      }
      // A function takes the place of a column of its field's name.
      for (const auto& column : relation.columns) names.erase(column.name);
      for (const auto& way : relation.relationships) names.insert(way.name);
      add_computed(relation, names);
    }
    for (auto& relation : relations) {
      if (relation.keyed()) reflector_.show(relation);
    }
  }

 private:
  static std::set<std::string> taken(const ReflectedRelation& relation) {
    std::set<std::string> names;
    if (relation.keyed()) names.insert("nodeId");
    for (const auto& column : relation.columns) names.insert(column.name);
    return names;
  }

  template <class Made>
  void add(const ReflectedRelation& relation, Made made, std::vector<Made>& to, std::set<std::string>& names) {
    if (is_valid_name(made.name) && names.insert(made.name).second) {
      to.push_back(std::move(made));
    } else {
      reflector_.warn("a field of " + label_of(*relation.relation) + " is left out: \"" + made.name +
                      "\" is no name that it can have");
    }
  }

  /// The foreign keys that the database has.
  void detect(ReflectedRelation& source) {
    const Relation& relation = *source.relation;
    for (const auto& r : reflector_.snapshot().relationships(relation.schema, relation.name)) {
      const ReflectedRelation* const target = reflector_.relation(r.target_schema, r.target);
      if (target == nullptr || !target->keyed() || r.computed() || r.junction) continue;
      const Relation& other = *target->relation;
      if (!reflector_.selectable(relation, r.source_columns) || !reflector_.selectable(other, r.target_columns))
        continue;
      if (const auto* key = key_of(relation, r.source_columns, other, r.target_columns, r.constraint)) {
        ways_[&source].along.push_back(along(source, *target, r, directive(relation, *key).foreign_name));
      } else if (const auto* back = key_of(other, r.target_columns, relation, r.source_columns, r.constraint)) {
        ways_[&source].against.push_back(against(*target, r, directive(other, *back).local_name));
      }
    }
  }

  CommentDirective directive(const Relation& owner, const ForeignKey& key) {
    const auto [entry, fresh] = directives_.try_emplace(&key);
    if (fresh) {
      entry->second = reflector_.directive(reflector_.settings().constraints, "constraint", owner.schema,
                                           owner.name + "." + key.name, key.comment);
    }
    return entry->second;
  }

  /// A foreign key that a directive tells of.
  void declare(ReflectedRelation& local, const DeclaredForeignKey& key) {
    ReflectedRelation* const foreign = reflector_.relation(key.foreign_schema, key.foreign_table);
    if (foreign == nullptr || !foreign->keyed() || !local.keyed()) return;
    const auto knows = [](const ReflectedRelation& relation, const std::vector<std::string>& columns) {
      return std::ranges::all_of(columns, [&](const auto& name) { return relation.relation->column(name) != nullptr; });
    };
    if (!knows(local, key.local_columns) || !knows(*foreign, key.foreign_columns)) {
      reflector_.warn("directive of table " + label_of(*local.relation) + ": foreign_keys has unknown columns");
      return;
    }
    if (!reflector_.selectable(*local.relation, key.local_columns)) return;
    if (!reflector_.selectable(*foreign->relation, key.foreign_columns)) return;
    Relationship forward;
    forward.cardinality = is_unique(local, key.local_columns) ? Cardinality::one_to_one : Cardinality::many_to_one;
    forward.source_schema = local.relation->schema;
    forward.source = local.relation->name;
    forward.target_schema = key.foreign_schema;
    forward.target = key.foreign_table;
    forward.source_columns = key.local_columns;
    forward.target_columns = key.foreign_columns;
    forward.self = &local == foreign;
    Relationship backward = forward;
    std::swap(backward.source_schema, backward.target_schema);
    std::swap(backward.source, backward.target);
    std::swap(backward.source_columns, backward.target_columns);
    if (forward.cardinality == Cardinality::many_to_one) backward.cardinality = Cardinality::one_to_many;
    auto& declared = reflector_.result().declared;
    const Relationship& there = declared.emplace_back(std::move(forward));
    const Relationship& back = declared.emplace_back(std::move(backward));
    ways_[&local].along.push_back(along(local, *foreign, there, key.foreign_name));
    ways_[foreign].against.push_back(against(local, back, key.local_name));
  }

  /// The functions over the relation's rows.
  void add_computed(ReflectedRelation& source, std::set<std::string>& names) {
    const Relation& relation = *source.relation;
    for (const auto& function : reflector_.snapshot().functions()) {
      if (function.of_schema != relation.schema || function.of_relation != relation.name) continue;
      if ((reflector_.access().on(function) & catalog::right_execute) == 0) continue;
      const CommentDirective read = reflector_.directive(reflector_.settings().functions, "function", function.schema,
                                                         function.name, function.comment);
      const std::string name = read.name.empty() ? function_field_name(function.name, source.inflect) : read.name;
      ReflectedComputed made{.name = name, .description = read.description};
      if (!function.returns_relation.empty() ? relate(relation, function, made) : compute(source, function, made)) {
        add(source, std::move(made), source.computed, names);
      }
    }
  }

  /// False when a schema cannot have what the function returns.
  bool relate(const Relation& relation, const catalog::Function& function, ReflectedComputed& made) {
    const ReflectedRelation* const target = reflector_.relation(function.returns_schema, function.returns_relation);
    if (target == nullptr || !target->readable()) return false;
    for (const auto& r : reflector_.snapshot().relationships(relation.schema, relation.name)) {
      if (r.function_schema != function.schema || r.function != function.name) continue;
      made.relationship = &r;
      made.target = target;
      return target->keyed() || r.to_one();
    }
    return false;
  }

  bool compute(const ReflectedRelation& source, const catalog::Function& function, ReflectedComputed& made) {
    for (const auto& column : source.relation->computed_columns) {
      if (column.schema != function.schema || column.name != function.name) continue;
      const auto type = reflector_.type(column.type, source.resolve_base_type);
      if (type) made.type = *type;
      made.column = &column;
      return type.has_value();
    }
    return false;
  }

  Reflector& reflector_;
  std::unordered_map<const ReflectedRelation*, Ways> ways_;
  std::unordered_map<const ForeignKey*, CommentDirective> directives_;
};

}  // namespace

void reflect_relationships(Reflector& reflector) { Relationships(reflector).reflect(); }

}  // namespace ballast::graphql
