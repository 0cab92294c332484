#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rest/test_catalog.hpp"

/// The test catalog's relations, and functions over them.
namespace ballast::rest::testing {

inline catalog::Argument argument(std::string name, std::string_view type, bool required = true) {
  catalog::Argument made;
  made.name = std::move(name);
  made.type = catalog::type_named(type);
  made.required = required;
  return made;
}

inline catalog::Function function(std::string name, std::vector<catalog::Argument> arguments,
                                  std::string_view returns) {
  catalog::Function made;
  made.schema = "public";
  made.name = std::move(name);
  made.arguments = std::move(arguments);
  made.returns = catalog::type_named(returns);
  made.volatility = catalog::Volatility::immutable;
  return made;
}

inline catalog::SnapshotPtr snapshot_with_functions() {
  const auto plain = snapshot();
  std::vector<catalog::Function> all;
  all.push_back(function("add", {argument("a", "integer"), argument("b", "integer")}, "integer"));
  all.push_back(function("add", {argument("a", "text"), argument("b", "text"), argument("c", "text")}, "text"));
  all.push_back(function("greet", {argument("name", "text"), argument("loud", "boolean", false)}, "text"));
  auto change = function("change", {argument("id", "integer")}, "integer");
  change.volatility = catalog::Volatility::volatile_;
  all.push_back(std::move(change));
  auto nothing = function("nothing", {}, "void");
  nothing.returns_void = true;
  nothing.volatility = catalog::Volatility::volatile_;
  all.push_back(std::move(nothing));
  auto projects = function("recent_projects", {argument("days", "integer", false)}, "projects");
  projects.returns_set = true;
  projects.returns_schema = "public";
  projects.returns_relation = "projects";
  projects.columns = plain->relation("public", "projects")->columns;
  all.push_back(std::move(projects));
  auto join = function("join_words", {argument("words", "text[]", false)}, "text");
  join.arguments.front().variadic = true;
  all.push_back(std::move(join));
  all.push_back(function("store", {argument("", "json")}, "integer"));
  all.push_back(function("store", {argument("", "bytea")}, "integer"));
  all.push_back(function("same", {argument("a", "integer")}, "integer"));
  all.push_back(function("same", {argument("a", "text")}, "integer"));
  auto clients_of = function("tasks_of", {argument("", "clients")}, "tasks");
  clients_of.returns_set = true;
  clients_of.of_schema = clients_of.returns_schema = "public";
  clients_of.of_relation = "clients";
  clients_of.returns_relation = "tasks";
  clients_of.columns = plain->relation("public", "tasks")->columns;
  all.push_back(std::move(clients_of));
  auto relations = plain->relations();
  for (auto& relation : relations) {
    if (relation.name == "clients") relation.computed_columns.push_back({"initials", "public", {}, {}});
  }
  return std::make_shared<const catalog::Snapshot>(std::move(relations), plain->schemas(), 1, std::move(all));
}

}  // namespace ballast::rest::testing
