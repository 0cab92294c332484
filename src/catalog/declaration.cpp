#include "catalog/declaration.hpp"

#include <algorithm>

namespace ballast::catalog {
namespace {

bool about(const std::string& name, const Relation& relation) {
  return !relation.hidden && (name == relation.name || name == relation.schema + "." + relation.name);
}

Result<void> check_version_column(const Relation& relation, const std::string& name) {
  const Column* column = relation.column(name);
  if (column == nullptr) {
    return make_error(500, "BLST_SETTING", "[tables]: \"" + relation.name + "\" has no column \"" + name + "\"")
        .with_hint("add it, say as bigint NOT NULL DEFAULT 1, or take version_column out");
  }
  if (column->type.kind == Kind::integer && !column->generated && !column->identity) return {};
  return make_error(500, "BLST_SETTING",
                    "[tables]: the version column \"" + name + "\" of \"" + relation.name +
                        "\" has to be an integer that can be written");
}

}  // namespace

Result<void> declare(std::vector<Relation>& relations, const Declarations& declarations) {
  for (const auto& [name, declared] : declarations) {
    for (Relation& relation : relations) {
      if (!about(name, relation)) continue;
      if (!declared.version_column.empty()) {
        BALLAST_CHECKED(check_version_column(relation, declared.version_column));
        relation.version_column = declared.version_column;
      }
      relation.requires_version = relation.requires_version || declared.requires_version;
    }
  }
  return {};
}

std::string undeclarable(const std::vector<Relation>& relations, const Declarations& declarations) {
  const auto missing = [&](const auto& declaration) {
    return std::ranges::none_of(relations,
                                [&](const Relation& relation) { return about(declaration.first, relation); });
  };
  const auto found = std::ranges::find_if(declarations, missing);
  return found == declarations.end() ? std::string() : found->first;
}

}  // namespace ballast::catalog
