#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/schema.hpp"

namespace ballast::graphql {

/// The types of a schema while it is built. They keep their addresses.
class TypeSet {
 public:
  /// Requires a name that no type has yet.
  TypeDefinition& add(TypeKind kind, std::string name, std::string description = {});
  /// Requires that it is there.
  TypeDefinition& get(std::string_view name) const;
  TypeDefinition* find(std::string_view name) const;

  std::vector<std::unique_ptr<TypeDefinition>>& types() noexcept { return types_; }

 private:
  std::vector<std::unique_ptr<TypeDefinition>> types_;
  std::unordered_map<std::string_view, TypeDefinition*> by_name_;  // into the types' own names
};

TypeUse use(const TypeDefinition& type);
TypeUse non_null(TypeUse type);
TypeUse list_of(TypeUse items);

}  // namespace ballast::graphql
