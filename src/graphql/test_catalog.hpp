#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catalog/snapshot.hpp"

/// Catalogs made by hand, for tests of the schemas that come of them.
namespace ballast::graphql::testing {

inline catalog::Column column(std::string name, std::string type, bool nullable = true, std::string comment = {}) {
  catalog::Column made;
  made.name = std::move(name);
  made.type = catalog::type_named(type);
  made.nullable = nullable;
  made.comment = std::move(comment);
  return made;
}

/// `id integer primary key` that a sequence numbers.
inline catalog::Column serial() {
  catalog::Column made = column("id", "integer", false);
  made.serial = true;
  return made;
}

inline catalog::Relation table(std::string name, std::vector<catalog::Column> columns,
                               std::vector<std::string> key = {"id"}, std::string comment = {}) {
  catalog::Relation made;
  made.schema = "public";
  made.name = std::move(name);
  made.columns = std::move(columns);
  made.primary_key = key;
  made.comment = std::move(comment);
  if (!key.empty()) made.unique_keys.push_back({made.name + "_pkey", std::move(key), true});
  return made;
}

inline catalog::Relation view(std::string name, std::vector<catalog::Column> columns, std::string comment = {}) {
  catalog::Relation made = table(std::move(name), std::move(columns), {}, std::move(comment));
  made.is_view = true;
  made.kind = catalog::RelationKind::view;
  return made;
}

inline void references(catalog::Relation& from, std::string column, std::string target, std::string comment = {}) {
  from.foreign_keys.push_back(
      {from.name + "_" + column + "_fkey", "public", std::move(target), {column}, {"id"}, false, std::move(comment)});
}

inline catalog::Type enumeration(std::string name, std::vector<std::string> labels, std::string comment = {},
                                 std::string schema = "public") {
  auto structure = std::make_shared<catalog::Structure>();
  structure->enumeration = {schema, name, std::move(comment), std::move(labels)};
  catalog::Type type{catalog::Kind::other, schema + "." + name};
  type.structure = std::move(structure);
  return type;
}

inline catalog::Type array_of(catalog::Type element) {
  auto structure = std::make_shared<catalog::Structure>();
  catalog::Type type{catalog::Kind::array, element.name + "[]"};
  structure->element = std::make_shared<const catalog::Type>(std::move(element));
  type.structure = std::move(structure);
  return type;
}

inline catalog::Type domain_over(catalog::Type base) {
  auto structure = std::make_shared<catalog::Structure>();
  catalog::Type type = base;
  structure->base = std::make_shared<const catalog::Type>(std::move(base));
  type.structure = std::move(structure);
  return type;
}

inline catalog::Function function(std::string name, std::vector<catalog::Argument> arguments, std::string returns) {
  catalog::Function made;
  made.schema = "public";
  made.name = std::move(name);
  made.arguments = std::move(arguments);
  made.returns = catalog::type_named(returns);
  made.volatility = catalog::Volatility::stable;
  return made;
}

inline catalog::SnapshotPtr snapshot(std::vector<catalog::Relation> relations,
                                     std::vector<catalog::Function> functions = {},
                                     std::string schema_comment = "@graphql({\"inflect_names\": true})") {
  catalog::Extras extras;
  extras.schema_comments["public"] = std::move(schema_comment);
  return std::make_shared<const catalog::Snapshot>(std::move(relations), std::vector<std::string>{"public"}, 1,
                                                   std::move(functions), std::vector<catalog::MediaHandler>{},
                                                   std::move(extras));
}

}  // namespace ballast::graphql::testing
