#include "storage/sqlite/constraint_names.hpp"

#include <set>

#include "storage/sqlite/ddl.hpp"

namespace ballast::storage::sqlite {
namespace {

std::string joined(const std::string& table, const std::vector<std::string>& columns, std::string_view label) {
  std::string name = table;
  for (const auto& column : columns) name += '_' + column;
  return name.append(1, '_').append(label);
}

}  // namespace

void name_constraints(catalog::Relation& relation) {
  std::set<std::string> taken;
  const auto claim = [&](std::string& name, const std::vector<std::string>& columns, std::string_view label) {
    if (name.empty()) {
      const std::string wanted = joined(relation.name, columns, label);
      name = wanted;
      for (int i = 1; taken.contains(name); ++i) name = wanted + std::to_string(i);
    }
    taken.insert(name);
  };
  const auto note = [&](const auto& list) {
    for (const auto& item : list) {
      if (!item.name.empty()) taken.insert(item.name);
    }
  };
  note(relation.unique_keys);
  note(relation.foreign_keys);
  note(relation.checks);

  std::vector<std::string> columns;
  for (const auto& column : relation.columns) columns.push_back(column.name);
  for (auto& key : relation.unique_keys) {
    if (key.primary)
      claim(key.name, {}, "pkey");
    else
      claim(key.name, key.columns, "key");
  }
  for (auto& key : relation.foreign_keys) claim(key.name, key.columns, "fkey");
  for (auto& check : relation.checks) {
    auto used = columns_in(check.expression, columns);
    if (used.size() != 1) used.clear();
    claim(check.name, used, "check");
  }
}

}  // namespace ballast::storage::sqlite
