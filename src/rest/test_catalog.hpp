#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catalog/snapshot.hpp"

/// A small database for tests: clients ⟵ projects ⟵ tasks ⟷ users (through users_tasks), orders with two addresses,
/// people who have a manager, and a view.
namespace ballast::rest::testing {

inline catalog::Column column(std::string name, std::string type, bool nullable = true) {
  catalog::Column made;
  made.name = std::move(name);
  made.type = catalog::type_named(type);
  made.nullable = nullable;
  return made;
}

inline catalog::Relation table(std::string name, std::vector<catalog::Column> columns, std::vector<std::string> key) {
  catalog::Relation made;
  made.schema = "public";
  made.name = std::move(name);
  made.columns = std::move(columns);
  made.primary_key = key;
  if (!key.empty()) made.unique_keys.push_back({made.name + "_pkey", std::move(key), true});
  return made;
}

inline void references(catalog::Relation& from, std::string column, std::string target) {
  from.foreign_keys.push_back({from.name + "_" + column + "_fkey", "public", std::move(target), {column}, {"id"}});
}

inline catalog::SnapshotPtr snapshot(std::vector<std::string> schemas = {"public"}) {
  std::vector<catalog::Relation> relations;
  relations.push_back(table("clients", {column("id", "integer", false), column("name", "text")}, {"id"}));
  auto projects = table("projects",
                        {column("id", "integer", false), column("name", "text"), column("client_id", "integer"),
                         column("meta", "jsonb"), column("price", "numeric"), column("active", "boolean")},
                        {"id"});
  references(projects, "client_id", "clients");
  relations.push_back(std::move(projects));
  auto tasks =
      table("tasks", {column("id", "integer", false), column("name", "text"), column("project_id", "integer")}, {"id"});
  references(tasks, "project_id", "projects");
  relations.push_back(std::move(tasks));
  relations.push_back(table("users", {column("id", "integer", false), column("name", "text")}, {"id"}));
  auto users_tasks = table("users_tasks", {column("user_id", "integer", false), column("task_id", "integer", false)},
                           {"user_id", "task_id"});
  references(users_tasks, "user_id", "users");
  references(users_tasks, "task_id", "tasks");
  relations.push_back(std::move(users_tasks));
  relations.push_back(table("addresses", {column("id", "integer", false), column("street", "text")}, {"id"}));
  auto orders = table(
      "orders", {column("id", "integer", false), column("billing_id", "integer"), column("shipping_id", "integer")},
      {"id"});
  references(orders, "billing_id", "addresses");
  references(orders, "shipping_id", "addresses");
  relations.push_back(std::move(orders));
  auto people = table(
      "people", {column("id", "integer", false), column("manager_id", "integer"), column("age", "integer")}, {"id"});
  people.columns[2].generated = true;
  references(people, "manager_id", "people");
  relations.push_back(std::move(people));
  auto view = table("project_names", {column("name", "text"), column("total", "bigint")}, {});
  view.is_view = true;
  view.insertable = view.updatable = view.deletable = false;
  relations.push_back(std::move(view));
  return std::make_shared<const catalog::Snapshot>(std::move(relations), std::move(schemas), 1);
}

}  // namespace ballast::rest::testing
