#include "graphql/type_set.hpp"

#include <utility>

#include "base/check.hpp"

namespace ballast::graphql {

TypeDefinition& TypeSet::add(TypeKind kind, std::string name, std::string description) {
  TypeDefinition& type = *types_.emplace_back(std::make_unique<TypeDefinition>());
  type.kind = kind;
  type.name = std::move(name);
  type.description = std::move(description);
  check(by_name_.emplace(type.name, &type).second, "TypeSet::add() of a name that is taken");
  return type;
}

TypeDefinition& TypeSet::get(std::string_view name) const {
  TypeDefinition* const type = find(name);
  check(type != nullptr, "TypeSet::get() of a type that is not there");
  return *type;
}

TypeDefinition* TypeSet::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

TypeUse use(const TypeDefinition& type) { return {&type, {}}; }

TypeUse non_null(TypeUse type) {
  type.wrappers.insert(type.wrappers.begin(), TypeUse::Wrapper::non_null);
  return type;
}

TypeUse list_of(TypeUse items) {
  items.wrappers.insert(items.wrappers.begin(), TypeUse::Wrapper::list);
  return items;
}

}  // namespace ballast::graphql
