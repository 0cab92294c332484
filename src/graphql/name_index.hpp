#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/schema.hpp"

namespace ballast::graphql {

/// Finds fields of types by name. A type with many fields (a root has several per table) is indexed when it is first
/// asked, so that a document of thousands of fields does not compare each with all of them.
class NameIndex {
 public:
  /// As `Schema::field`.
  const FieldDefinition* field(const Schema& schema, const TypeDefinition& type, std::string_view name) {
    if (name == schema.type_name().name && type.composite()) return &schema.type_name();
    if (const FieldDefinition* const own = find(fields_, type.fields, name)) return own;
    return name.starts_with("__") ? schema.field(type, name) : nullptr;
  }
  const InputField* input(const TypeDefinition& type, std::string_view name) {
    return find(inputs_, type.inputs, name);
  }

 private:
  static constexpr std::size_t few = 8;
  template <class T>
  using Index = std::unordered_map<const std::vector<T>*, std::unordered_map<std::string_view, const T*>>;

  template <class T>
  static const T* find(Index<T>& indexes, const std::vector<T>& all, std::string_view name) {
    if (all.size() <= few) {
      for (const T& one : all) {
        if (one.name == name) return &one;
      }
      return nullptr;
    }
    auto& index = indexes[&all];
    if (index.empty()) {
      for (const T& one : all) index.emplace(one.name, &one);
    }
    const auto found = index.find(name);
    return found == index.end() ? nullptr : found->second;
  }

  Index<FieldDefinition> fields_;
  Index<InputField> inputs_;
};

}  // namespace ballast::graphql
