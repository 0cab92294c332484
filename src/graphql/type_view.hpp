#pragma once

#include <optional>
#include <span>
#include <string>

#include "graphql/ast.hpp"
#include "graphql/schema.hpp"

namespace ballast::graphql {

/// A `TypeUse` seen from one of its wrappers inwards, without a copy; the use outlives it. Walking a value of a
/// wrapped type goes through one view per level.
struct TypeView {
  const TypeDefinition* named = nullptr;  ///< null: nobody knows what is expected here
  std::span<const TypeUse::Wrapper> wrappers;

  TypeView() = default;
  TypeView(const TypeUse& use) noexcept  // NOLINT(google-explicit-constructor)
      : named(use.named), wrappers(use.wrappers) {}

  bool non_null() const noexcept { return !wrappers.empty() && wrappers.front() == TypeUse::Wrapper::non_null; }
  TypeView nullable() const noexcept { return non_null() ? inner() : *this; }
  /// A list, perhaps a non-null one?
  bool list() const noexcept { return !nullable().wrappers.empty(); }
  TypeView items() const noexcept { return nullable().inner(); }  ///< requires `list()`
  std::string print() const { return TypeUse{named, {wrappers.begin(), wrappers.end()}}.print(); }

 private:
  TypeView inner() const noexcept {
    TypeView view = *this;
    view.wrappers = view.wrappers.subspan(1);
    return view;
  }
};

/// The type that a document refers to; nothing when the schema has none of its name.
std::optional<TypeUse> type_use(const Schema& schema, const TypeReference& reference);

/// May a variable of type `given` stand where `expected` is expected, defaults aside (specification section 5.8.5,
/// AreTypesCompatible; but see leniency::nullable_items)?
bool compatible(TypeView given, TypeView expected) noexcept;

}  // namespace ballast::graphql
